"""Who may do what, where: accounts, roles, grants."""
