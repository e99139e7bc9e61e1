"""What personal data exists, why, how long, and what people may ask about it."""
