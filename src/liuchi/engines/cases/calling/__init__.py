"""Calling people back after their case was closed: a draw that nobody chooses, calls that are counted, answers."""
