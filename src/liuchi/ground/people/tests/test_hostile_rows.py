"""A thousand rows, most of them hostile, through the whole way of a file: each bad one is told, the good stand."""

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from typing import Final

import pytest
from xlsxwriter import Workbook

from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.refused_rows import refused_rows
from liuchi.ground.exchange.testing import as_csv, counts, run
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.models import Person, Residence
from liuchi.ground.people.testing import NOW, Clerk, Place, number, small_place

pytestmark = pytest.mark.django_db
HEADINGS: Final = ("姓名", "身份证号", "手机号码", "所属网格", "现住址")
COUNT, TEN_MB = 1000, 10 * 1024 * 1024
FORMULAS: Final = ('=HYPERLINK("http://example.test","张三")', "@SUM(A1:A9)", "+cmd|' /C calc'!A0", "＝1＋1")
TURNS: Final = ("张\u202e三", "李\u2067四", "\u202d王五")
#: Stands for bytes that are put in once the file is encoded, and for a cell that is put in once it is packed.
BROKEN, HUGE, LONG = "坏字节处", "巨大单元格处", "长" * 33_000
CURES: Final = {
    "formula": "Enter the value itself",
    "turning": "type the value anew",
    "broken_text": "Save the file as UTF-8, or choose its encoding again",
    "cell_too_long": "shorten it",
    "line_too_long": "something does not belong there",
    "digits_lost": "Format the column as text",
}


@pytest.fixture
def place() -> Place:
    return small_place()


@pytest.fixture
def clerk(place: Place) -> Clerk:
    return Clerk(frozenset({"people.manage", "exchange.import"}), (place.one.id,))


def hostile_rows(place: Place, spoiled: str) -> tuple[list[list[str]], dict[int, tuple[str, str]]]:
    """Return rows, and for the line of each bad one its column and why; `spoiled` is what stands in every fifth."""
    rows, wanted = [], {}
    for each in range(COUNT):
        line, kind = each + 2, each % 5
        row = [f"居民{each}", number(serial=each % 1000), f"1990000{each:04d}", place.grids[0].code, f"幸福路{each}号"]
        if kind == 1:
            row[0], wanted[line] = FORMULAS[each % len(FORMULAS)], ("name", "formula")
        elif kind == 2:
            row[0], wanted[line] = TURNS[each % len(TURNS)], ("name", "turning")
        elif kind == 3:
            row[4 if spoiled == BROKEN else 1] = spoiled
            wanted[line] = ("address", "broken_text") if spoiled == BROKEN else ("identity", "digits_lost")
        elif kind == 4:
            row[4], wanted[line] = LONG, ("address", "cell_too_long")
        rows.append(row)
    for line in (6, COUNT + 1):
        rows[line - 2][4] = HUGE
    return rows, wanted


def as_text_file(encoding: str, broken: bytes) -> Callable[[Sequence[Sequence[str]]], bytes]:
    """Return what writes rows as a text table, with bytes that do not fit the encoding, and two cells of 10 MB."""

    def write(rows: Sequence[Sequence[str]]) -> bytes:
        content, bare = as_csv(rows, HEADINGS, encoding), encoding.removesuffix("-sig")
        plain = "utf-16-le" if bare == "utf-16" else bare
        huge = "x".encode(plain)
        content = content.replace(HUGE.encode(plain), huge * (TEN_MB // len(huge)))
        return content.replace(BROKEN.encode(plain), broken)

    return write


def as_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook in which two cells hold 10 MB, which no spreadsheet program would write."""
    held = io.BytesIO()
    book = Workbook(held, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    for place, row in enumerate([HEADINGS, *rows]):
        for column, cell in enumerate(row):
            # The library itself refuses longer texts; they are put in below.
            page.write_string(place, column, "LONG" if cell == LONG else cell)
    book.close()
    dice, packed = random.Random(1), io.BytesIO()
    huge = "".join(dice.choices("天地玄黄宇宙洪荒日月盈昃", k=TEN_MB // 3)).encode()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(HUGE.encode(), huge).replace(b"LONG", LONG.encode()))
    return packed.getvalue()


def told(by: Clerk, one: Import) -> dict[int, list[tuple[str, str, str]]]:
    """Return for each refused line the columns at fault, the codes, and what to do."""
    return {
        row.number: [(each.column, each.code, each.message) for each in row.problems if not each.is_note]
        for row in refused_rows(by, one)
    }


@pytest.mark.parametrize(
    ("name", "write", "spoiled"),
    [
        ("utf-8.csv", as_text_file("utf-8-sig", "幸福路".encode("gb18030")), BROKEN),
        ("gb18030.csv", as_text_file("gb18030", b"\xff\xff"), BROKEN),
        ("utf-16.csv", as_text_file("utf-16", b"\x00\xd8"), BROKEN),
        ("table.xlsx", as_workbook, "9.90803E+17"),
    ],
)
def test_thousand_rows_when_most_are_hostile_then_each_is_told_by_line_column_and_cure_and_the_good_come_in(
    place: Place, clerk: Clerk, name: str, write: Callable[[Sequence[Sequence[str]]], bytes], spoiled: str
) -> None:
    rows, wanted = hostile_rows(place, spoiled)
    if name.endswith(".csv"):  # a line of more than a million characters has no columns any more
        wanted |= dict.fromkeys((6, COUNT + 1), ("", "line_too_long"))

    with frozen_at(NOW):
        one = run(write(rows), name, "residents", by=clerk)

    found = told(clerk, one)
    assert (one.state, counts(one)) == (State.DONE, (200, 0, 0, 800))
    assert {line: [(column, code) for column, code, _said in each] for line, each in found.items()} == {
        line: [why] for line, why in wanted.items()
    }
    assert all(CURES[code] in said for each in found.values() for _column, code, said in each)
    assert set(Person.objects.values_list("name", flat=True)) == {f"居民{each}" for each in range(0, COUNT, 5)}
    assert Residence.objects.count() == 200
