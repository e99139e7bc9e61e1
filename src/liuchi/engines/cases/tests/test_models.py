"""What must always be true of cases, broken once each to see that the database refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from liuchi.engines.cases.models import (
    Accused,
    Appeal,
    Assignment,
    Case,
    CaseClass,
    CaseClock,
    CaseMove,
    CaseOrigin,
    Catalogue,
    FilingCondition,
    Jurisdiction,
    OutsideUpdate,
    Report,
    Supervision,
    SupervisionEntry,
)
from liuchi.engines.cases.models.bulk import BulkOutcome, BulkRun
from liuchi.engines.cases.models.call_back import CallBack, CallBackRule
from liuchi.engines.cases.models.saved import SavedList
from liuchi.engines.cases.models.topics import RecordedRequest, Topic
from liuchi.engines.cases.testing import MORNING, World, case_of, closed, dispatched, report
from liuchi.ground.access.models import Account, ApiKey
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id

LATER = MORNING + timedelta(hours=1)


def _case(**values: Any) -> Callable[[Case], object]:
    return lambda case: Case.objects.filter(id=case.id).update(**values)


def _clock(kind: str, **values: Any) -> Callable[[Case], object]:
    return lambda case: CaseClock.objects.filter(case=case, kind=kind, stopped_at=None).update(**values)


def _again(model: Any, **values: Any) -> Callable[[Case], object]:
    """Insert a copy of the newest row with another id and other `values`."""

    def insert(case: Case) -> None:
        row = model.objects.order_by("id").last()
        row.pk, row._state.adding = new_id(), True
        for name, value in values.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return insert


def _second_clock(kind: str) -> Callable[[Case], object]:
    def insert(case: Case) -> None:
        row = CaseClock.objects.get(case=case, kind=kind, stopped_at=None)
        row.pk, row._state.adding = new_id(), True
        row.save(force_insert=True)

    return insert


def _rows(*rows: Any) -> Callable[[Case], object]:
    """Insert rows one after another; the last of them breaks the rule."""

    def insert(case: Case) -> None:
        for row in rows:
            row.save(force_insert=True)

    return insert


def _topic(code: str = "110000", level: int = 1, parent: Topic | None = None) -> Topic:
    return Topic(id=new_id(), classification="test", code=code, name="城乡建设", level=level, parent=parent)


def _request() -> RecordedRequest:
    return RecordedRequest(id=new_id(), jurisdiction="nyc", number="1", class_name="Noise", made_at=MORNING)


def _origin(case: Case, number: str = "1") -> CaseOrigin:
    calendar = apps.get_model("calendars", "Calendar").objects.get(code="cn")
    known = Jurisdiction.objects.filter(code="nyc").first()
    elsewhere = known or Jurisdiction.objects.create(code="nyc", name="nyc", area_id=case.place_id, calendar=calendar)
    return CaseOrigin(case=case, jurisdiction=elsewhere, number=number)


def _same_origin(case: Case) -> None:
    """Tell of two cases that they were recorded under one number."""
    _origin(case).save(force_insert=True)
    other = Case.objects.get(id=case.id)
    other.pk, other.number, other._state.adding = new_id(), "20240912-9999", True
    other.save(force_insert=True)
    _origin(other).save(force_insert=True)


def _urged(times: int = 1, **values: Any) -> Callable[[Case], object]:
    """Insert supervisions of a case's own clock (of none, where `follows` the first one), each with these values."""

    def insert(case: Case) -> None:
        given = {"case": case, "level": "order", "origin": "rule", "step": "handling", "actor_kind": "system"}
        given |= {"issued_at": LATER, "answer_due_at": LATER, **values}
        if given.pop("follows", False):
            given["follows"] = Supervision.objects.create(**given)
        elif times > 1:
            given["clock"] = case.clocks.order_by("id").first()
        for _ in range(times):
            Supervision.objects.create(**given)

    return insert


def _said(said: str) -> Callable[[Case], object]:
    def insert(case: Case) -> None:
        _urged()(case)
        given = {"said": said, "actor_kind": "system", "happened_at": LATER, "line_id": new_id()}
        SupervisionEntry.objects.create(supervision=Supervision.objects.get(), **given)

    return insert


def _appeal(case: Case) -> Appeal:
    asked = CaseMove.objects.filter(case=case).order_by("id").first()
    clock = CaseClock.objects.filter(case=case).order_by("id").first()
    return Appeal(case=case, clock=clock, unit=case.unit, asked=asked, is_upheld=True)


def _rule(**values: Any) -> Callable[[Case], object]:
    given = {"percent": 5, "most_calls": 3, "since": LATER, **values}
    return lambda case: CallBackRule.objects.create(area_id=case.place_id, **given)


def _called(*calls: dict[str, Any]) -> Callable[[Case], object]:
    """Insert call-backs of a case, each after another of its moves."""

    def insert(case: Case) -> None:
        for closing, values in zip(CaseMove.objects.filter(case=case).order_by("id"), calls, strict=False):
            given = {"percent": 5, "most_calls": 3, "drawn_at": LATER, **values}
            CallBack.objects.create(case=case, closing=closing, **given)

    return insert


def _saved(*lists: dict[str, Any]) -> Callable[[Case], object]:
    def insert(case: Case) -> None:
        account = Account.objects.order_by("id")[0]
        for values in lists:
            SavedList.objects.create(account=account, saved_at=LATER, **values)

    return insert


def _became(*outcomes: dict[str, Any]) -> Callable[[Case], object]:
    """Insert what became of a case in one run of a bulk step."""

    def insert(case: Case) -> None:
        account = Account.objects.order_by("id")[0]
        run = BulkRun.objects.create(id=new_id(), account=account, move="dispatch", cases=[], begun_at=LATER)
        for values in outcomes:
            BulkOutcome.objects.create(run=run, case=case, **values)

    return insert


def _accused(case: Case) -> None:
    for _ in range(2):
        Accused.objects.create(case=case, unit_id=_other_unit(case), named_at=LATER)


def _told_twice(case: Case) -> None:
    owner = Account.objects.get(username="water")
    facts = {"powers": ["cases.handle"], "areas": [case.place_id], "created_at": MORNING, "expires_at": LATER}
    key = ApiKey.objects.create(name="app", owner=owner, prefix="x", digest=b"", reason="tests", **facts)
    for _ in range(2):
        OutsideUpdate.objects.create(key=key, case=case, name="7001", digest=b"", line_id=new_id(), received_at=LATER)


def _part_clocks(case: Case) -> None:
    """Let one part have two clocks that run, though their kinds and steps would allow it."""
    part = Assignment.objects.get(case=case)
    for _ in range(2):
        row = CaseClock.objects.get(case=case, kind="step", stopped_at=None, assignment=None)
        row.pk, row.assignment, row._state.adding = new_id(), part, True
        row.save(force_insert=True)


BROKEN: dict[str, Callable[[Case], object]] = {
    "origin_once_in_a_jurisdiction": _same_origin,
    "origin_has_a_number": lambda case: _origin(case, "").save(force_insert=True),
    "topic_coded_once": _rows(_topic(), _topic()),
    "topic_has_three_levels": _rows(_topic(level=0)),
    "topic_stands_below_another": _rows(_topic(level=2)),
    "recorded_request_once": _rows(_request(), _request()),
    "case_state_known": _case(state="lost"),
    "case_ended_means_an_ended_state": _case(ended_at=LATER),
    "case_merged_names_another": _case(merged_into=F("id")),
    "case_is_no_part_of_itself": _case(split_from=F("id")),
    "case_filed_has_a_condition": _case(condition=None),
    "case_dispatched_has_a_unit": _case(unit=None),
    "case_open_has_a_clock": _case(step_due_at=None),
    "case_rests_until_a_moment": _case(state="paused"),
    "case_rating_one_to_five": _case(rating=6),
    "case_has_one_lead": lambda case: Assignment.objects.create(
        case=case, unit_id=_other_unit(case), role="lead", reason="", assigned_at=LATER
    ),
    "unit_has_one_part": _again(Assignment, role="support"),
    "assignment_ends_after_it_begins": lambda case: Assignment.objects.update(ended_at=MORNING - timedelta(days=1)),
    "case_has_one_case_clock": _second_clock("case"),
    "case_has_one_clock_of_a_step": _second_clock("step"),
    "clock_runs_or_is_paused_or_stopped": _clock("case", paused_at=LATER),
    "clock_stopped_is_judged": _clock("case", running_since=None, stopped_at=LATER),
    "clock_warns_before_due": _clock("case", warn_at=LATER + timedelta(days=99)),
    "clock_rests_only_while_paused": _clock("case", rests_until=LATER),
    "appeal_decided_says_how": lambda case: _appeal(case).save(force_insert=True),
    "clock_excused_was_overdue": _clock("case", excused=True),
    "clock_is_never_shortened": _clock("case", extension_value=Decimal(-1)),
    "report_receipt_once": _again(Report),
    "catalogue_numbered_once": _again(Catalogue, valid_to=date(2030, 1, 1)),
    "catalogue_in_force_once": _again(Catalogue, number=2),
    "catalogue_ends_after_it_begins": lambda case: Catalogue.objects.update(valid_to=date(2000, 1, 1)),
    "class_once_in_a_catalogue": _again(CaseClass),
    "class_kind_known": _again(CaseClass, kind="wish"),
    "condition_numbered_once": _again(FilingCondition),
    "clock_supervised_once_per_level": _urged(2),
    "supervision_followed_once": _urged(2, follows=True),
    "supervision_level_known": _urged(level="blue"),
    "supervision_origin_known": _urged(origin="wish"),
    "supervision_ended_unless_open": _urged(standing="settled"),
    "supervision_reminder_asks_no_answer": _urged(level="reminder", standing="answered"),
    "supervision_entry_known": _said("shout"),
    "accused_once": _accused,
    "outside_update_once": _told_twice,
    "bulk_outcome_once": _became({"code": "changed"}, {"code": "gone"}),
    "bulk_outcome_is_done_or_says_why": _became({"code": ""}),
    "call_back_share_is_a_percentage": _rule(percent=101),
    "call_back_calls_are_few": _rule(most_calls=6),
    "case_has_one_call_back": _called({}, {}),
    "call_back_ended_has_a_result": _called({"ended_at": LATER}),
    "call_back_calls_within_the_rule": _called({"calls": 4}),
    "call_back_satisfied_was_reached": _called({"is_satisfied": True}),
    "part_has_one_clock_of_a_step": _part_clocks,
    "part_declined_is_open_support": lambda case: Assignment.objects.filter(case=case).update(declined_at=LATER),
    "saved_list_named_once": _saved({"name": "急件"}, {"name": "急件"}),
    "saved_list_one_default": _saved({"name": "急件", "is_default": True}, {"name": "慢件", "is_default": True}),
    "saved_list_has_a_name": _saved({"name": ""}),
    "condition_limit_positive": _again(FilingCondition, number=9, limit_value=Decimal(0)),
}


def _other_unit(case: Case) -> UUID:
    bodies = apps.get_model("organisations", "Organisation").objects.exclude(id=case.unit_id)
    return UUID(str(bodies.order_by("code").values_list("id", flat=True)[0]))


@pytest.mark.parametrize(("name", "break_it"), BROKEN.items(), ids=BROKEN)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(
    world: World, name: str, break_it: Callable[[Case], object]
) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)

    with (
        guard.scope("maintenance", "test"),
        pytest.raises(IntegrityError, match=f'constraint "{name}"'),
        transaction.atomic(),
    ):
        break_it(case)


def test_rules_of_the_models_when_listed_then_each_has_a_test_that_breaks_it() -> None:
    declared = {rule.name for model in apps.get_app_config("cases").get_models() for rule in model._meta.constraints}

    assert declared == BROKEN.keys()


def test_paused_clock_when_running_as_well_then_the_database_refuses_it(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world)

    with (
        guard.scope("maintenance", "test"),
        pytest.raises(IntegrityError, match="clock_runs_or_is_paused_or_stopped"),
        transaction.atomic(),
    ):
        CaseClock.objects.filter(case=case).update(running_since=MORNING)


UNIQUE: dict[str, Callable[[Case], object]] = {
    "cases_case_number_key": _again(Case),
    "cases_casemove_line_id_key": _again(CaseMove),
}


@pytest.mark.parametrize(("name", "repeat"), UNIQUE.items(), ids=UNIQUE)
def test_value_when_given_twice_then_the_database_refuses_it(
    world: World, name: str, repeat: Callable[[Case], object]
) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)

    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=name), transaction.atomic():
        repeat(case)


EDITS = {
    "edit": "UPDATE cases_casemove SET to_state = 'closed'",
    "rewrite words": "UPDATE cases_casemove SET internal_text = 'nobody said this'",
    "add words": "UPDATE cases_casemove SET public_text = 'x' WHERE public_text = ''",
    "erase words and edit": "UPDATE cases_casemove SET internal_text = '', actor_id = NULL",
    "move in time": "UPDATE cases_casemove SET happened_at = happened_at - interval '1 day'",
    "delete": "DELETE FROM cases_casemove",
    "truncate": "TRUNCATE cases_casemove CASCADE",
}


@pytest.mark.parametrize("statement", EDITS.values(), ids=EDITS)
def test_history_when_somebody_edits_it_then_the_database_refuses(world: World, statement: str) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        before = list(CaseMove.objects.values())

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with (
            guard.scope("maintenance", "test"),
            pytest.raises(DatabaseError, match="history is appended, never edited"),
            transaction.atomic(),
        ):
            cursor.execute(statement)

    assert list(CaseMove.objects.filter(case=case).values()) == before


def test_words_in_the_history_when_erased_then_only_they_are_gone(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world)
        before = list(CaseMove.objects.filter(case=case).values())

    with guard.scope("maintenance", "test"):
        CaseMove.objects.filter(case=case).update(internal_text="", public_text="")

    assert list(CaseMove.objects.filter(case=case).values()) == [
        {**row, "internal_text": "", "public_text": ""} for row in before
    ]


def test_rows_when_printed_then_name_themselves_without_anybody(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)

    assert str(case) == case.number
    assert str(case.reports.get()) == str(case.reports.get().id)
    assert [str(move) for move in case.moves.order_by("id")] == ["report", "file", "dispatch"]
    assert [str(clock) for clock in case.clocks.filter(stopped_at=None).order_by("kind")] == [
        "case case",
        "step handling",
    ]
    assert str(case.assignments.get()) == f"{case.id} {world.water.id}"
    assert (str(world.conditions[0]), str(world.conditions[0].case_class)) == ("破损", "上水井盖")
    assert str(Catalogue.objects.get()) == "测试标准 (1)"


def test_case_number_when_given_then_is_chinas_date_and_six_digits(world: World) -> None:
    first, second = case_of(dispatched(world).id), case_of(dispatched(world).id)

    day, _, serial = first.number.partition("-")
    assert (len(day), len(serial), int(second.number[-6:])) == (8, 6, int(serial) + 1)


def test_case_number_when_a_million_cases_were_reported_then_goes_on(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM cases_case_number")
        (before,) = cursor.fetchone() or (1,)
        cursor.execute("SELECT setval('cases_case_number', 1000233)")

        number = report(world).number

        cursor.execute("SELECT setval('cases_case_number', %s)", [before])  # no rollback does that
    assert number.endswith("-1000234")
