"""The registers of sharing, breaches and impact assessments: what is refused, written and held."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.records.actions.breaches import NewBreach, close_breach, note_breach, note_told, weigh_breach
from liuchi.ground.records.actions.registers import (
    NewAssessment,
    NewSharing,
    add_assessment,
    add_sharing,
    end_assessment,
    end_sharing,
)
from liuchi.ground.records.declared import declared
from liuchi.ground.records.models import Assessment, Breach, BreachTelling, Sharing
from liuchi.ground.records.queries import inventory_for
from liuchi.ground.records.queries_registers import breaches, entry_for, every_entry, sharings
from liuchi.ground.records.recipients import assessed, recipients

pytestmark = pytest.mark.django_db
BY = System("tests")
NOW = datetime(2024, 9, 12, 1, 30, tzinfo=UTC)
DAY = date(2024, 9, 1)
TYPES = ["people.person"]
GIVEN = NewSharing("processor", "印务公司", "0556-1", TYPES, "印通知书", "contract", "合同一号", DAY, None, "用后删除")
FOUND = NewBreach("电脑失窃", "leak", TYPES, "门卫室电脑失窃", NOW - timedelta(hours=1))
WEIGHED = NewAssessment(
    "残疾补贴核对", "sensitive", TYPES, "必要", "可控", "加密", "as_planned", DAY, DAY + timedelta(days=365)
)


class Nobody(System):
    """Somebody without any power."""

    def allows(self, power: str, area: object = None) -> bool:
        """Refuse."""
        return False


@pytest.fixture(autouse=True)
def now(db: None) -> Any:
    with frozen_at(NOW):
        ensure_base_calendar(by=BY)
        yield


def _field(act: Callable[[], object]) -> str | None:
    with pytest.raises(RuleBroken) as refused:
        act()
    return refused.value.field


def test_sharing_when_added_and_ended_then_the_inventory_names_who_gets_it_meanwhile() -> None:
    row = add_sharing(by=BY, entry=GIVEN)
    add_sharing(by=BY, entry=replace(GIVEN, name="将来公司", since=date(2025, 1, 1)))

    assert recipients() == {"people.person": ["印务公司"]}
    assert next(each.recipients for each in inventory_for(BY) if each.name == "people.person") == "印务公司"
    end_sharing(by=BY, row_id=row.id, ended_on=date(2024, 9, 12), ended_how="已删除")
    assert recipients() == {}
    with pytest.raises(NotFound):
        end_sharing(by=BY, row_id=row.id, ended_on=DAY, ended_how="再次")
    assert list(Line.objects.filter(kind__startswith="records.").order_by("seq").values_list("kind", flat=True)) == [
        "records.sharing_added",
        "records.sharing_added",
        "records.sharing_ended",
    ]
    assert not [letter for line in Line.objects.all() for letter in str(line.data) if "\u4e00" <= letter <= "\u9fff"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"types": []}, "types"),
        ({"types": ["no.such"]}, "types"),
        ({"kind": "x"}, "kind"),
        ({"basis": "x"}, "basis"),
        ({"document": "  "}, "document"),
        ({"contact": ""}, "contact"),
        ({"measures": " "}, "measures"),
        ({"until": date(2024, 8, 31)}, "until"),
    ],
)
def test_sharing_when_something_is_missing_then_refused_beside_the_field(wrong: dict[str, Any], field: str) -> None:
    assert _field(lambda: add_sharing(by=BY, entry=replace(GIVEN, **wrong))) == field
    assert Sharing.objects.count() == 0


def test_sharing_when_ended_without_saying_what_became_of_the_data_or_tomorrow_then_refused() -> None:
    row = add_sharing(by=BY, entry=GIVEN)

    assert _field(lambda: end_sharing(by=BY, row_id=row.id, ended_on=DAY, ended_how=" ")) == "ended_how"
    for day in (date(2024, 8, 31), date(2024, 9, 13)):
        assert _field(lambda day=day: end_sharing(by=BY, row_id=row.id, ended_on=day, ended_how="x")) == "ended_on"  # type: ignore[misc]


def test_breach_when_noted_then_the_clock_runs_from_when_it_was_found() -> None:
    row = note_breach(by=BY, entry=FOUND)

    assert row.due_at == FOUND.found_at + timedelta(hours=4)
    line = Line.objects.get(kind="records.breach_noted")
    assert (line.data["kind"], line.data["types"]) == ("leak", TYPES)
    assert "失窃" not in str(line.data)


def test_breach_when_closed_then_first_weighed_then_told_to_the_authority_and_to_the_people_or_why_not() -> None:
    row = note_breach(by=BY, entry=FOUND)

    def close(untold_because: str = "") -> None:
        close_breach(by=BY, row_id=row.id, untold_because=untold_because)

    assert _field(close) is None
    weigh_breach(by=BY, row_id=row.id, records=300, people=120, harm="骚扰电话", measures="远程擦除")
    assert _field(close) is None
    note_told(by=BY, row_id=row.id, whom="authority", name="市网信办", told_at=NOW)
    assert _field(close) == "untold_because"
    close(untold_because="硬盘已加密")

    found = Breach.objects.get()
    assert (found.records, found.people, found.ended_at) == (300, 120, NOW)
    assert Line.objects.get(kind="records.breach_closed").data == {
        "breach": str(row.id),
        "in_time": True,
        "people_told": False,
    }
    with pytest.raises(NotFound):
        note_told(by=BY, row_id=row.id, whom="people", name="公告", told_at=NOW)


def test_breach_when_told_late_then_the_line_says_so() -> None:
    row = note_breach(by=BY, entry=FOUND)
    weigh_breach(by=BY, row_id=row.id, records=1, people=1, harm="无", measures="已改")
    with frozen_at(NOW + timedelta(days=1)):
        note_told(by=BY, row_id=row.id, whom="authority", name="市网信办", told_at=NOW + timedelta(hours=4))
        note_told(by=BY, row_id=row.id, whom="people", name="短信", told_at=NOW + timedelta(hours=5))
        close_breach(by=BY, row_id=row.id)

    assert Line.objects.get(kind="records.breach_closed").data["in_time"] is False


def test_breach_when_moments_cannot_be_then_refused() -> None:
    row = note_breach(by=BY, entry=FOUND)

    assert _field(lambda: note_breach(by=BY, entry=replace(FOUND, found_at=NOW + timedelta(minutes=1)))) == "found_at"
    for moment in (NOW - timedelta(hours=2), NOW + timedelta(minutes=1)):
        tell = lambda at=moment: note_told(by=BY, row_id=row.id, whom="police", name="派出所", told_at=at)  # noqa: E731
        assert _field(tell) == "told_at"
    assert _field(lambda: weigh_breach(by=BY, row_id=row.id, records=1, people=1, harm="", measures="x")) == "harm"


def test_assessment_when_added_then_its_records_count_as_weighed_until_it_ends() -> None:
    row = add_assessment(by=BY, entry=WEIGHED)
    add_assessment(by=BY, entry=replace(WEIGHED, types=["records.request"], outcome="not_done"))

    assert assessed() == {"people.person"}
    unweighed = {each.name for each in inventory_for(BY) if each.is_unassessed}
    assert "people.person" not in unweighed
    assert unweighed == {
        each.name for each in declared().values() if each.sensitivity == "sensitive" and each.name != "people.person"
    }
    end_assessment(by=BY, row_id=row.id, ended_on=DAY, ended_how="由新的评估取代")
    assert assessed() == frozenset()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"necessity": ""}, "necessity"),
        ({"made_on": date(2024, 9, 13)}, "made_on"),
        ({"review_on": DAY}, "review_on"),
        ({"outcome": "x"}, "outcome"),
    ],
)
def test_assessment_when_it_cannot_be_so_then_refused_beside_the_field(wrong: dict[str, Any], field: str) -> None:
    assert _field(lambda: add_assessment(by=BY, entry=replace(WEIGHED, **wrong))) == field


def test_register_when_somebody_without_the_power_writes_or_reads_then_refused() -> None:
    row, by = add_sharing(by=BY, entry=GIVEN), Nobody("nobody")

    assert sharings(BY).rows == [row]
    for attempt in (
        lambda: add_sharing(by=by, entry=GIVEN),
        lambda: end_sharing(by=by, row_id=row.id, ended_on=DAY, ended_how="x"),
        lambda: note_breach(by=by, entry=FOUND),
        lambda: add_assessment(by=by, entry=WEIGHED),
        lambda: sharings(by),
        lambda: breaches(by),
        lambda: entry_for(by, Sharing, row.id),
        lambda: every_entry(by, Breach),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_registers_when_retention_comes_then_a_closed_breach_goes_with_its_tellings() -> None:
    row = note_breach(by=BY, entry=FOUND)
    weigh_breach(by=BY, row_id=row.id, records=1, people=1, harm="无", measures="已改")
    note_told(by=BY, row_id=row.id, whom="authority", name="市网信办", told_at=NOW)
    close_breach(by=BY, row_id=row.id, untold_because="已加密")
    dispose = declared()["records.breach"].retention.dispose

    assert dispose is not None
    with guard.scope("maintenance", "test"):
        assert dispose([row.id]) == 1

    assert (Breach.objects.count(), BreachTelling.objects.count()) == (0, 0)


SHARING: dict[str, Any] = {
    "kind": "recipient",
    "name": "民政局",
    "contact": "1",
    "types": TYPES,
    "purpose": "x",
    "basis": "law",
    "document": "x",
    "since": DAY,
}
BREACH: dict[str, Any] = {
    "title": "x",
    "kind": "leak",
    "types": TYPES,
    "words": "x",
    "found_at": NOW,
    "noted_at": NOW,
    "due_at": NOW + timedelta(hours=4),
}
ASSESSMENT: dict[str, Any] = {
    "title": "x",
    "trigger": "sensitive",
    "types": TYPES,
    "necessity": "x",
    "risks": "x",
    "measures": "x",
    "outcome": "as_planned",
    "made_on": DAY,
    "review_on": DAY + timedelta(days=1),
}
EARLIER = DAY - timedelta(days=1)


def _make(model: type[models.Model], **values: Any) -> Any:
    with guard.scope("maintenance", "test"):
        return model._default_manager.create(**values)


@pytest.mark.parametrize(
    ("constraint", "model", "good", "wrong"),
    [
        ("sharing_names_record_types", Sharing, SHARING, {"types": []}),
        ("sharing_says_who_why_and_on_what", Sharing, SHARING, {"document": ""}),
        ("sharing_binds_who_handles_for_us", Sharing, SHARING, {"kind": "processor"}),
        ("sharing_runs_out_after_it_begins", Sharing, SHARING, {"until": EARLIER}),
        ("sharing_ended_says_what_became_of_the_data", Sharing, SHARING, {"ended_on": DAY}),
        ("sharing_ended_says_what_became_of_the_data", Sharing, SHARING, {"ended_on": EARLIER, "ended_how": "x"}),
        ("breach_names_record_types", Breach, BREACH, {"types": []}),
        ("breach_says_what_happened", Breach, BREACH, {"words": ""}),
        ("breach_noted_after_it_was_found", Breach, BREACH, {"noted_at": NOW - timedelta(hours=1)}),
        ("breach_due_after_it_was_found", Breach, BREACH, {"due_at": NOW}),
        ("breach_closed_says_what_was_done", Breach, BREACH, {"ended_at": NOW, "measures": "x"}),
        ("assessment_names_record_types", Assessment, ASSESSMENT, {"types": []}),
        ("assessment_weighs_need_risk_and_measures", Assessment, ASSESSMENT, {"risks": ""}),
        ("assessment_is_looked_at_again_later", Assessment, ASSESSMENT, {"review_on": DAY}),
        ("assessment_ended_says_why", Assessment, ASSESSMENT, {"ended_on": DAY}),
    ],
)
def test_row_when_it_breaks_a_constraint_then_the_database_refuses(
    constraint: str, model: type[models.Model], good: dict[str, Any], wrong: dict[str, Any]
) -> None:
    _make(model, **good)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        _make(model, **{**good, "id": new_id(), **wrong})


def test_telling_when_it_names_nobody_then_the_database_refuses() -> None:
    breach = _make(Breach, **BREACH)

    with pytest.raises(IntegrityError, match="telling_names_whom"), transaction.atomic():
        _make(BreachTelling, breach=breach, whom="police", name="", told_at=NOW)
