"""Figures kept as things happen."""
