"""The door for other systems: REST under /api/v1, described by an OpenAPI document."""
