"""Twenty people at once, each with a connection of their own, hour by hour; the house agrees or refuses, in words."""

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from threading import Barrier
from typing import Any, Protocol
from uuid import UUID

from django.db import connection

from liuchi.config.tests.day.hours import china
from liuchi.config.tests.day.oracle import Done, Expected
from liuchi.config.tests.day.stories import HOURS, Cast, Step, Story, Try, moments
from liuchi.config.tests.day.urging import Urged
from liuchi.engines.cases.actions.changing import withdraw_report
from liuchi.engines.cases.actions.check import fail_check, pass_check
from liuchi.engines.cases.actions.decide import grant_extension, grant_pause, reject_decline, uphold_decline
from liuchi.engines.cases.actions.desk import close_case, file_case, refuse_case
from liuchi.engines.cases.actions.dispatch import dispatch_case, return_to_desk
from liuchi.engines.cases.actions.handle import ask_extension, ask_pause, decline_case, hand_in_result
from liuchi.engines.cases.actions.joining import join_case
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.actions.support import answer_part
from liuchi.engines.cases.models import Assignment, CaseMove
from liuchi.engines.cases.opening import Receipt
from liuchi.engines.cases.parts import PartsUnanswered
from liuchi.engines.cases.testing import World, give_role, report
from liuchi.engines.cases.workflow import MoveRefused
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.models import Organisation

ACTORS = (
    *("resident", "other-resident", "resident-3", "resident-4", "visitor", "grid-worker", "desk", "desk-2"),
    *("other-desk", "dispatcher", "dispatcher-2", "checker", "checker-2", "other-checker", "water", "water-2"),
    *("lights", "lights-2", "town", "officer"),
)
ACTIONS: dict[str, Callable[..., object]] = {
    "file": file_case,
    "refuse": refuse_case,
    "withdraw": withdraw_report,
    "return_to_desk": return_to_desk,
    "dispatch": dispatch_case,
    "decline": decline_case,
    "uphold_decline": uphold_decline,
    "reject_decline": reject_decline,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "ask_pause": ask_pause,
    "grant_pause": grant_pause,
    "hand_in": hand_in_result,
    "answer_part": answer_part,
    "fail_check": fail_check,
    "pass_check": pass_check,
    "close": close_case,
    "rate": rate_case,
    "reopen": reopen_case,
    "join": join_case,
}
REASONS = {
    "refuse": "outside_duty",
    "return_to_desk": "place_unclear",
    "decline": "not_our_duty",
    "reject_decline": "on_the_list",
    "ask_extension": "material",
    "ask_pause": "weather",
    "fail_check": "not_done",
}
WORDS = {*REASONS, "hand_in", "answer_part", "reopen"}


class Worker(Protocol):
    """Whoever seals, follows and looks at the clocks."""

    def set_clock(self, now: datetime) -> None:
        """Let it be this late for the worker, too."""

    def meanwhile(self, hour: str) -> Callable[[], None] | None:
        """Return what is done to the worker while people act at this hour."""

    def ring(self, hour: str) -> None:
        """Let everything be followed, then look at the clocks, then follow again."""


@dataclass
class Playing:
    """One case and how far its story has come."""

    cast: Cast
    story: Story
    case: Expected
    step: Step
    hour: int


Answer = tuple[Try, object]


@dataclass
class Day:
    """The whole: everybody, every case, and everything that must have followed."""

    world: World
    worker: Worker
    cases: list[Expected] = field(default_factory=list)
    urged: Urged = field(default_factory=Urged)
    refusals: list[str] = field(default_factory=list)
    again: int = 0
    actors: dict[str, Actor] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)

    def begin(self) -> None:
        """Give everybody their role."""
        place = self.world.district
        for name in ("resident-3", "resident-4"):
            give_role(name, "resident", place)
        for name in ("desk-2", "dispatcher-2", "checker-2"):
            give_role(name, name[:-2], place)
        give_role("grid-worker", "grid_worker", place)
        give_role("officer", "duty_officer", place)
        give_role("supervisor", "supervisor", place)
        give_role("water-2", "handler", place, self.world.water)
        give_role("lights-2", "handler", place, self.world.lights)
        give_role("town", "handler", place, self.world.town)
        self.actors = {name: PUBLIC if name == "visitor" else self.world.viewer(name) for name in ACTORS}
        self.units = dict(Organisation.objects.values_list("code", "id").order_by("code"))

    def play(self, stories: list[tuple[Cast, Story]]) -> None:
        """Let everything happen, hour by hour."""
        playing = [Playing(cast, story, Expected(cast.number, cast.grid), next(story), -1) for cast, story in stories]
        self.cases = [each.case for each in playing]
        for each in playing:
            each.hour = each.cast.start
        with ThreadPoolExecutor(len(ACTORS)) as pool:
            try:
                for number, (hour, has_bell) in enumerate(moments()):
                    self._hour([each for each in playing if each.hour == number], hour, pool)
                    if has_bell:
                        self.worker.ring(hour)
                        self._expect_bell(china(hour))
            finally:
                met = Barrier(len(ACTORS))
                list(pool.map(_leave, [met] * len(ACTORS)))

    def _expect_bell(self, now: datetime) -> None:
        for case in self.cases:
            if case.state == "paused" and case.rests_until is not None and case.rests_until <= now:
                case.take(Done(now, "wake", "house"))
        self.urged.bell([case for case in self.cases if case.done], now)

    def _hour(self, due: list[Playing], hour: str, pool: ThreadPoolExecutor) -> None:
        now = china(hour)
        self.worker.set_clock(now)
        agendas = self._agendas(due)
        start = Barrier(len(ACTORS) + 1)
        running = [pool.submit(self._act, name, agendas[name], now, start) for name in ACTORS]
        start.wait(20)
        more = self.worker.meanwhile(hour)
        if more is not None:
            more()
        answers: dict[int, list[Answer]] = defaultdict(list)
        for acting in running:
            for number, tried, answer in acting.result(120):
                answers[number].append((tried, answer))
        for each in due:
            self._go_on(each, answers[each.cast.number], now)

    def _agendas(self, due: list[Playing]) -> dict[str, list[tuple[Playing, Try, Barrier | None]]]:
        """Return what everybody is to do; who is to meet somebody does that first, all in the same order."""
        found: dict[str, list[tuple[Playing, Try, Barrier | None]]] = defaultdict(list)
        for each in sorted(due, key=lambda each: (len(each.step.tries) == 1, each.cast.number)):
            names = {tried.who for tried in each.step.tries}
            meet = Barrier(len(names)) if len(names) > 1 else None
            for tried in each.step.tries:
                found[tried.who].append((each, tried, meet))
        return found

    def _act(
        self, name: str, agenda: list[tuple[Playing, Try, Barrier | None]], now: datetime, start: Barrier
    ) -> list[tuple[int, Try, object]]:
        """Do one's agenda; a refusal in words is an answer, anything else ends the test."""
        found: list[tuple[int, Try, object]] = []
        start.wait(20)
        with frozen_at(now):
            for each, tried, meet in agenda:
                if meet is not None:
                    meet.wait(60)
                try:
                    found.append((each.cast.number, tried, self._try(each.case, tried)))
                except (MoveRefused, PartsUnanswered) as refusal:
                    found.append((each.cast.number, tried, refusal))
        return found

    def _try(self, case: Expected, tried: Try) -> object:
        by = self.actors[tried.who]
        if tried.move == "report":
            return report(self.world, by=by, grid=case.grid, text=words_of(case.number), token=tried.token)
        return ACTIONS[tried.move](by=by, case_id=case.id, **self._given(case, tried))

    def _given(self, case: Expected, tried: Try) -> dict[str, Any]:
        """Return everything that a move needs."""
        given: dict[str, Any] = {}
        if tried.move in REASONS:
            given["reason"] = REASONS[tried.move]
        if tried.move in WORDS:
            given["text"] = "已到现场处理"
        if tried.move in {"rate", "reopen", "withdraw"} and tried.who == "visitor":
            given["receipt"] = case.code
        match tried.move:
            case "file":
                given["condition_id"] = self.world.conditions[tried.condition].id
            case "dispatch":
                support = [self.units[unit] for unit in tried.support]
                given |= {"unit_id": self.units[tried.unit], "reason": "按权责清单", "support": support}
            case "answer_part":
                given["part_id"] = Assignment.objects.get(case=case.id, unit=self.units[tried.unit]).id
            case "ask_pause":
                given["until"] = tried.until
            case "rate":
                given["rating"] = tried.rating
            case "join":
                given["token"] = tried.token
        return given

    def _go_on(self, each: Playing, answers: list[Answer], now: datetime) -> None:
        """Tell the oracle what the house agreed to, and the story, which says what is next and when."""
        agreed = [(tried, answer) for tried, answer in answers if not isinstance(answer, Exception)]
        self.refusals += [type(answer).__name__ for _, answer in answers if isinstance(answer, Exception)]
        if each.step.refused >= 0:
            assert len(answers) - len(agreed) == each.step.refused, (each.cast.number, answers)
        fresh = [(tried, answer) for tried, answer in agreed if not (isinstance(answer, Receipt) and not answer.is_new)]
        self.again += len(agreed) - len(fresh)
        for tried, answer in sorted(fresh, key=lambda pair: _order(pair[1])):
            if tried.move == "report" and isinstance(answer, Receipt):
                each.case.id, each.case.code = answer.case_id, answer.code
            each.case.take(_done(tried, now))
        assert {answer.case_id for _, answer in agreed if isinstance(answer, Receipt)} <= {each.case.id}
        try:
            each.step = each.story.send({tried.move for tried, _ in fresh})
        except StopIteration:
            each.hour = -1
            return
        since = HOURS.index(each.step.since) if each.step.since else 0
        each.hour = max(each.hour + each.step.later, since)
        assert each.hour < len(HOURS), (each.cast.number, each.step)


def _leave(met: Barrier) -> None:
    """End the connection of every thread: each waits for the others."""
    met.wait(60)
    connection.close()


def words_of(number: int) -> str:
    """Return what the reporter of a case says; no two say the same."""
    return f"第{number}件：井盖坏了，晚上很危险"


def _order(answer: object) -> str:
    """Return by what two moves of one case sort as they happened: their rows were made one after the other."""
    return str(answer.id) if isinstance(answer, CaseMove) else ""


def _done(tried: Try, now: datetime) -> Done:
    return Done(now, tried.move, tried.who, tried.unit, tried.condition, tried.until, tried.support, tried.rating)
