"""Cases: from a report through the seven stages to its rating."""
