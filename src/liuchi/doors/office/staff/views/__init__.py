"""Views of the staff section."""
