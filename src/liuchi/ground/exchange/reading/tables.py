"""Text tables (CSV and its kin), read so that one broken line costs one row."""

import csv
import io
from collections import Counter, deque
from collections.abc import Iterator
from typing import IO, Final

from liuchi.ground.exchange.reading.limits import LONGEST_LINE

DELIMITERS: Final = (",", "\t", ";", "|")
_LOOKED_AT: Final = 60
#: How many lines a quoted value may span, and after how many open quotes nobody looks for their end any more.
_MOST_LINES, _MOST_OPEN = 50, 2_000
Record = tuple[list[str], str]


def detect_delimiter(text: str) -> tuple[str, int, bool]:
    """Return the delimiter of the first lines, how many values a line mostly has, and whether that is sure."""
    best: tuple[float, str, int] = (0.0, ",", 1)
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for cells, _ in _first(text, delimiter) if any(cells))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        share = count / max(sum(widths.values()), 1)
        if width > 1 and (share, width) > (best[0], best[2]):
            best = (share, delimiter, width)
    return best[1], best[2], best[0] > 0.8


def _first(text: str, delimiter: str) -> Iterator[Record]:
    lines = io.StringIO(text, newline="")
    return (record for record, _ in zip(records(lines, delimiter, 0), range(_LOOKED_AT), strict=False))


def records(file: IO[str], delimiter: str, width: int) -> Iterator[Record]:
    """Yield every record as its values and a flag: empty, "quote_open", "quote_inside" or "line_too_long".

    `width` is how many values a line mostly has (0: unknown). A quote that nobody closes costs its own line only: what
    comes after is read anew.
    """
    waiting: deque[str] = deque()
    given_up = 0
    while (line := waiting.popleft() if waiting else _line(file)) != "":
        if line == _TOO_LONG:
            yield [], "line_too_long"
        elif '"' not in line:
            yield _bare(line).split(delimiter), ""
        elif line.count('"') % 2 == 0:
            yield _whole(line, delimiter)
        else:
            found = _spanning(line, file, waiting, delimiter, width) if given_up < _MOST_OPEN else None
            given_up += found is None
            yield (found, "") if found is not None else (_bare(line).replace('"', "").split(delimiter), "quote_open")


_TOO_LONG: Final = "\0too long\0"


def _line(file: IO[str]) -> str:
    """Return the next line with its end, the mark for one that is too long, or nothing at the end of the file."""
    line = file.readline(LONGEST_LINE)
    if len(line) < LONGEST_LINE or line.endswith("\n"):
        return line
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
        pass
    return _TOO_LONG


def _bare(line: str) -> str:
    return line.rstrip("\r\n")


def _whole(line: str, delimiter: str) -> Record:
    """Return the values of a line whose quotes come in pairs."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True)), ""
    except csv.Error:
        return next(csv.reader([line.replace('"', "")], delimiter=delimiter)), "quote_inside"


def _spanning(line: str, file: IO[str], waiting: deque[str], delimiter: str, width: int) -> list[str] | None:
    """Return a record that goes on over the next lines; None, with these lines put back, where its quote stays open."""
    taken, held, size = [line], list[str](), len(line)
    while len(taken) <= _MOST_LINES and size < LONGEST_LINE:
        more = waiting.popleft() if waiting else _line(file)
        if more in {"", _TOO_LONG}:
            held = [more] if more else []
            break
        taken.append(more)
        size += len(more)
        if more.count('"') % 2 == 0:
            continue
        try:
            (cells,) = csv.reader(taken, delimiter=delimiter, strict=True)
        except (csv.Error, ValueError):
            continue
        if width in {0, len(cells)}:
            return cells
    waiting.extendleft(reversed([*taken[1:], *held]))
    return None
