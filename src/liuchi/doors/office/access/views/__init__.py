"""Views of the section for access."""
