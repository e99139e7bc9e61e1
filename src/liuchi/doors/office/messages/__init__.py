"""The section for messages: robots, templates, what was sent and what was given up."""
