"""Reads the files in which a year's holidays and make-up working days are published.

Two forms: CSV with the header date,name,kind (kind off or work), and JSON of one year
{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}.
A file is read whole or refused whole.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liuchi.ground.calendars.engine import DayKind
from liuchi.ground.kernel.errors import RuleBroken

CSV_HEADER = ["date", "name", "kind"]
LONGEST_NAME = 60
MOST_PROBLEMS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class NamedDay:
    """One day that a notice names: a holiday or a make-up working day."""

    on: date
    name: str
    kind: DayKind


@dataclass(frozen=True, slots=True)
class HolidaysFile:
    """What one file says: its days in order of date, and the years whose notice it carries whole."""

    days: tuple[NamedDay, ...]
    years: frozenset[int]


class HolidaysFileRefused(RuleBroken):
    """A file that is no list of holidays; `problems` holds one (line or entry number, what is wrong) per finding."""

    code = "holidays_file_refused"

    def __init__(self, problems: list[tuple[int, str]], *, is_entry: bool = False) -> None:
        self.problems = problems
        place = _("entry %(number)d: %(problem)s") if is_entry else _("line %(number)d: %(problem)s")
        shown = [place % {"number": number, "problem": text} for number, text in problems[:MOST_PROBLEMS_SHOWN]]
        if len(problems) > MOST_PROBLEMS_SHOWN:
            shown.append(_("... and %(count)d more") % {"count": len(problems) - MOST_PROBLEMS_SHOWN})
        super().__init__("\n".join([_("Nothing was imported."), *shown]), field="file")


def read_holidays(content: bytes) -> HolidaysFile:
    """Return the days of a CSV or JSON file; the form is told by its first character.

    Text is UTF-8, or GB 18030 as spreadsheets here often save it.
    Raises HolidaysFileRefused naming every bad line and what is expected there.
    """
    text = _decoded(content)
    return _read_json(text) if text.lstrip().startswith(("{", "[")) else _read_csv(text)


def years_carried(days: Iterable[NamedDay]) -> frozenset[int]:
    """Return the years whose notice the days carry whole.

    A year's notice may also move days of the December before, or of the January after; a year counts only when a
    holiday between February and November is named, and every notice names several.
    """
    return frozenset(day.on.year for day in days if day.kind is DayKind.OFF and 2 <= day.on.month <= 11)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise HolidaysFileRefused([(1, _("the text is neither UTF-8 nor GB 18030"))]) from error


def _read_csv(text: str) -> HolidaysFile:
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip().lower() for cell in next(reader, [])]
    if header != CSV_HEADER:
        raise HolidaysFileRefused([(1, _("expected the header %(header)s") % {"header": ",".join(CSV_HEADER)})])
    days = _checked((reader.line_num, row) for row in reader if any(row))
    return HolidaysFile(days, years_carried(days))


def _read_json(text: str) -> HolidaysFile:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise HolidaysFileRefused([(error.lineno, _("not JSON: %(fault)s") % {"fault": error.msg})]) from error
    year, entries = _year_and_entries(document)
    days = _checked(((number, _cells(entry)) for number, entry in enumerate(entries, start=1)), is_entry=True)
    strangers = [day.on.isoformat() for day in days if abs(day.on.year - year) > 1]
    if strangers:
        problem = _("days far from the year %(year)d: %(days)s") % {"year": year, "days": ", ".join(strangers)}
        raise HolidaysFileRefused([(1, problem)])
    return HolidaysFile(days, frozenset({year}))


def _year_and_entries(document: object) -> tuple[int, list[object]]:
    if isinstance(document, dict):
        year, entries = document.get("year"), document.get("days")
        if isinstance(year, int) and isinstance(entries, list) and entries:
            return year, entries
    raise HolidaysFileRefused([(1, _('expected {"year": 2027, "days": [{"name", "date", "isOffDay"}, ...]}'))])


def _cells(entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return []
    is_off = entry.get("isOffDay")
    kind = (DayKind.OFF if is_off else DayKind.WORK) if isinstance(is_off, bool) else repr(is_off)
    return [str(entry.get("date", "")), str(entry.get("name", "")), kind]


def _checked(rows: Iterable[tuple[int, list[str]]], *, is_entry: bool = False) -> tuple[NamedDay, ...]:
    days: dict[date, NamedDay] = {}
    problems: list[tuple[int, str]] = []
    for number, cells in rows:
        found = list(_problems(cells))
        if not found:
            day = NamedDay(date.fromisoformat(cells[0].strip()), cells[1].strip(), DayKind(cells[2].strip().lower()))
            if day.on in days:
                found.append(_("%(date)s is named twice") % {"date": day.on})
            days[day.on] = day
        problems.extend((number, text) for text in found)
    if not days and not problems:
        problems.append((1, _("the file names no day")))
    if problems:
        raise HolidaysFileRefused(problems, is_entry=is_entry)
    return tuple(days[on] for on in sorted(days))


def _problems(cells: list[str]) -> Iterator[str]:
    if len(cells) != len(CSV_HEADER):
        yield _("expected three values (date, name, kind), found %(count)d") % {"count": len(cells)}
        return
    written, name, kind = (cell.strip() for cell in cells)
    if not _is_date(written):
        yield _("“%(text)s” is no date; expected a day such as 2027-01-01") % {"text": written}
    if not 0 < len(name) <= LONGEST_NAME:
        yield _("expected the holiday's name, at most %(most)d characters") % {"most": LONGEST_NAME}
    if kind.lower() not in [str(known) for known in DayKind]:
        yield _("“%(text)s” is no kind of day; expected off (holiday) or work (make-up working day)") % {"text": kind}


def _is_date(written: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
