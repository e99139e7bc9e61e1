"""People: residents and staff, where they live, which posts they hold."""
