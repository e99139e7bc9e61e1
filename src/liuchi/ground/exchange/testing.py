"""For tests: a small register of the house's own tables, and files of every kind to bring into it."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from xlsxwriter import Workbook

from liuchi.ground.calendars.models import Calendar
from liuchi.ground.exchange.actions import receive_file, set_mapping, start_import
from liuchi.ground.exchange.advancing import advance
from liuchi.ground.exchange.columns import Code, Column, Day, Text, Whole
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.refused_rows import refused_rows
from liuchi.ground.exchange.registers import (
    Entry,
    Problem,
    Register,
    Result,
    RowRefused,
    Source,
    Values,
    changed,
    created,
    refused,
    unchanged,
)
from liuchi.ground.exchange.restoring import as_it_stood
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import declare
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.kernel.errors import RuleBroken

BY: Final = System("tests")
TOYS_TAKEN: Final = declare("exchange_test.toys_taken", toys=int)
POWER: Final = "calendars.publish"
HEADINGS: Final = ("编码", "名称", "件数", "日期")


class ToyBroken(RuleBroken):
    """A toy that the whole batch stumbles over."""

    code = "toy_broken"


@action
def take_toys(*, by: Actor, entries: Sequence[Entry]) -> list[Result]:
    """Keep each toy under its code; one whose name is "broken" spoils the batch, one named "odd" is refused alone."""
    known = {each.code: each for each in Calendar.objects.select_for_update().order_by("code")}
    results = [_taken(entry, known) for entry in entries]
    made = [result for result in results if result.touched]
    if made:
        subject = UUID(made[0].touched[0].pk)
        record(kind=TOYS_TAKEN, by=by, subject_type="toy", subject_id=subject, data={"toys": len(made)})
    return results


def _taken(entry: Entry, known: dict[str, Calendar]) -> Result:
    code, name = entry.row["code"], entry.row["name"]
    if name == "broken":
        raise ToyBroken("This toy is broken; mend it.", field="name")
    if name == "odd":
        return refused("odd", "This toy is odd; take another.", "name")
    toy = known.get(code)
    if toy is None:
        known[code] = toy = Calendar(code=code, name=name)
        toy.save(force_insert=True)
        return created(toy)
    if toy.name == name:
        return unchanged()
    before = as_it_stood(toy, "name")
    toy.name = name
    toy.save(update_fields=["name"])
    return changed(toy, before)


def _apply(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    del source
    return take_toys(by=by, entries=entries)


def _read(values: Values) -> Values:
    if values["name"] == values["code"]:
        raise RowRefused(Problem("same", "A toy is not named like its code.", "name"))
    return values


COLUMNS: Final = (
    Column("code", "Code", Code("[a-z0-9-]{1,20}", "a code"), ("编码", "代码"), is_required=True, example="ball-1"),
    Column("name", "Name", Text(40), ("名称",), is_required=True, is_personal=True, example="皮球"),
    Column("count", "How many", Whole(0, 100), ("件数",), default="1"),
    Column("on", "Day", Day(), ("日期",)),
    Column("document", "Document", Text(80), is_once=True, default="清单"),
)
TOYS: Final = Register("toys", "Toys", COLUMNS, POWER, _apply, read_row=_read, key=lambda row: row["code"])
WHOLE_TOYS: Final = Register("whole-toys", "Toys at once", COLUMNS, POWER, _apply, is_whole=True)
REGISTERS: Final = (TOYS, WHOLE_TOYS)


def toy_rows(count: int, *, first: int = 1) -> list[list[str]]:
    """Return rows of toys with codes of their own."""
    return [[f"toy-{number}", f"玩具{number}", "2", "2024-09-12"] for number in range(first, first + count)]


def as_csv(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8-sig") -> bytes:
    """Return rows as a text table."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """Return rows as a workbook; a value that begins with = is a formula there."""
    held = io.BytesIO()
    with Workbook(held) as book:
        page = book.add_worksheet()
        for number, row in enumerate([headings, *rows]):
            page.write_row(number, 0, row)
    return held.getvalue()


def as_json(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """Return rows as a list of objects."""
    return json.dumps([dict(zip(headings, row, strict=True)) for row in rows], ensure_ascii=False).encode()


def received(
    content: bytes, name: str = "玩具.csv", register: str = "toys", *, by: Actor = BY, **options: Any
) -> Import:
    """Bring a file in and have it read."""
    one = receive_file(by=by, register=register, filename=name, pieces=[content], options=options, is_waited_for=True)
    return advance(one.id)


def checked(
    content: bytes,
    name: str = "玩具.csv",
    register: str = "toys",
    *,
    by: Actor = BY,
    once: Mapping[str, str] | None = None,
    **options: Any,
) -> Import:
    """Bring a file in and have it read and checked, with the mapping that was guessed and what is asked `once`."""
    one = received(content, name, register, by=by, **options)
    assert one.state == State.READ, one.trouble
    columns = (one.mapping or {})["columns"] | {key: {"set": value} for key, value in (once or {}).items()}
    set_mapping(by=by, import_id=one.id, document={"columns": columns}, is_waited_for=True)
    return advance(one.id)


def run(
    content: bytes,
    name: str = "玩具.csv",
    register: str = "toys",
    *,
    by: Actor = BY,
    once: Mapping[str, str] | None = None,
    **options: Any,
) -> Import:
    """Bring a file in, to the end."""
    one = checked(content, name, register, by=by, once=once, **options)
    start_import(by=by, import_id=one.id, is_waited_for=True)
    return advance(one.id, by=by)


def problems(by: Actor, one: Import) -> dict[int, list[tuple[str, str]]]:
    """Return for each refused row the columns at fault and the codes."""
    return {
        row.number: [(each.column, each.code) for each in row.problems if not each.is_note]
        for row in refused_rows(by, one)
    }


def counts(one: Import) -> tuple[int, int, int, int]:
    """Return how many rows were created, changed, unchanged, refused."""
    return one.created, one.changed, one.unchanged, one.refused


def wire_toys(wiring: Any) -> None:
    """Let the toys be the registers of this house; `wiring` is pytest-django's `settings`."""
    wiring.LIUCHI_REGISTERS = f"{__name__}.REGISTERS"
