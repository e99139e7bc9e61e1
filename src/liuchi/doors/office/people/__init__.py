"""The section of the workbench for people: finding, registering, correcting, joining, caring, consenting."""
