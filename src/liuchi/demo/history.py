"""Laying a year of cases into the tables, shared among processes; journal, index and figures follow.

What is laid is what the actions would leave: the same scripts, the engine's own parts, and a test that compares.
"""

import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from datetime import time as clock_time
from functools import cache, lru_cache
from typing import Final
from uuid import UUID

import django
from django.db import connection, transaction

from liuchi.demo.indexes import IndexesAside, bring_back
from liuchi.demo.progress import Progress
from liuchi.demo.year import CHINA, HOUSE, Known, Year, moments, script_of, token_of
from liuchi.engines.cases.models import (
    Appeal,
    Assignment,
    Case,
    CaseClock,
    CaseMove,
    FilingCondition,
    Report,
)
from liuchi.engines.cases.receipts import receipt_code, receipt_index
from liuchi.engines.cases.replay.laying import MOVE_COLUMNS, Facts, Laid, lay
from liuchi.engines.cases.replay.script import Script
from liuchi.engines.cases.search.indexing import vector_of, weighed_text
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import PUBLIC, Viewer, viewers_of
from liuchi.ground.calendars.limits import Limit
from liuchi.ground.calendars.limits import Unit as LimitUnit
from liuchi.ground.calendars.queries import current_version, versions_held, work_calendar
from liuchi.ground.journal.laying import LaidLine, lay_sealed
from liuchi.ground.journal.models import Checkpoint
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.kernel.copying import copy_in, copy_words
from liuchi.ground.kernel.keyring import pin_keyring
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.queries import duties_at, duties_held
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory, territory_held
from liuchi.insight.figures.recounting import recount

SEED: Final = "district"
#: About as many as a district's hotline and grid take in a year; no source names a number.
MESSAGES: Final = 100_000
#: Laid and committed together.
_CHUNK: Final = 1000
#: What the year brings along is done when these have read it: the index and the figures.
_CAUGHT_UP: Final = ("cases.search", "figures.cases", "cases.notices", "cases.appeals", "cases.support")
_MOVES: Final = CaseMove._meta.db_table  # noqa: SLF001 - Django's own public name
Say = Callable[[str], None]
_weighed: Final = lru_cache(maxsize=20_000)(weighed_text)


def year_of(today: date, *, seed: str = SEED, messages: int = MESSAGES) -> Year:
    """Return the year that ends with `today`, or now, where that is earlier."""
    until = min(clock.now(), datetime.combine(today, clock_time(23, 59), CHINA).astimezone(UTC))
    return Year(seed, until.replace(microsecond=0), messages)


def load_year(*, today: date, say: Say, messages: int = MESSAGES) -> int:
    """Lay the year's cases that are not there yet and return how many; journal, index and figures are up to date then.

    Killed anywhere, the next run goes on: what was committed is found by its receipts.
    """
    started, year = time.monotonic(), year_of(today, messages=messages)
    at = moments(year, work_calendar(current_version()))
    waiting = _waiting(year, len(at))
    if not waiting:
        bring_back()  # killed after the last case and before the last index
        return 0
    before = Case.objects.count()
    with IndexesAside():
        _seal_all()
        _lay_all(year, at, waiting)
    _seal_all()
    recount()
    _catch_up()
    laid = Case.objects.count() - before
    say(f"cases of a year: {laid} in {time.monotonic() - started:.0f} s")
    return laid


def _waiting(year: Year, count: int) -> list[tuple[int, int]]:
    """Return the chunks of the year that are not there yet, from which message up to which."""
    chunks = ((first, min(first + _CHUNK, count)) for first in range(0, count, _CHUNK))
    last_of = {_receipt(year, last - 1): (first, last) for first, last in chunks}
    for index in Report.objects.filter(receipt_index__in=last_of).values_list("receipt_index", flat=True):
        last_of.pop(bytes(index), None)  # those of its chunk were committed with it
    return list(last_of.values())


def _receipt(year: Year, number: int) -> bytes:
    return receipt_index(receipt_code(token_of(year, number)))


def _lay_all(year: Year, at: Sequence[datetime], waiting: Sequence[tuple[int, int]]) -> None:
    """Let processes lay what is waiting, a chunk at a time."""
    done, progress = 0, Progress(sum(last - first for first, last in waiting), "cases")
    parts, spawn = min(os.cpu_count() or 1, 4), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(parts, mp_context=spawn, initializer=django.setup) as pool:
        tasks = [pool.submit(_lay_apart, year, first, at[first:last]) for first, last in waiting]
        try:
            for task in tasks:
                done += task.result()
                progress.tell(done)
        except BaseException:  # stopped: what is being laid stands or falls, the rest does not begin
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def lay_chunk(year: Year, first: int, at: Sequence[datetime]) -> int:
    """Lay the messages from `first` on, which came in `at`, that are not there yet; return how many.

    In one transaction.
    """
    known, facts = known_here(), facts_here()
    with duties_held():
        scripts = [script_of(year, number, moment, known) for number, moment in enumerate(at, first)]
    indexes = [receipt_index(receipt_code(script.token)) for script in scripts]
    there = Report.objects.filter(receipt_index__in=indexes).values_list("receipt_index", flat=True)
    stands = {bytes(index) for index in there}
    fresh = [script for script, index in zip(scripts, indexes, strict=True) if index not in stands]
    with guard.scope("maintenance", "demo.year"), versions_held(), territory_held():
        pin_keyring()
        laid = list(_laid(fresh, facts))
        lay_sealed(lines_of(laid), lambda: write_laid(laid))
    return len(fresh)


def lines_of(rows: Sequence[Laid]) -> list[LaidLine]:
    """Return the journal's lines of many cases in the order in which they were recorded."""
    return sorted((line for laid in rows for line in laid.lines), key=lambda line: (line.recorded_at, line.id.int))


def write_laid(rows: Sequence[Laid]) -> None:
    """Write the rows of many cases, table by table, all but the journal's lines."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        if (cursor.fetchone() or (False,))[0]:
            # Links are right by construction; looking each up would double the time.
            cursor.execute("SET LOCAL session_replication_role = replica")
    copy_in(Case, (laid.case for laid in rows))
    copy_in(Report, (laid.report for laid in rows))
    copy_in(Assignment, (part for laid in rows for part in laid.parts))
    copy_in(CaseClock, (each for laid in rows for each in laid.clocks))
    copy_words(_MOVES, MOVE_COLUMNS, (f"{move.words}\n" for laid in rows for move in laid.moves))
    copy_in(Appeal, (each for laid in rows for each in laid.appeals))
    copy_words("cases_caseindexed", ("case_id", "words"), (f"{laid.case.id}\t{_vector(laid)}\n" for laid in rows))


@cache
def known_here() -> Known:
    """Return what scripts need to know of this house."""
    rows = FilingCondition.objects.filter(case_class__catalogue__valid_to=None).select_related("case_class")
    towns = {area.code: area.id for area in territory().of_kind(AreaKind.GRID)}

    @lru_cache(maxsize=4096)
    def at_town(matter: str, town: str) -> tuple[tuple[UUID, str, str], ...]:
        grid = next(area_id for code, area_id in towns.items() if code.startswith(town))
        holders = duties_at(matter, grid).holders
        return tuple((each.organisation.id, each.organisation.code, each.document) for each in holders)

    return Known(
        calendar=work_calendar(current_version()),
        conditions={
            (row.case_class.matter, row.number): (row.id, Limit(row.limit_value, LimitUnit(row.limit_unit)))
            for row in rows.order_by("id")
        },
        units=lambda matter, grid: at_town(matter, grid[:9]),
        desks=_accounts("desk"),
        dispatchers=_accounts("dispatcher"),
    )


@cache
def facts_here() -> Facts:
    """Return what scripts are laid upon in this house."""
    conditions = FilingCondition.objects.select_related("case_class").order_by("id")
    units = Organisation.objects.filter(valid_to=None).select_related("calendar").order_by("id")
    return Facts(actor_of, {each.id: each for each in conditions}, {each.id: each for each in units})


@cache
def actor_of(key: str) -> Actor:
    """Return who acts under a script's key: the public, the house itself, or the account of that name."""
    if key == HOUSE:
        return System("cases")
    return PUBLIC if key == "public" else _viewers()[key]


@cache
def _viewers() -> Mapping[str, Viewer]:
    """Return everybody with an account: a year lets nearly all of them act, and reading each costs seconds."""
    return {each.username: each for each in viewers_of(Account.objects.order_by("id"))}


def forget_house() -> None:
    """Forget what this process remembers of the house."""
    for each in (known_here, facts_here, actor_of, _viewers):
        each.cache_clear()


def _lay_apart(year: Year, first: int, at: Sequence[datetime]) -> int:
    """Lay a chunk in a process that does nothing else: few of its things hold each other, so no garbage is sought."""
    gc.disable()
    return lay_chunk(year, first, at)


def _laid(scripts: Sequence[Script], facts: Facts) -> Iterator[Laid]:
    numbers = numbers_for([script.steps[0].at for script in scripts])
    for script, number in zip(scripts, numbers, strict=True):
        yield lay(script, facts, number)


def numbers_for(at: Sequence[datetime]) -> list[str]:
    """Return the next case numbers for messages of these moments."""
    numbered = "SELECT cases_next_number(at) FROM unnest(%s::timestamptz[]) WITH ORDINALITY AS said(at, n) ORDER BY n"
    with connection.cursor() as cursor:
        cursor.execute(numbered, [list(at)])
        return [number for (number,) in cursor.fetchall()]


def _vector(laid: Laid) -> str:
    """Return what the index holds of a case: what was reported and what was said in its moves."""
    said = [laid.report.text]
    for move in laid.moves:
        said += move.said
    return vector_of(laid.case, dict.fromkeys(said), _weighed)


def _accounts(role: str) -> int:
    return Account.objects.filter(username__regex=rf"^{role}-[0-9]+$").count()


def _seal_all() -> None:
    while seal_once(limit=20_000):
        pass


def _catch_up() -> None:
    """Note that index and figures hold everything, and that nobody is told of what happened long ago."""
    with guard.scope("maintenance", "demo.year"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM journal_line WHERE position IS NOT NULL")
        (top,) = cursor.fetchone() or (0,)
        for name in _CAUGHT_UP:
            Checkpoint.objects.update_or_create(reaction=name, defaults={"position": top, "attempts": 0})
