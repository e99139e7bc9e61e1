"""Replaying what was recorded: scripts of moves, and what interprets them."""
