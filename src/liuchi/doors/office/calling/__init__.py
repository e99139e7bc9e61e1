"""The section of call-backs."""
