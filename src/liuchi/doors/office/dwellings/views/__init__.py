"""Pages of the register of dwellings."""
