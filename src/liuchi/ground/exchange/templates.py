"""An empty table for a register: headings, an example, what each column wants; all cells are text, so none is lost."""

import csv
import io
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from liuchi.ground.exchange.columns import Column
from liuchi.ground.exchange.registers import Register
from liuchi.ground.exchange.writing import BOM, NOTE_MARK, sheet_name

#: How many rows are offered for filling in with a list of choices.
_ROWS = 2000
_MOST_CHOICES = 250


def template_file(register: Register, fmt: str) -> bytes:
    """Return the template of a register as "xlsx" or "csv"; the example is a line that imports skip."""
    columns = [column for column in register.columns if not column.is_once]
    return _as_csv(columns) if fmt == "csv" else _as_xlsx(register, columns)


def _as_csv(columns: list[Column]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_heading(column) for column in columns])
    writer.writerow(_example(columns))
    return BOM + out.getvalue().encode()


def _as_xlsx(register: Register, columns: list[Column]) -> bytes:
    held = io.BytesIO()
    with Workbook(held, {"strings_to_formulas": False}) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        needed = book.add_format({"num_format": "@", "bold": True, "bottom": 1, "bg_color": "#FCF0D4"})
        pale = book.add_format({"num_format": "@", "italic": True, "font_color": "#4F585E"})
        page = book.add_worksheet(sheet_name(str(register.title)))
        for place, column in enumerate(columns):
            page.set_column(place, place, max(12, 2 * len(str(column.label)) + 4), text)
            page.write_string(0, place, _heading(column), needed if column.is_required else head)
            page.write_comment(0, place, _explained(column))
            _offer_choices(page, place, column)
        for place, example in enumerate(_example(columns)):
            page.write_string(1, place, example, pale)
        page.freeze_panes(1, 0)
        _explain(book, register, head)
    return held.getvalue()


def _explain(book: Workbook, register: Register, head: Any) -> None:
    sheet = book.add_worksheet(sheet_name(_("How to fill it in")))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 3, 44)
    for place, word in enumerate((_("Column"), _("How it is written"), _("Also known as"), _("Remark"))):
        sheet.write_string(0, place, word, head)
    for row, column in enumerate((each for each in register.columns if not each.is_once), start=1):
        cells = (_heading(column), column.kind.hint, "、".join(column.aliases), str(column.help))
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell)


def _offer_choices(page: Any, place: int, column: Column) -> None:
    words = [str(word) for word in getattr(column.kind, "words", {}).values()]
    # A list of choices longer than this does not fit into the format.
    if words and len(",".join(words)) <= _MOST_CHOICES:
        page.data_validation(1, place, _ROWS, place, {"validate": "list", "source": words, "error_type": "warning"})


def _heading(column: Column) -> str:
    return f"{column.label}*" if column.is_required and not column.default else str(column.label)


def _example(columns: list[Column]) -> list[str]:
    first, *others = (column.example or column.default for column in columns)
    shown = _("Example: %(value)s") % {"value": first}
    return [f"{NOTE_MARK} {shown}", *others]


def _explained(column: Column) -> str:
    return f"{column.kind.hint}. {column.help}".strip()
