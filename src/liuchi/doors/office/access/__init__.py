"""Pages of the three administrators: accounts, grants, roles, keys, the read log, broken glass, explanations."""
