"""Pages of the section for people."""
