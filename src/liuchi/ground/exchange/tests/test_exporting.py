import csv
import io
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from liuchi.ground.exchange import writing
from liuchi.ground.exchange.access import PurposeMissing
from liuchi.ground.exchange.exporting import Export, FormatUnknown, export_rows
from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.exchange.models import ExportRecord
from liuchi.ground.exchange.writing import TooManyRows
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System, Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db
BY = System("tests")
MORNING = datetime(2024, 9, 12, 1, 0, tzinfo=UTC)


def column(place: int, code: str, **more: Any) -> ListColumn:
    return ListColumn(code, code.title(), lambda row: row[place], **more)


PLAIN = Listing("tests.plain", "Plain list", (column(0, "name"), column(1, "count"), column(2, "day")))
PERSONAL = Listing("tests.personal", "People", (column(0, "name", is_personal=True), column(1, "count")))
ROWS = [("=1+1", -5, date(2024, 9, 12)), ("张三", Decimal("2.5"), None)]


def made(listing: Listing = PLAIN, rows: Any = ROWS, fmt: str = "csv", **more: Any) -> tuple[Export, bytes]:
    export = export_rows(by=BY, listing=listing, rows=rows, fmt=fmt, **more)
    return export, b"".join(export.content)


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_when_exported_then_chinese_excel_reads_it_and_nothing_calculates() -> None:
    export, content = made()

    assert content.startswith(b"\xef\xbb\xbf")
    assert table(content) == [["Name", "Count", "Day"], ["'=1+1", "-5", "2024-09-12"], ["张三", "2.5", ""]]
    assert re.fullmatch(r"Plain list-\d{8}-[2-9A-Z]{8}\.csv", export.filename)


def test_xlsx_when_exported_then_texts_are_texts_numbers_numbers_and_days_days() -> None:
    _, content = made(fmt="xlsx")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    inside = zipfile.ZipFile(io.BytesIO(content))
    cells = inside.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.name == "Plain list"
    assert sheet.to_python() == [["Name", "Count", "Day"], ["=1+1", -5.0, date(2024, 9, 12)], ["张三", 2.5, ""]]
    assert "<f>" not in cells
    assert 'quotePrefix="1"' in inside.read("xl/styles.xml").decode()


def test_xlsx_when_a_text_is_longer_than_a_cell_then_it_is_cut_and_says_so() -> None:
    _, content = made(rows=[("x" * 40_000, 1, None)], fmt="xlsx")

    (_, row) = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    (cell, *_) = row
    assert len(str(cell)) == 32_767
    assert str(cell).endswith("…")


def test_export_when_made_then_one_line_tells_who_took_what() -> None:
    place = uuid4()

    with frozen_at(MORNING):
        export, _ = made(place_id=place, filters={"q": "张三"})

    row, line = ExportRecord.objects.get(), Line.objects.get()
    assert (row.number, row.rows, row.listing, row.actor_name, row.made_at) == (
        export.number,
        2,
        "tests.plain",
        "tests",
        MORNING,
    )
    assert (line.kind, line.place_id, line.subject_id) == ("exchange.exported", place, row.id)
    assert line.data["rows"] == 2
    assert "张三" not in str(line.data)
    assert len(line.data["filters"]) == 64


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_export_when_personal_then_the_file_says_who_when_what_for_and_its_number(fmt: str) -> None:
    with frozen_at(MORNING):
        export, content = made(PERSONAL, [("张三", 1)], fmt, purpose="check_register")

    rows = table(content) if fmt == "csv" else CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    lines = rows if isinstance(rows, list) else rows.to_python()
    said = f"※ Personal data. Export {export.number} by tests at 2024-09-12 09:00 for: Check the register."
    assert str(lines[0][0]).startswith(said)
    assert lines[-1][0] == lines[0][0]
    assert [each[0] for each in lines[1:-1]] == ["Name", "张三"]
    assert ExportRecord.objects.get().purpose == "check_register"


def test_xlsx_when_personal_then_paper_and_screen_carry_the_number() -> None:
    export, content = made(PERSONAL, [("张三", 1)], "xlsx", purpose="hand_up")

    inside = zipfile.ZipFile(io.BytesIO(content))
    page = inside.read("xl/worksheets/sheet1.xml").decode()
    assert export.number in page.split("<oddHeader>")[1].split("</oddHeader>")[0]
    assert export.number in page.split("<oddFooter>")[1].split("</oddFooter>")[0]
    assert "<picture " in page
    assert any(name.startswith("xl/media/") for name in inside.namelist())


def test_export_when_personal_and_the_power_or_purpose_is_missing_then_nothing_leaves() -> None:
    with pytest.raises(PurposeMissing):
        made(PERSONAL, [("张三", 1)])
    with pytest.raises(NotAllowed):
        export_rows(by=Visitor(frozenset()), listing=PERSONAL, rows=[], fmt="csv", purpose="hand_up")

    assert (ExportRecord.objects.count(), Line.objects.count()) == (0, 0)


def test_export_when_the_format_is_unknown_then_refused() -> None:
    with pytest.raises(FormatUnknown):
        made(fmt="pdf")


def test_export_when_the_reader_hangs_up_then_the_file_is_gone() -> None:
    export = export_rows(by=BY, listing=PLAIN, rows=ROWS, fmt="csv")

    export.content.close()

    assert list(export.content) == []


def test_export_when_a_row_fails_then_nothing_is_noted_and_nothing_left_on_disk() -> None:
    with pytest.raises(IndexError):
        made(rows=[("a",)])

    assert ExportRecord.objects.count() == 0
    assert list((Path(settings.LIUCHI_DATA) / "exchange" / "scratch").iterdir()) == []


def test_xlsx_when_longer_than_a_sheet_then_refused_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)

    with pytest.raises(TooManyRows, match="take it as CSV"):
        made(rows=[("a", 1, None)] * 3, fmt="xlsx")


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_export_when_it_has_many_rows_then_memory_does_not_grow_with_them(fmt: str) -> None:
    made(rows=[("x" * 200, 1, None)], fmt=fmt)
    tracemalloc.start()

    export = export_rows(by=BY, listing=PLAIN, rows=(("x" * 200, each, None) for each in range(20_000)), fmt=fmt)
    size = sum(len(piece) for piece in export.content)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 0
    assert peak < 2_000_000  # the rows alone are four megabytes


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"fmt": "pdf"}, "export_format_known"), ({"is_personal": True}, "export_personal_has_purpose")],
)
def test_export_record_when_it_breaks_a_rule_then_the_database_refuses(fields: dict[str, Any], constraint: str) -> None:
    row = {"number": "x", "listing": "x", "fmt": "csv", "rows": 0, "is_personal": False, "made_at": MORNING}

    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ExportRecord.objects.create(**{**row, "actor_kind": "system", **fields})


def test_listing_when_it_has_no_columns_or_one_twice_then_refused() -> None:
    for columns in ((), (column(0, "a"), column(1, "a"))):
        with pytest.raises(ValueError, match="each once"):
            Listing("x", "x", columns)
