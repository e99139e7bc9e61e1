"""The register of estates, buildings and dwellings at the desk."""
