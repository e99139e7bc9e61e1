"""Reading a file of statistical divisions (district, towns, villages and communities) in JSON."""

import json
import re
from datetime import date
from pathlib import Path

from liuchi.ground.territory.actions import NewArea, TerritoryRefused
from liuchi.ground.territory.models import AreaKind

#: The edition that the shipped file states: statistical codes cut off at the middle of 2023.
EDITION_2023 = date(2023, 7, 1)
SHIPPED_DIVISIONS = Path(__file__).parent / "data" / "daguan_divisions.json"
_SUFFIX = re.compile(r"(居民委员会|村民委员会|居委会|委员会)$")


def short_name(official: str, kind: str) -> str:
    """Return the name people use: 马山社区居民委员会 → 马山社区, 红星村民委员会 → 红星村, 安原居委会 → 安原社区."""
    stem = _SUFFIX.sub("", official)
    ending = {"社区": "社区", "村": "村"}.get(kind, "")
    return stem if not ending or stem.endswith(ending) else stem + ending


def read_divisions(path: Path, *, managed: frozenset[str] | None = None) -> list[NewArea]:
    """Return the areas that the file names, province first.

    `managed` holds the 9-digit codes of the towns the district governs through the platform; the others stay as
    statistical areas. None means all.

    Raises:
        TerritoryRefused: when the file is not of the expected shape; the message says what is missing.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        province, city = data["province"], data["city"]
        areas = [
            NewArea(AreaKind.PROVINCE, province["code"], province["name"], None, is_managed=False),
            NewArea(AreaKind.CITY, city["code"], city["name"], province["code"], is_managed=False),
            NewArea(AreaKind.DISTRICT, data["code"], data["name"], city["code"]),
        ]
        for town in data["streets"]:
            is_managed = managed is None or town["code"] in managed
            areas.append(
                NewArea(
                    AreaKind.TOWN,
                    town["code"],
                    town["name"],
                    data["code"],
                    label_kind=town["kind"],
                    is_managed=is_managed,
                )
            )
            areas.extend(
                NewArea(
                    AreaKind.COMMUNITY,
                    each["code"],
                    short_name(each["name"], each["kind"]),
                    town["code"],
                    official_name=each["name"],
                    label_kind=each["kind"],
                    is_managed=is_managed,
                )
                for each in town["villages"]
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TerritoryRefused(
            f"{path.name} cannot be read as divisions ({error!r}); expected JSON: code, name, province, city, streets"
        ) from error
    return areas
