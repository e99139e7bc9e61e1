"""Pages of the officer for personal information."""
