"""The journal: an append-only, sealed record of what happened, and the reactions that read it."""
