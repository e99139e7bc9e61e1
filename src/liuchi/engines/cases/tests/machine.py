"""Many cases walk through the stages in any order, at any hour, by anybody, beside the oracle."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from liuchi.engines.cases import tasks
from liuchi.engines.cases.actions.changing import withdraw_report
from liuchi.engines.cases.actions.check import fail_check, pass_check, verify_case
from liuchi.engines.cases.actions.decide import (
    end_pause,
    grant_extension,
    grant_pause,
    refuse_extension,
    refuse_pause,
    reject_decline,
    uphold_decline,
)
from liuchi.engines.cases.actions.desk import close_case, file_case, refuse_case, send_to_verify
from liuchi.engines.cases.actions.dispatch import dispatch_case, return_to_desk, take_back_dispatch
from liuchi.engines.cases.actions.ending import (
    approve_ending,
    ask_ending,
    propose_ending,
    reject_ending,
    reject_proposal,
)
from liuchi.engines.cases.actions.handle import ask_extension, ask_pause, decline_case, hand_in_result, resume_case
from liuchi.engines.cases.actions.joining import join_case
from liuchi.engines.cases.actions.merging import merge_case, unmerge_case, unmerge_filed_case
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.actions.splitting import split_off
from liuchi.engines.cases.actions.waking import wake_case
from liuchi.engines.cases.models import Case, CaseClock, CaseMove
from liuchi.engines.cases.testing import MORNING, World, report
from liuchi.engines.cases.tests.machine_appeals import AppealRules
from liuchi.engines.cases.tests.machine_calls import CallRules, reopen_on_call
from liuchi.engines.cases.tests.machine_parts import PartRules
from liuchi.engines.cases.tests.oracle import (
    ASIDE,
    CHINA,
    LATEST,
    PEOPLE,
    REST_DAYS,
    RETURNS,
    TABLE,
    Expected,
    Person,
)
from liuchi.engines.cases.tests.oracle_gathering import Said, lead_for
from liuchi.ground.access.viewers import PUBLIC, Viewer
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.testing import empty_journal_folder
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.ids import new_id

#: Some minutes, past a closing, over a night, over a weekend, past the 24 hours, over holidays, past the 30 days.
STRIDES = st.one_of(
    st.integers(1, 7200),
    st.sampled_from([3 * 3600, 4 * 3600, 8 * 3600, 15 * 3600, 24 * 3600, 24 * 3600 + 1, 3 * 86400, 5 * 86400]),
    st.sampled_from([9 * 86400, 30 * 86400, 31 * 86400]),
)
UNITS = st.sampled_from(["water", "lights"])
#: The house itself, whose worker lets cases go on.
HOUSE = Person("house")
#: Cases at once in one example; and how much likelier than others are the moves that lead on.
MOST = 4
FORWARD = {"file": 6, "dispatch": 4, "hand_in": 2, "grant_pause": 3, "close": 1, "reopen": 2}
ACTIONS: dict[str, Callable[..., object]] = {
    "send_to_verify": send_to_verify,
    "verify": verify_case,
    "file": file_case,
    "refuse": refuse_case,
    "dispatch": dispatch_case,
    "take_back": take_back_dispatch,
    "return_to_desk": return_to_desk,
    "decline": decline_case,
    "uphold_decline": uphold_decline,
    "reject_decline": reject_decline,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "refuse_extension": refuse_extension,
    "ask_pause": ask_pause,
    "grant_pause": grant_pause,
    "refuse_pause": refuse_pause,
    "resume": resume_case,
    "end_pause": end_pause,
    "wake": wake_case,
    "hand_in": hand_in_result,
    "pass_check": pass_check,
    "fail_check": fail_check,
    "close": close_case,
    "rate": rate_case,
    "reopen": reopen_case,
    "merge": merge_case,
    "unmerge": unmerge_case,
    "unmerge_filed": unmerge_filed_case,
    "withdraw": withdraw_report,
    "ask_ending": ask_ending,
    "propose_ending": propose_ending,
    "approve_ending": approve_ending,
    "reject_ending": reject_ending,
    "reject_proposal": reject_proposal,
    "reopen_on_call": reopen_on_call,
}
REASONS = {
    "refuse": "outside_duty",
    "return_to_desk": "place_unclear",
    "decline": "not_our_duty",
    "reject_decline": "on_the_list",
    "ask_extension": "material",
    "ask_pause": "weather",
    "fail_check": "not_done",
    "ask_ending": "against_law",
    "propose_ending": "outside_duty",
    "approve_ending": "decided",
}
WORDS = {
    "unmerge",
    "unmerge_filed",
    "ask_ending",
    "propose_ending",
    "approve_ending",
    "reject_ending",
    "reject_proposal",
    "ask_extension",
    "refuse_extension",
    "ask_pause",
    "refuse_pause",
    "end_pause",
    "refuse",
    "return_to_desk",
    "decline",
    "reject_decline",
    "hand_in",
    "verify",
    "fail_check",
    "reopen",
}


def attempt(
    world: World, actor: Actor, case: Expected, move: str, person: Person, *, unit: str, condition: int
) -> None:
    """Call the action of `move` with everything it needs."""
    given: dict[str, Any] = {}
    if move in REASONS:
        given["reason"] = REASONS[move]
    if move in WORDS:
        given["text"] = "已处理"
    if move == "verify":
        given["found"] = True
    elif move == "file":
        given["condition_id"] = world.conditions[condition].id
    elif move == "dispatch":
        given |= {"unit_id": getattr(world, unit).id, "reason": "按权责清单"}
    elif move == "ask_pause":
        given["until"] = clock.now().astimezone(CHINA).date() + timedelta(days=REST_DAYS[condition])
    elif move == "rate":
        given["rating"] = 3
    elif move == "merge":
        lead = lead_for(case, person, case.among) or case.among[0]
        given["lead_id"] = lead.id
    if move in {"rate", "reopen", "withdraw"} and person.name == "receipt holder":
        given["receipt"] = case.receipt
    ACTIONS[move](by=actor, case_id=case.id, **given)


def traces() -> tuple[int, ...]:
    """Return how many rows of everything that a move could leave there are, and how often cases changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM journal_line), (SELECT count(*) FROM cases_casemove),"
            " (SELECT count(*) FROM cases_caseclock), (SELECT count(*) FROM cases_assignment),"
            " (SELECT count(*) FROM cases_report), (SELECT coalesce(sum(version), 0) FROM cases_case),"
            " (SELECT count(*) FROM cases_caseclock WHERE stopped_at IS NULL),"
            " (SELECT count(*) FROM cases_assignment WHERE ended_at IS NULL)"
        )
        return tuple(cursor.fetchone() or ())


class Cases(PartRules, CallRules, AppealRules, RuleBasedStateMachine):
    """The machine; `world` is set by the test that runs it."""

    world: World
    viewers: dict[str, Viewer]

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        self.cases: list[Expected] = []
        self.lines_before = Line.objects.count()
        self.draws = 0
        self.block = transaction.atomic()
        self.block._from_testcase = True  # type: ignore[attr-defined]  # an example may be undone, though actions are durable
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        empty_journal_folder()

    def actor(self, person: Person) -> Actor:
        return self.viewers.get(person.name, PUBLIC)

    @initialize(seconds=st.integers(0, 20 * 86400))
    def begin(self, seconds: int) -> None:
        self.now = MORNING + timedelta(seconds=seconds)
        self.say("resident", 0)

    @precondition(lambda self: len(self.cases) < MOST)
    @rule(who=st.sampled_from(["resident", "other-resident", "visitor", "desk"]), grid=st.integers(0, 7))
    def say(self, who: str, grid: int) -> None:
        person = next(each for each in PEOPLE if each.name == who)
        self.now += timedelta(seconds=1)
        with frozen_at(self.now):
            receipt = report(self.world, by=self.actor(person), grid=grid)
        told = "nobody" if who == "visitor" else who
        case = Expected(receipt.case_id, 1 if grid < 4 else 2, told, receipt.code, reported=self.now, among=self.cases)
        case.behind.said.append(Said(told, receipt.code, self.now))
        case.happened.append(("report", self.now, False))
        case.begin(self.now)
        self.cases.append(case)

    @rule(stride=STRIDES)
    def wait(self, stride: int) -> None:
        self.now = min(self.now + timedelta(seconds=stride), LATEST)

    @rule()
    def let_the_worker_look(self) -> None:
        with frozen_at(self.now):
            tasks.wake()
        for case in self.cases:
            if case.state == "paused" and case.rests_until is not None and case.rests_until <= self.now:
                case.make(HOUSE, "wake", self.now, unit="", condition=0)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), times=st.integers(1, 6), unit=UNITS, condition=st.integers(0, 2))
    def move(self, data: st.DataObject, times: int, unit: str, condition: int) -> None:
        case = data.draw(st.sampled_from(self.cases), "case")
        for _ in range(times):
            self.now = min(self.now + timedelta(minutes=data.draw(st.integers(0, 200), "minutes")), LATEST)
            open_to = [(person, name) for name in TABLE for person in PEOPLE if case.may(person, name, unit, self.now)]
            names = [
                name for name in TABLE for _ in range(FORWARD.get(name, 1)) if name in {each for _, each in open_to}
            ]
            if not names:
                return
            name = data.draw(st.sampled_from(names), "move")
            person = data.draw(st.sampled_from([each for each, wanted in open_to if wanted == name]), "person")
            self.do(case, person, name, unit, condition)

    def do(self, case: Expected, person: Person, name: str, unit: str, condition: int) -> None:
        """Let somebody make a move that they may make."""
        with frozen_at(self.now):
            attempt(self.world, self.actor(person), case, name, person, unit=unit, condition=condition)
        case.make(person, name, self.now, unit=unit, condition=condition)
        self.everything_is_as_the_oracle_says()

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), times=st.integers(1, 5), unit=UNITS, any_move=st.booleans())
    def try_what_is_not_allowed(self, data: st.DataObject, times: int, unit: str, any_move: bool) -> None:
        case = data.draw(st.sampled_from(self.cases), "case")
        fitting = [name for name in TABLE if any_move or case.state in TABLE[name][0]]
        wrong = [(who, name) for name in fitting for who in PEOPLE if not case.may(who, name, unit, self.now)]
        # Who is not alone, or whose matter a unit has, takes back their own report only: a rule of its own.
        wrong = [(who, name) for who, name in wrong if name != "withdraw" or not case.behind.of(who, case.receipt)]
        before = traces()
        for person, name in data.draw(st.lists(st.sampled_from(wrong), max_size=times)) if wrong else []:
            try:
                with frozen_at(self.now):
                    attempt(self.world, self.actor(person), case, name, person, unit=unit, condition=0)
            except RuleBroken:
                assert traces() == before
            else:
                raise AssertionError(f"{person.name} could {name} a case that is {case.state}")

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), who=st.sampled_from(["resident", "other-resident", "visitor"]))
    def join(self, data: st.DataObject, who: str) -> None:
        case = data.draw(st.sampled_from(self.cases), "case")
        person = next(each for each in PEOPLE if each.name == who)
        before = traces()
        self.now += timedelta(seconds=1)
        try:
            with frozen_at(self.now):
                receipt = join_case(by=self.actor(person), case_id=case.id, token=new_id())
        except RuleBroken:
            assert case.ended is not None
            assert traces() == before
            return
        assert case.ended is None
        assert receipt.is_new == (who == "visitor" or not case.behind.of(person, ""))
        if receipt.is_new:
            told = "nobody" if who == "visitor" else who
            case.behind.said.append(Said(told, receipt.code, self.now, is_joined=True))
            case.happened.append(("join", self.now, False))

    @precondition(lambda self: self.cases)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(self.cases), "case")
        names = [who for who in PEOPLE if case.behind.of(who, case.receipt)]
        if not names or case.ended is not None:
            return
        person = data.draw(st.sampled_from(names), "person")
        if case.may(person, "withdraw", "water", self.now):
            return
        code = case.receipt if person.name == "receipt holder" else ""
        with frozen_at(self.now):
            assert not withdraw_report(by=self.actor(person), case_id=case.id, receipt=code)
        for each in case.behind.of(person, case.receipt):
            each.is_withdrawn = True
        case.happened.append(("withdraw_report", self.now, False))

    @precondition(lambda self: self.cases and len(self.cases) < MOST)
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        first = data.draw(st.sampled_from(self.cases), "case")
        message, before = first.behind.message(), traces()
        try:
            with frozen_at(self.now):
                made = split_off(by=self.viewers["desk"], case_id=first.id, token=new_id(), text="还有路灯也不亮")
        except RuleBroken:
            assert first.state != "received" or message is None
            assert traces() == before
            return
        assert first.state == "received"
        assert message is not None
        part = Expected(made.id, first.town, first.reporter, message.receipt, reported=first.reported, among=self.cases)
        part.behind.said.append(Said(message.name, message.receipt, message.at))
        part.moves = ["split"]
        part.happened.append(("split", self.now, False))
        part.begin(self.now)
        self.cases.append(part)

    @invariant()
    def everything_is_as_the_oracle_says(self) -> None:
        rows = {case.id: case for case in Case.objects.select_related("condition", "unit")}
        clocks: dict[Any, dict[str, CaseClock]] = {}
        for each in CaseClock.objects.filter(stopped_at=None, assignment=None):
            assert each.step not in clocks.setdefault(each.case_id, {})
            clocks[each.case_id][each.step] = each
        history: dict[Any, list[str]] = {}
        for case_id, name in CaseMove.objects.order_by("id").values_list("case_id", "name"):
            history.setdefault(case_id, []).append(name)
        told: dict[Any, list[bool]] = {}
        for case_id, data in Line.objects.filter(subject_id__in=rows).values_list("subject_id", "data"):
            told.setdefault(case_id, []).append(bool(data.get("overdue")))
        assert rows.keys() == {case.id for case in self.cases}
        lines = Line.objects.count() - self.lines_before - self.draws
        assert lines == sum(len(case.happened) for case in self.cases)
        for case in self.cases:
            assert history[case.id] == case.moves
            # No ping-pong: whatever anybody does, a case goes back a bounded number of times.
            assert history[case.id].count("return_to_desk") <= RETURNS
            assert history[case.id].count("decline") <= len({"water", "lights"} & case.had_a_part)
            assert told[case.id] == [late for _, _, late in case.happened]
            self.check(case, rows[case.id], clocks.get(case.id, {}))
            self.parts_are_as_expected(case)
        self.rounds_are_as_expected()

    def check(self, case: Expected, row: Case, clocks: dict[str, CaseClock]) -> None:
        """Hold one case against its row and its clocks that have not stopped."""
        assert row.state == case.state
        assert row.version == len(case.moves)
        assert row.ended_at == case.ended
        assert (row.rating is not None) == bool(case.behind.rated_by)
        assert row.unit_id == (getattr(self.world, case.unit).id if case.unit else None)
        wanted = set() if case.ended else {case.state} | ({"case"} if case.promise else set())
        wanted |= {"handling"} if case.state in ASIDE else set()
        if case.state == "paused":
            wanted = {"handling", "case"}
        assert clocks.keys() == wanted
        assert row.due_at == case.shown_due
        assert not row.is_provisional
        if case.step is None:
            assert (row.step_due_at, row.step_warn_at) == (None, None)
            return
        assert row.rests_until == case.rests_until
        is_resting = case.state == "paused"
        shown = (case.rests_until, case.rests_until) if is_resting else (case.step.ends(), case.step.warns())
        assert (row.step_due_at, row.step_warn_at) == shown
        for name, one in {
            "handling" if is_resting else case.state: case.step,
            **({"handling": case.handling} if case.state in ASIDE else {}),
        }.items():
            assert one is not None
            assert (clocks[name].due_at, clocks[name].warn_at) == (one.ends(), one.warns())
            assert (clocks[name].running_since, clocks[name].rests_until) == (one.since, one.rests)
        if case.promise is not None:
            promise = clocks["case"]
            assert (promise.running_since, promise.paused_at) == (case.promise.since, case.promise.paused)
            assert (promise.due_at, promise.warn_at) == (case.promise.ends(), case.promise.warns())
