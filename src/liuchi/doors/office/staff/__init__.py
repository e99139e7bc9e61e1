"""Pages about staff: the roll, who is lent, who holds which post, heads of units."""
