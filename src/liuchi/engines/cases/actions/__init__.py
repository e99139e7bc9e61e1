"""Everything that writes cases."""
