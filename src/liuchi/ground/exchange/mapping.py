"""How a file's columns are to be understood: which heading is which column, dates in another order, words for codes."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from liuchi.ground.exchange.columns import LANGUAGES, Column, narrow
from liuchi.ground.exchange.registers import Register
from liuchi.ground.kernel.errors import RuleBroken

#: The columns that our own files of refused rows add; whoever sends such a file again need not map them.
REASON, ROW_NUMBER = "错误原因", "原行号"
OUR_HEADINGS: Final = frozenset({REASON, ROW_NUMBER, "Reason", "Row"})
_NOISE: Final = re.compile(r"[\s*＊:：_\-]|[(（\[【][^)）\]】]*[)）\]】]")
#: In how many of the first rows the headings are looked for.
LOOKED_AT: Final = 12


class MappingRefused(RuleBroken):
    """The mapping does not fit the register or the file."""

    code = "mapping_refused"


@dataclass(frozen=True)
class Taken:
    """Where a column's value comes from: a heading of the file (or its place, counted from 1), or a constant.

    `values` translates what the file writes into what the register knows; `day` says how the file writes days, as
    strptime has it.
    """

    heading: str | int | None = None
    constant: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    day: str = ""


def read_mapping(document: Any, register: Register) -> dict[str, Taken]:
    """Return a mapping as JSON has it: {"columns": {"name": "姓名", "since": {"set": "2024-01-01"}}}.

    Raises:
        MappingRefused: another shape, or a column the register does not have.
    """
    columns = document.get("columns") if isinstance(document, Mapping) else None
    if not isinstance(columns, Mapping):
        raise MappingRefused(_("A mapping is JSON: {“columns”: {column: heading}}."), field="mapping")
    known = {column.key for column in register.columns}
    unknown = sorted(set(columns) - known)
    if unknown:
        facts = {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}
        raise MappingRefused(_("There is no column %(unknown)s; there are: %(known)s.") % facts, field="mapping")
    return {key: _taken(value, key) for key, value in columns.items() if value not in (None, "")}


def _taken(value: Any, key: str) -> Taken:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return Taken(heading=value)
    if isinstance(value, Mapping) and set(value) <= {"from", "set", "values", "day"}:
        heading, constant, values = value.get("from"), value.get("set"), value.get("values", {})
        fits = isinstance(heading, (str, int)) != isinstance(constant, str)
        if fits and isinstance(values, Mapping):
            words = {bare_name(str(word)): str(code) for word, code in values.items()}
            return Taken(heading, constant, words, str(value.get("day", "")))
    said = _("%(column)s: expected a heading, its place, or {“from”, “values”, “day”} or {“set”}.") % {"column": key}
    raise MappingRefused(said, field="mapping")


def write_mapping(mapping: Mapping[str, Taken]) -> dict[str, Any]:
    """Return a mapping as JSON; `read_mapping` reads it again."""
    return {"columns": {key: _written(taken) for key, taken in mapping.items()}}


def _written(taken: Taken) -> Any:
    if taken.constant is not None:
        return {"set": taken.constant}
    if not taken.values and not taken.day:
        return taken.heading
    more = {"values": dict(taken.values)} if taken.values else {}
    return {"from": taken.heading, **more, **({"day": taken.day} if taken.day else {})}


def guess_mapping(register: Register, headings: Sequence[str], *, is_headless: bool = False) -> dict[str, Taken]:
    """Return what can be told from the headings: each column takes the first heading that is one of its names.

    Of a file without headings (`is_headless`) the places tell, where the register has a custom about them.
    """
    places = _places(headings)
    found: dict[str, Taken] = {}
    if is_headless:
        found = {key: Taken(heading=place) for place, key in enumerate(register.places, start=1)}
    used: set[int] = set()
    for column in register.columns:
        at = next((places[name] for name in _names(column) if places.get(name, -1) not in {-1, *used}), None)
        if at is not None and not column.is_once and not is_headless:
            used.add(at)
            found[column.key] = Taken(heading=headings[at])
        elif column.is_once and column.default:
            found[column.key] = Taken(constant=column.default)
    return found


def find_headings(register: Register, rows: Sequence[Sequence[Any]]) -> int | None:
    """Return the place of the row that holds most of the register's headings; None where no row holds two of them."""
    names = {name for column in register.columns for name in _names(column)}
    scores = [len({bare_name(str(cell)) for cell in row if cell} & names) for row in rows[:LOOKED_AT]]
    best = max(scores, default=0)
    least = min(2, len([column for column in register.columns if not column.is_once]))
    return scores.index(best) if best >= least else None


def headings_from(cells: Iterable[Any]) -> list[str]:
    """Return the texts of a row of headings; one that stands twice gets its count, an empty one its place."""
    seen: dict[str, int] = {}
    found = []
    for place, cell in enumerate(cells, start=1):
        text = " ".join(str(cell).split()) if cell not in (None, "") else _("column %(place)d") % {"place": place}
        seen[text] = seen.get(text, 0) + 1
        found.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return found


def place_of(taken: Taken, headings: Sequence[str]) -> int | None:
    """Return the place (from 0) of the column of the file that a mapping names; None where the file has none."""
    if isinstance(taken.heading, int):
        return taken.heading - 1 if 0 < taken.heading <= len(headings) else None
    if taken.heading is None:
        return None
    if taken.heading in headings:
        return headings.index(taken.heading)
    return _places(headings).get(bare_name(taken.heading))


def refuse_incomplete(register: Register, mapping: Mapping[str, Taken], headings: Sequence[str]) -> None:
    """Refuse a mapping that leaves out what every row needs, or names headings that the file does not have.

    Raises:
        MappingRefused: naming the columns.
    """
    lost = [str(taken.heading) for taken in mapping.values() if taken.constant is None and _is_lost(taken, headings)]
    if lost:
        said = _("The file has no heading %(lost)s; it has: %(known)s.")
        raise MappingRefused(said % {"lost": "、".join(lost), "known": "、".join(headings)}, field="mapping")
    missing = [
        str(column.label)
        for column in register.columns
        if column.is_required and not column.default and column.key not in mapping
    ]
    if missing:
        raise MappingRefused(_("Still needed: %(columns)s.") % {"columns": "、".join(missing)}, field="mapping")


def _is_lost(taken: Taken, headings: Sequence[str]) -> bool:
    return place_of(taken, headings) is None


def fingerprint(register: Register, headings: Sequence[str]) -> str:
    """Return the hash under which a mapping for files with these headings is saved."""
    names = [name for name in map(bare_name, headings) if name not in {bare_name(each) for each in OUR_HEADINGS}]
    return hashlib.sha256(json.dumps([register.code, names], ensure_ascii=False).encode()).hexdigest()


def names_of(register: Register) -> list[str]:
    """Return every heading that the columns of a register go by."""
    return sorted({name for column in register.columns for name in _names(column)})


def is_ours(heading: str) -> bool:
    """Tell whether a heading is one that our files of refused rows add."""
    return heading in OUR_HEADINGS


def _places(headings: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        places.setdefault(bare_name(heading), at)
    return places


def _names(column: Column) -> Sequence[str]:
    return _all_names(column.key, column.label, column.aliases)


@lru_cache(maxsize=2048)
def _all_names(key: str, label: Any, aliases: tuple[str, ...]) -> Sequence[str]:
    """Return every name of a column, in every language, the surest first."""
    names = [key]
    for language in LANGUAGES:
        with translation.override(language):
            names.append(str(label))
    return tuple(dict.fromkeys(map(bare_name, (*names, *aliases))))


def bare_name(text: str) -> str:
    """Return a heading or word without what people put around it: blanks, stars, remarks in brackets, capitals."""
    return _NOISE.sub("", narrow(text)).lower()
