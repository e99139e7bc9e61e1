"""The door for other cities' apps: Open311 GeoReport v2, in XML and JSON."""
