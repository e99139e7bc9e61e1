"""Holding what the house keeps against what the oracle says; every difference is one sentence."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from liuchi.config.tests.day import telling
from liuchi.config.tests.day.conductor import Day, words_of
from liuchi.config.tests.day.hours import CHINA
from liuchi.config.tests.day.oracle import KINDS, Clock, Expected
from liuchi.engines.cases.models import CallBack, Case, CaseClock, CaseIndexed, CaseMove, Report, Supervision
from liuchi.engines.cases.punctuality import punctuality
from liuchi.ground.journal.models import DeadLetter, Line
from liuchi.ground.notices.models import Notice
from liuchi.ground.people.models import Person
from liuchi.insight.figures.endings import endings
from liuchi.insight.figures.models import Tally

Found = Iterator[str]
MICROSECONDS = 1_000_000


def differences(day: Day, lines_before: int) -> list[str]:
    """Return everything in which the house and the oracle differ."""
    looks: tuple[Callable[[], Found], ...] = (
        lambda: _reports(day),
        lambda: _cases(day),
        lambda: _history(day),
        lambda: _clocks(day),
        lambda: _supervisions(day),
        lambda: _notices(day),
        lambda: _figures(day),
        lambda: _lines(day, lines_before),
        lambda: _beside(day),
    )
    return [each for look in looks for each in look()]


def _differ(name: str, found: Counter[Any], wanted: Counter[Any]) -> Found:
    for what, count in sorted((found - wanted).items(), key=str):
        yield f"{name}: {count} too many of {what}"
    for what, count in sorted((wanted - found).items(), key=str):
        yield f"{name}: {count} missing of {what}"


def _equal(name: str, found: Hashable, wanted: Hashable) -> Found:
    if found != wanted:
        yield f"{name}: is {found}, not {wanted}"


def _numbers(day: Day) -> dict[UUID, int]:
    return {case.id: case.number for case in day.cases}


def _people() -> dict[UUID, str]:
    accounts = Person.objects.filter(accounts__isnull=False).order_by("id")
    return dict(accounts.values_list("id", "accounts__username"))


def _reports(day: Day) -> Found:
    people, numbers = _people(), _numbers(day)
    rows = Report.objects.order_by("id").values_list("case_id", "reporter_id", "text", "is_joined", "receipt_index")
    found = Counter((numbers.get(case), people.get(who, "visitor"), text) for case, who, text, _, _ in rows)
    wanted: Counter[Any] = Counter()
    for case in day.cases:
        wanted.update(
            (case.number, who, "" if nth else words_of(case.number)) for nth, who in enumerate(case.reporters)
        )
    yield from _differ("report", found, wanted)
    yield from _equal("receipts", len({bytes(row[4]) for row in rows}), sum(wanted.values()))


def _cases(day: Day) -> Found:
    rows = {row.id: row for row in Case.objects.select_related("unit").order_by("id")}
    yield from _equal("number of cases", len(rows), len(day.cases))
    yield from _equal("numbers of cases", len({row.number for row in rows.values()}), len(rows))
    for case in day.cases:
        row = rows.get(case.id)
        if row is None:
            yield f"case {case.number}: is lost"
            continue
        promise, step = case.promise, case.step_clock
        shown = promise if promise is not None and (promise.stopped is None or case.state == "closed") else None
        step_due = case.rests_until if case.state == "paused" else step.due if step is not None else None
        is_ = (row.state, row.unit.code if row.unit else "", row.due_at, row.step_due_at, row.ended_at, row.version)
        should = (case.state, case.unit, shown.due if shown else None, step_due, case.ended, len(case.moves))
        yield from _equal(f"case {case.number}", is_, should)


def _history(day: Day) -> Found:
    moves: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for case_id, name, at in CaseMove.objects.order_by("id").values_list("case_id", "name", "happened_at"):
        moves[case_id].append((name, at))
    lines: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for subject, kind, at in Line.objects.order_by("seq").values_list("subject_id", "kind", "happened_at"):
        lines[subject].append((kind, at))
    for case in day.cases:
        made = [(each.move, each.at) for each in case.done if each.move != "join"]
        left = [(f"case.{KINDS[each.move]}", each.at) for each in case.done]
        yield from _equal(f"history of {case.number}", str(moves[case.id]), str(_utc(made)))
        yield from _equal(f"lines of {case.number}", str(lines[case.id]), str(_utc(left)))


def _utc(rows: list[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    return [(name, at.astimezone(UTC)) for name, at in rows]


def _clocks(day: Day) -> Found:
    numbers = _numbers(day)
    rows = CaseClock.objects.select_related("assignment__unit").order_by("id")
    yield from _differ(
        "clock",
        Counter(_row_of(numbers.get(row.case_id), row) for row in rows),
        Counter(_told_of(case, clock) for case in day.cases for clock in case.clocks),
    )


def _row_of(number: int | None, row: CaseClock) -> tuple[Any, ...]:
    unit = row.assignment.unit.code if row.assignment is not None else ""
    moments = (
        *(row.started_at, row.running_since, row.paused_at, row.rests_until, row.stopped_at),
        *(row.warn_at, row.due_at),
    )
    used, rested = row.consumed // MICROSECONDS, row.rested // MICROSECONDS
    return (number, row.kind, row.step, unit, *map(_shown, moments), row.is_overdue, used, rested)


def _told_of(case: Expected, clock: Clock) -> tuple[Any, ...]:
    moments = (clock.started, clock.since, clock.paused, clock.rests, clock.stopped, clock.warn, clock.due)
    rested = int(clock.rested / timedelta(seconds=1))
    return (case.number, clock.kind, clock.step, clock.unit, *map(_shown, moments), clock.late, clock.used, rested)


def _shown(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%m-%d %H:%M:%S}" if moment is not None else "–"


def _supervisions(day: Day) -> Found:
    numbers = _numbers(day)
    rows = Supervision.objects.select_related("unit", "clock").order_by("id")
    found: Counter[Any] = Counter()
    for row in rows:
        started = row.clock.started_at if row.clock is not None else None
        moments = map(_shown, (started, row.issued_at, row.answer_due_at, row.ended_at))
        unit = row.unit.code if row.unit else ""
        found[(numbers.get(row.case_id), row.step, row.level, unit, row.standing, *moments, row.told_at is None)] += 1
    wanted: Counter[Any] = Counter()
    for act in day.urged.acts:
        moments = map(_shown, (act.clock.started, act.at, act.answer_due, act.ended))
        wanted[(act.case.number, act.step, act.level, act.unit, act.standing, *moments, False)] += 1
    yield from _differ("supervision", found, wanted)


def _notices(day: Day) -> Found:
    numbers, people = _numbers(day), _people()
    subjects = dict(Line.objects.filter(subject_id__in=numbers).values_list("id", "subject_id"))
    subjects |= dict(CaseClock.objects.order_by("id").values_list("id", "case_id"))
    found: Counter[Any] = Counter()
    urged: Counter[Any] = Counter()
    for template, source, who, facts in Notice.objects.order_by("id").values_list(
        "template", "source", "person_id", "parameters"
    ):
        if template.startswith("cases.supervision_"):
            urged[template, people[who]] += facts["count"]
        else:
            found[template, numbers.get(subjects.get(source)), people[who]] += 1  # type: ignore[arg-type]
    yield from _differ("notice", found, telling.notices(day.cases, day.urged))
    yield from _differ("notice of supervision", urged, telling.urgings(day.urged.acts))


def _figures(day: Day) -> Found:
    wanted: Counter[Any] = Counter()
    for case in day.cases:
        lates = iter(case.closed_late)
        for done in case.done:
            if done.move in {"join", "answer_part"}:
                continue
            names = [f"case.{KINDS[done.move]}"]
            names += ["case.closed_late"] if done.move == "close" and next(lates) else []
            names += [f"case.rated.{done.rating}"] if done.move == "rate" else []
            wanted.update((name, case.grid, done.at.date()) for name in names)
    grids = {area.id: number for number, area in enumerate(day.world.grids)}
    rows = Tally.objects.order_by("id").values_list("figure", "place_id", "on", "count")
    yield from _differ("figure", Counter({(name, grids[at], on): count for name, at, on, count in rows}), wanted)
    states = Counter(case.state for case in day.cases)
    known = endings()
    yield from _equal("cases in figures", known.cases, len(day.cases))
    yield from _equal(
        "endings", (known.closed, known.refused, known.withdrawn), tuple(states[each] for each in telling.ENDINGS)
    )
    yield from _equal("call-backs", CallBack.objects.count(), _to_be_called(day))
    yield from _punctuality(day)


def _to_be_called(day: Day) -> int:
    """Return how many closings there were of cases whose reporter left a way to be reached; all of them are drawn."""
    known = [case for case in day.cases if set(case.reporters) - {"visitor"}]
    return sum(each.move == "close" for case in known for each in case.done)


def _punctuality(day: Day) -> Found:
    """Hold the share of limits that units kept against a count of their clocks, wrong dispatches left out."""
    since, until = min(clock.started for clock in _all(day)), max(clock.started for clock in _all(day))
    for unit in ("water", "lights"):
        clocks = [clock for case in day.cases for whose, clock in case.handled() if whose == unit]
        viewer = day.world.viewer("supervisor")
        row = punctuality(viewer, since=since, until=until + timedelta(days=1), unit_id=day.units[unit])
        is_ = (row.counted, row.in_time)
        yield from _equal(f"limits kept by {unit}", is_, (len(clocks), sum(not clock.late for clock in clocks)))


def _all(day: Day) -> list[Clock]:
    return [clock for case in day.cases for clock in case.clocks]


def _lines(day: Day, before: int) -> Found:
    found = Counter(Line.objects.order_by("seq")[before:].values_list("kind", flat=True))
    wanted = Counter(day.urged.lines)
    for case in day.cases:
        wanted.update(case.lines)
    wanted["case.call_back_drawn"] = _to_be_called(day)
    yield from _differ("line", found, wanted)
    positions = list(Line.objects.order_by("position").values_list("position", flat=True))
    yield from _equal("positions", positions == list(range(1, len(positions) + 1)), True)


def _beside(day: Day) -> Found:
    yield from _equal("cases in the index", CaseIndexed.objects.count(), len(day.cases))
    yield from _equal("lines laid aside", DeadLetter.objects.count(), 0)
