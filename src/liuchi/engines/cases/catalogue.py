"""Reading a standard's table of classes and filing conditions (GB/T 30428.2 shape) from CSV."""

import csv
import hashlib
import io
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from liuchi.engines.cases.models import ClassKind
from liuchi.ground.calendars.limits import Limit, LimitError, Unit
from liuchi.ground.kernel.errors import RuleBroken

#: The table that ships with the product: a real city standard, named by its city (运城市, Shanxi).
SHIPPED = Path(__file__).parent / "data" / "case_standards_yuncheng.csv"
SHIPPED_DOCUMENT = "运城市城市管理部件和事件立案、处置与结案标准"
SHIPPED_CITY = "运城市"
COLUMNS = (
    "type",
    "big_code",
    "big_name",
    "full_code",
    "small_name",
    "file_condition",
    "close_condition",
    "limit_text",
    "limit_value",
    "limit_unit",
    "disposal_unit",
    "supervising_dept",
)
#: How many characters each text may have, at least and at most.
LENGTHS = {
    "big_code": (1, 2),
    "big_name": (1, 20),
    "full_code": (1, 6),
    "small_name": (1, 40),
    "file_condition": (1, 300),
    "close_condition": (0, 300),
    "limit_text": (0, 20),
    "disposal_unit": (0, 120),
    "supervising_dept": (0, 120),
}


class CatalogueRefused(RuleBroken):
    """The file is not a table of filing conditions."""

    code = "catalogue_refused"


@dataclass(frozen=True)
class Row:
    """One filing condition as the file states it."""

    kind: str
    major_code: str
    major_name: str
    code: str
    name: str
    condition: str
    closing: str
    limit_text: str
    limit_value: Decimal
    limit_unit: str
    disposal_unit: str
    supervising_department: str


def read_catalogue(path: Path) -> tuple[list[Row], str]:
    """Return the rows of a file in its order, and the SHA-256 of the file.

    Raises:
        CatalogueRefused: naming the line and what is expected there; nothing is taken from a file with an error.
    """
    try:
        raw = path.read_bytes()
        table = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        missing = set(COLUMNS) - set(table.fieldnames or ())
        if missing:
            raise CatalogueRefused(f"{path.name}: the columns {', '.join(sorted(missing))} are missing")
        rows = [_row(record, table.line_num) for record in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CatalogueRefused(f"{path.name} cannot be read: {error}; expected CSV in UTF-8") from error
    if not rows:
        raise CatalogueRefused(f"{path.name} holds no row: a catalogue without conditions would leave nothing to file")
    return rows, hashlib.sha256(raw).hexdigest()


def _row(record: dict[str, str], line: int) -> Row:
    cells = {name: record[name] or "" for name in COLUMNS}
    kind, unit = cells["type"], cells["limit_unit"]
    if kind not in ClassKind.values:
        raise CatalogueRefused(f"line {line}: type {kind!r} is not one of {', '.join(ClassKind.values)}")
    if unit not in set(Unit):
        raise CatalogueRefused(f"line {line}: limit_unit {unit!r} is not one of {', '.join(Unit)}")
    for name, (least, most) in LENGTHS.items():
        if not least <= len(cells[name]) <= most:
            raise CatalogueRefused(f"line {line}: {name} has {len(cells[name])} characters; {least} to {most} fit")
    try:
        limit = Limit(Decimal(cells["limit_value"]), Unit(unit))
    except (InvalidOperation, LimitError) as error:
        raise CatalogueRefused(f"line {line}: limit_value {cells['limit_value']!r} is no positive number") from error
    return Row(
        kind=kind,
        major_code=cells["big_code"],
        major_name=cells["big_name"],
        code=cells["full_code"],
        name=cells["small_name"],
        condition=cells["file_condition"],
        closing=cells["close_condition"],
        limit_text=cells["limit_text"],
        limit_value=limit.value,
        limit_unit=unit,
        disposal_unit=cells["disposal_unit"],
        supervising_department=cells["supervising_dept"],
    )
