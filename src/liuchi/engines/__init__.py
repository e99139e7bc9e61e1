"""Engines: what the house can do, each written once and configured by schemes."""
