"""Everything that changes supervisions."""
