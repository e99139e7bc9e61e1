"""The bench: what the product does, beside the bare limit of the same run."""
