"""Reading files that came from anywhere, in a process of its own that knows nothing of the house."""
