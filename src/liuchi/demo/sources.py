"""What the sources say of cases, as cases: each programme beside the district, in its own time and place.

S0 and S4 state no figure of cases. “More than 600” is 640, of which 632 are closed: the only pair below 700 that gives
98.75 %; other “more than” figures stand at the number named. Of S2's demands nothing is said of how many were settled,
and the figures of S1 for six years (20,000 heard, 16,000 settled) are no platform's: these are stated figures only.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from liuchi.demo.history import facts_here, known_here, lines_of, numbers_for, write_laid
from liuchi.engines.cases.actions.replayed import note_origins
from liuchi.engines.cases.models import CaseOrigin, Channel, Jurisdiction
from liuchi.engines.cases.replay.laying import Facts, lay
from liuchi.engines.cases.replay.opening import Opening, ensure_jurisdiction, ensure_units
from liuchi.engines.cases.replay.script import Script, Step
from liuchi.ground.calendars.engine import WorkCalendar
from liuchi.ground.calendars.limits import Limit, Unit
from liuchi.ground.calendars.queries import versions_held
from liuchi.ground.calendars.shipped import CODE
from liuchi.ground.exchange.checkpoints import committed_together
from liuchi.ground.journal.laying import lay_sealed
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import Historian, System
from liuchi.ground.territory.queries import territory_held

LOADER: Final = System("demo")
CHINA: Final = ZoneInfo("Asia/Shanghai")
NAMESPACE: Final = UUID("3f6b9d52-70a5-4e5c-9d1b-9e2ab1a50d11")


@dataclass(frozen=True)
class Programme:
    """A programme as a source tells of it: where, from when to when, how many were taken in and how many settled."""

    source: str
    code: str
    area_code: str
    name: str
    unit: str
    place: str
    first: date
    last: date
    collected: int
    solved: int
    matter: str
    stated: str


@cache
def programmes() -> tuple[Programme, ...]:
    """Return all programmes of which the sources state a figure of cases."""
    text = files(__package__).joinpath("sources.csv").read_text(encoding="utf-8")
    return tuple(
        Programme(
            source=row["source"],
            code=row["code"],
            area_code=row["area_code"],
            name=row["name"],
            unit=row["unit"],
            place=row["place"],
            first=date.fromisoformat(row["first"]),
            last=date.fromisoformat(row["last"]),
            collected=int(row["collected"]),
            solved=int(row["solved"]),
            matter=row["matter"],
            stated=row["stated"],
        )
        for row in csv.DictReader(io.StringIO(text, newline=""))
    )


def load_sources() -> int:
    """Lay the cases of every programme that is not there yet and return how many cases were new."""
    return sum(map(_load, programmes()))


def _load(programme: Programme) -> int:
    if CaseOrigin.objects.filter(jurisdiction__code=programme.code).exists():
        return 0
    opening = Opening(
        programme.code, programme.name, programme.area_code, programme.first, programme.stated, calendar=CODE
    )
    jurisdiction = ensure_jurisdiction(by=LOADER, opening=opening)
    units = ensure_units(by=LOADER, jurisdiction=jurisdiction, names=[programme.unit])
    facts_here.cache_clear()
    scripts = _scripts(programme, jurisdiction, units[programme.unit])
    known = facts_here()
    teller = Historian(f"replay:{programme.code}")
    facts = Facts(lambda _part: teller, known.conditions, known.units)
    with guard.scope("maintenance", "demo.sources"):
        with versions_held(), territory_held():
            numbers = numbers_for([script.steps[0].at for script in scripts])
            laid = [lay(script, facts, number) for script, number in zip(scripts, numbers, strict=True)]
        lay_sealed(lines_of(laid), lambda: write_laid(laid))
    with committed_together():
        origins = [
            CaseOrigin(case_id=each.case.id, jurisdiction=jurisdiction, number=f"{number:04}")
            for number, each in enumerate(laid, start=1)
        ]
        note_origins(by=LOADER, jurisdiction=jurisdiction, origins=origins)
    return len(laid)


def _scripts(programme: Programme, jurisdiction: Jurisdiction, unit_id: UUID) -> list[Script]:
    """Return the programme's cases: the solved ones closed within its time, the others left with the unit."""
    chance, known = Random(programme.code), known_here()
    condition_id, _limit = known.conditions[programme.matter, 1]
    open_ones = set(chance.sample(range(programme.collected), programme.collected - programme.solved))
    days = (programme.last - programme.first).days + 1
    found = []
    for number in range(programme.collected):
        day = programme.first + timedelta(days=number * days // programme.collected)
        at = datetime.combine(day, time(8, 30), CHINA).astimezone(UTC) + timedelta(minutes=chance.randrange(480))
        told = _Told(programme, jurisdiction.area_id, condition_id, unit_id)
        steps = told.steps(at, known.calendar, chance, is_closed=number not in open_ones)
        found.append(Script(uuid5(NAMESPACE, f"{programme.code}|{number}"), tuple(steps)))
    return found


@dataclass(frozen=True)
class _Told:
    programme: Programme
    area_id: UUID
    condition_id: UUID
    unit_id: UUID

    def steps(self, at: datetime, calendar: WorkCalendar, chance: Random, *, is_closed: bool) -> Sequence[Step]:
        """Return the moves of one case."""
        text = f"{self.programme.place}：{self.programme.name}"
        report = {"text": text, "channel": Channel.GRID.value, "area_id": self.area_id}
        moves: list[tuple[str, Mapping[str, object]]] = [
            ("file", {"condition_id": self.condition_id}),
            ("dispatch", {"unit_id": self.unit_id, "reason": self.programme.stated}),
        ]
        if is_closed:
            moves += [("hand_in", {"text": "已办结。"}), ("pass_check", {}), ("close", {})]
        made = [Step("report", at, "teller", report)]
        for name, given in moves:
            hours = Limit.parse(f"{chance.randrange(1, 6) if name == 'hand_in' else 1}.00 {Unit.WORK_HOUR}")
            at = calendar.due(at, hours).at.astimezone(UTC) + timedelta(seconds=1)
            made.append(Step(name, at, "teller", given))
        return made
