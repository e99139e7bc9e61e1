"""JSON: a list of objects, one object a line, GeoJSON, or a document in which a list stands."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final

from liuchi.ground.exchange.reading.limits import MOST_BYTES, FileRefused

#: A document that a register unfolds itself is handed on whole, up to this size.
MOST_DOCUMENT: Final = 8 * 1024 * 1024
#: From here on a number has lost digits in most programs, though not in this file.
_LONG: Final = 10**15


def read_documents(file: IO[bytes], encoding: str, rows_in: Sequence[str]) -> tuple[Iterable[Any], Any]:
    """Return the objects of a file, and the document itself where it holds none that are recognised.

    `rows_in` names where a document keeps its rows, tried in order.
    """
    file.seek(0)
    first = io.TextIOWrapper(file, encoding=encoding, errors="surrogatepass")
    try:
        if _is_by_line(first):
            return _ByLine(first), None
        first.seek(0)
        document = json.loads(first.read(MOST_BYTES).removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FileRefused("json", line=getattr(error, "lineno", 0), column=getattr(error, "colno", 0)) from error
    except (RecursionError, ValueError) as error:
        raise FileRefused("json", line=0, column=0) from error
    found = _rows(document, rows_in)
    if found is None and file.seek(0, io.SEEK_END) > MOST_DOCUMENT:
        raise FileRefused("json_shape")
    return (found, None) if found is not None else ((), document)


class _ByLine:
    """The objects of a file with one a line; a line that is none comes as None."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file

    def __iter__(self) -> Iterator[Any]:
        self._file.seek(0)
        for line in self._file:
            if line.strip("\ufeff \t\r\n"):
                yield _object(line)


def headings_of(rows: Iterable[Any]) -> list[str]:
    """Return the names that the objects use, in the order in which they appear."""
    names: dict[str, None] = {}
    for row in rows:
        if isinstance(row, Mapping):
            names.update(dict.fromkeys(row))
    return list(names)


def cell_of(value: Any) -> Any:
    """Return a value of JSON as a cell: lists and objects as JSON again, long whole numbers as text."""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LONG:
        return str(value)
    return value


def _rows(document: Any, rows_in: Sequence[str]) -> list[Any] | None:
    """Return the objects of a document, or None where there is no list of them."""
    if isinstance(document, Mapping):
        if document.get("type") == "FeatureCollection" and isinstance(document.get("features"), list):
            return [_feature(each) for each in document["features"]]
        for name in rows_in:
            if isinstance(document.get(name), list):
                return list(document[name])
        return None
    if isinstance(document, list) and all(isinstance(each, Mapping) for each in document):
        return document
    return None


def _feature(feature: Any) -> Any:
    if not isinstance(feature, Mapping):
        return None
    properties = feature.get("properties")
    return {**(properties if isinstance(properties, Mapping) else {}), "geometry": feature.get("geometry")}


def _is_by_line(file: io.TextIOWrapper) -> bool:
    """Tell whether each of the first two lines is an object of its own."""
    lines = [line for line in (file.readline(1_000_000).strip("\ufeff \t\r\n") for _ in range(2)) if line]
    return len(lines) == 2 and all(isinstance(_object(line), Mapping) for line in lines)


def _object(line: str) -> Any:
    try:
        return json.loads(line.strip("\ufeff \t\r\n"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
