"""Photos and files: sniffed, stripped, scanned, stored, shown to whom may see their case."""
