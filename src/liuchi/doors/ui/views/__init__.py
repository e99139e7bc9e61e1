"""Pages that belong to no single door: sign-in, language, health, expired forms."""
