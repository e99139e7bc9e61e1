"""Names in Chinese order, without a dictionary of readings."""

LONGEST_ORDER = 160


def name_order(name: str) -> bytes:
    """Return the key by which names are sorted, byte by byte: the name in GB 18030.

    Its 3,755 commonest characters stand in the order of their reading (GB 2312-80, level 1), rarer ones by radical
    behind them, so that lists read as people expect. The key of a beginning is the beginning of the key.
    """
    return name.encode("gb18030", errors="replace")[:LONGEST_ORDER]
