"""Reading files of statistical divisions: JSON (a district with its towns and communities) or CSV (code, name, …)."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from liuchi.ground.territory.actions.importing import NewArea, TerritoryRefused
from liuchi.ground.territory.models import AreaKind

#: The edition that the shipped file states: statistical codes cut off at the middle of 2023.
EDITION_2023 = date(2023, 7, 1)
SHIPPED_DIVISIONS = Path(__file__).parent / "data" / "daguan_divisions.json"
#: What a code of so many digits names.
KIND_BY_LENGTH: Final = {
    2: AreaKind.PROVINCE,
    4: AreaKind.CITY,
    6: AreaKind.DISTRICT,
    9: AreaKind.TOWN,
    12: AreaKind.COMMUNITY,
}
_SUFFIX = re.compile(r"(居民委员会|村民委员会|居委会|委员会)$")
_CUT_OFF = re.compile(r"cut-off (\d{4}-\d\d-\d\d)")
_LARGEST = 50_000_000


@dataclass(frozen=True)
class Divisions:
    """What a file names, province first, and the first day of its edition where the file says so."""

    areas: tuple[NewArea, ...]
    edition: date | None = None


def short_name(official: str, kind: str) -> str:
    """Return the name people use: 马山社区居民委员会 → 马山社区, 红星村民委员会 → 红星村, 安原居委会 → 安原社区."""
    stem = _SUFFIX.sub("", official)
    ending = {"社区": "社区", "村": "村"}.get(kind, "")
    return stem if not ending or stem.endswith(ending) else stem + ending


def read_divisions_file(path: Path) -> Divisions:
    """Return what a JSON or CSV file of divisions names.

    Raises:
        TerritoryRefused: when the file cannot be read; the message says what is expected.
    """
    return divisions_in(path.read_bytes(), path.name)


def divisions_in(content: bytes, name: str) -> Divisions:
    """Return what the content of a file of divisions names; `name` tells JSON from CSV, and stands in refusals.

    Raises:
        TerritoryRefused: as `read_divisions_file`.
    """
    if len(content) > _LARGEST:
        raise TerritoryRefused(_("%(file)s is too large for a list of divisions.") % {"file": name})
    text = _decoded(content, name)
    if text.lstrip().startswith(("{", "[")) or name.lower().endswith(".json"):
        return _from_json(text, name)
    return Divisions(tuple(_from_csv(text, name)))


def read_divisions(path: Path, *, managed: frozenset[str] | None = None) -> list[NewArea]:
    """Return the areas that a JSON file names, province first.

    `managed` holds the 9-digit codes of the towns the district governs through the platform; the others stay as
    statistical areas. None means all.

    Raises:
        TerritoryRefused: when the file is not of the expected shape; the message says what is missing.
    """
    try:
        return list(areas_of(json.loads(path.read_text(encoding="utf-8")), managed))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TerritoryRefused(_expected_json(path.name)) from error


def guessed_label(area: NewArea) -> str:
    """Return what an area is called here (街道, 镇, 乡, 社区, 村 …), by the file, else by its code's last part.

    Towns: 001–099 街道, 100–199 镇, 200–399 乡, 400–499 开发区, 500–599 农场; villages: 001–199 居委会, 200–399 村委会
    (statistical codes of the National Bureau of Statistics).
    """
    if area.label_kind or area.kind not in (AreaKind.TOWN, AreaKind.COMMUNITY):
        return area.label_kind
    serial = int(area.code[-3:])
    if area.kind == AreaKind.COMMUNITY:
        return "社区" if serial < 200 else "村" if serial < 400 else ""
    limits = ((100, "街道"), (200, "镇"), (400, "乡"), (500, "开发区/其他"), (600, "农场"))
    return next((label for limit, label in limits if serial < limit), "")


def _from_json(text: str, name: str) -> Divisions:
    try:
        data = json.loads(text)
        areas = tuple(areas_of(data, None))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TerritoryRefused(_expected_json(name)) from error
    return Divisions(areas, edition_of(data))


def edition_of(data: Any) -> date | None:
    """Return the first day of an edition: as the file says, else the day after its cut-off."""
    try:
        if data.get("edition"):
            return date.fromisoformat(str(data["edition"]))
        found = _CUT_OFF.search(str(data.get("source", "")))
        return date.fromisoformat(found[1]) + timedelta(days=1) if found else None
    except ValueError:
        return None


def areas_of(data: Any, managed: frozenset[str] | None) -> Iterator[NewArea]:
    """Give the areas that a nested document names, province first; KeyError or TypeError where it has another shape."""
    province, city = data["province"], data["city"]
    yield NewArea(AreaKind.PROVINCE, province["code"], province["name"], None, is_managed=False)
    yield NewArea(AreaKind.CITY, city["code"], city["name"], province["code"], is_managed=False)
    yield NewArea(AreaKind.DISTRICT, data["code"], data["name"], city["code"])
    for town in data["streets"]:
        code, is_managed = town["code"], managed is None or town["code"] in managed
        yield NewArea(AreaKind.TOWN, code, town["name"], data["code"], label_kind=town["kind"], is_managed=is_managed)
        for each in town["villages"]:
            yield NewArea(
                AreaKind.COMMUNITY,
                each["code"],
                short_name(each["name"], each["kind"]),
                code,
                official_name=each["name"],
                label_kind=each["kind"],
                is_managed=is_managed,
            )


def _from_csv(text: str, name: str) -> Iterable[NewArea]:
    """Return the areas of rows like `340803001,"德宽路街道",340803,34,3408`; a row of headings is passed over."""
    areas: dict[str, NewArea] = {}
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and not cells[0].isdigit()):
            continue
        code, kind = cells[0], KIND_BY_LENGTH.get(len(cells[0]))
        called = next((cell for cell in cells[1:] if cell and not cell.isdigit()), "")
        if not (code.isascii() and code.isdigit()) or kind is None or not called:
            raise TerritoryRefused(
                _("%(file)s, row %(row)d: expected a code of 2, 4, 6, 9 or 12 digits and a name.")
                % {"file": name, "row": number}
            )
        if code in areas:
            raise TerritoryRefused(
                _("%(file)s, row %(row)d: the code %(code)s stands twice.")
                % {"file": name, "row": number, "code": code}
            )
        areas[code] = _row(kind, code, called)
    if not areas:
        raise TerritoryRefused(_("%(file)s holds no divisions.") % {"file": name})
    return areas.values()


def _row(kind: AreaKind, code: str, called: str) -> NewArea:
    parent = code[: {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}[len(code)]] or None
    if kind == AreaKind.COMMUNITY:
        label = guessed_label(NewArea(kind, code, called, parent))
        return NewArea(kind, code, short_name(called, label), parent, official_name=called)
    return NewArea(kind, code, called, parent)


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TerritoryRefused(_("%(file)s is neither UTF-8 nor GB18030 text.") % {"file": name})


def _expected_json(name: str) -> str:
    return _("%(file)s cannot be read as divisions; expected JSON with code, name, province, city and streets.") % {
        "file": name
    }
