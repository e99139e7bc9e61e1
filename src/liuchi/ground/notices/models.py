"""Messages to people, by channel; the inbox; the digest."""
