"""Insight: what the platform can say about what happened."""
