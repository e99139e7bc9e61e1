"""Webhooks: other systems are told that something happened, thinly, and read the rest with their key."""
