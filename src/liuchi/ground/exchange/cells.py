"""What a cell becomes in a file for spreadsheets, so that no text starts to calculate where it is opened."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.exchange.listings import Cell

#: What makes spreadsheets take a text for a formula, in both widths, also behind blanks and invisible characters.
_INVISIBLE = "\\s\x00-\x1f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
DANGEROUS = re.compile(f"^[{_INVISIBLE}]*[=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
#: Characters that no file of text may hold: controls except tab and line feed, and halves of surrogate pairs.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
#: Spreadsheets keep fifteen digits of a number; a longer one is written as text.
MOST_DIGITS = 15
TEXT_MARK = "'"


def starts_formula(text: str) -> bool:
    """Tell whether a spreadsheet might calculate this text instead of showing it."""
    return DANGEROUS.match(text) is not None


def plain_cell(value: Cell) -> str | int | float | Decimal | date | datetime | None:
    """Return a cell as text, number, day or moment (of this country, without zone); yes and no in words."""
    if value is None or isinstance(value, (float, Decimal)):
        return value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return value if len(str(abs(value))) <= MOST_DIGITS else str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return value
    return _UNWRITABLE.sub("", str(value).replace("\r\n", "\n"))


def csv_cell(value: Cell) -> str:
    """Return a cell as CSV carries it; a text that might calculate gets the mark by which spreadsheets know text."""
    plain = plain_cell(value)
    if plain is None:
        return ""
    if isinstance(plain, datetime):
        return plain.isoformat(sep=" ", timespec="seconds")
    if isinstance(plain, date):
        return plain.isoformat()
    if isinstance(plain, str):
        return TEXT_MARK + plain if starts_formula(plain) else plain
    return format(plain, "f") if isinstance(plain, Decimal) else str(plain)
