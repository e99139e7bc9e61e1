"""The demo district: a schematic 大观区 with its map, organisations, fictitious people and stories."""
