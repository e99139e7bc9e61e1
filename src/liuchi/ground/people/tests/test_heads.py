"""Heads of units and of joint defence: elected, for a term, by whom, until when, and who was it before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.testing import NOW, SETUP, Somebody, area, everywhere, small_district
from liuchi.ground.people.actions.heads import NewHead, Office, elect_head, end_head, import_heads
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.heads import (
    HeadFilters,
    head_figures,
    heads_before,
    heads_on,
    unit_head,
    unit_heads,
)
from liuchi.ground.people.models import UnitHead
from liuchi.ground.people.staffing import Meant, StaffRefused
from liuchi.ground.people.testing import resident
from liuchi.ground.territory import queries

MARCH, APRIL, TODAY = date(2025, 3, 1), date(2025, 4, 1), date(2025, 9, 10)
GRID = "990803001001001"


@pytest.fixture(autouse=True)
def small(db: None) -> Iterator[None]:
    with frozen_at(NOW):
        small_district()
        yield
    queries.forget()


def _office(place: str = "3栋2单元", kind: str = "unit") -> Office:
    return Office(kind, area(GRID).id, place)


def _elect(name: str, on: date = MARCH, until: date | None = None, office: Office | None = None) -> UnitHead:
    phone = f"1990000{UnitHead.objects.count():04}"
    return elect_head(
        by=SETUP,
        person=Meant(entry=NewPerson(name, phone)),
        office=office or _office(),
        elected_how="residents",
        on=on,
        until=until,
    )


def test_head_when_somebody_else_is_elected_then_both_terms_are_known_as_of_before_and_after() -> None:
    first = _elect("张一", until=date(2026, 3, 1))
    second = _elect("李二", on=APRIL)

    assert [head.person.name for head in heads_on(everywhere(), area(GRID).id, date(2025, 3, 31))] == ["张一"]
    assert [head.person.name for head in heads_on(everywhere(), area("990803").id, APRIL)] == ["李二"]
    former = unit_head(everywhere(), first.id)
    assert (former.ended_on, former.ended_why) == (APRIL, "term_over")
    assert [each.id for each in heads_before(everywhere(), second)] == [first.id]
    assert [row.id for row in unit_heads(everywhere(), HeadFilters()).rows] == [second.id]
    line = Line.objects.filter(kind="people.unit_head_elected").order_by("-seq")[0]
    assert line.data == {"person": str(second.person_id), "kind": "unit", "how": "residents", "on": "2025-04-01"}


def test_head_when_their_term_is_ended_then_with_a_reason_and_nobody_is_head() -> None:
    head = _elect("张一")

    end_head(by=SETUP, head_id=head.id, on=APRIL, why="moved_away")

    assert unit_heads(everywhere(), HeadFilters()).rows == []
    assert Line.objects.get(kind="people.unit_head_ended").data["why"] == "moved_away"
    with pytest.raises(NotFound):
        end_head(by=SETUP, head_id=head.id, on=APRIL, why="resigned")


@pytest.mark.parametrize(
    ("on", "why", "field"),
    [
        (APRIL, "", "why"),
        (APRIL, "bored", "why"),
        (date(2025, 2, 1), "resigned", "on"),
        (date(2026, 1, 1), "resigned", "on"),
    ],
)
def test_head_when_the_end_makes_no_sense_then_told_where(on: date, why: str, field: str) -> None:
    head = _elect("张一")

    with pytest.raises(StaffRefused) as refused:
        end_head(by=SETUP, head_id=head.id, on=on, why=why)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"elected_how": "decree"}, "elected_how"),
        ({"until": MARCH}, "until"),
        ({"on": date(2026, 1, 1)}, "on"),
        ({"on": date(2025, 2, 1)}, "on"),
        ({"kind": "king"}, "kind"),
        ({"place": " "}, "place"),
        ({"place": "长" * 41}, "place"),
    ],
)
def test_election_when_it_makes_no_sense_then_told_where(change: dict[str, object], field: str) -> None:
    _elect("张一")
    given: dict[str, object] = {"elected_how": "residents", "on": MARCH, "until": None}
    office = replace(_office(), **{name: change.pop(name) for name in ("kind", "place") if name in change})  # type: ignore[arg-type]

    with pytest.raises(StaffRefused) as refused:
        elect_head(by=SETUP, person=Meant(resident().id), office=office, **{**given, **change})  # type: ignore[arg-type]

    assert refused.value.field == field
    assert UnitHead.objects.count() == 1


def test_election_when_the_place_is_unknown_or_not_the_actors_then_refused() -> None:
    person = Meant(resident().id)
    clerk = Somebody(uuid4(), frozenset({"staff.manage"}), frozenset())

    def elect(by: Somebody, office: Office) -> None:
        elect_head(by=by, person=person, office=office, elected_how="residents", on=MARCH)

    with pytest.raises(NotFound):
        elect(everywhere(), Office("unit", uuid4(), "1栋"))
    with pytest.raises(NotFound):
        elect(everywhere(), Office("unit", area(GRID).id, "1栋", uuid4()))
    with pytest.raises(NotAllowed):
        elect(clerk, _office())
    head = _elect("张一")
    with pytest.raises(NotAllowed):
        end_head(by=clerk, head_id=head.id, on=APRIL, why="resigned")
    with pytest.raises(NotAllowed):
        import_heads(by=clerk, heads=[NewHead(head.person_id, _office("9栋"), "residents", MARCH)])


def test_heads_when_narrowed_then_by_kind_words_term_and_place() -> None:
    _elect("张一", until=date(2025, 10, 1))
    _elect("李二", office=_office("5栋1单元"), until=date(2025, 9, 1))
    _elect("王三", office=Office("defence", area("990803001001").id))
    found = {
        filters: [row.person.name for row in unit_heads(everywhere(), filters).rows]
        for filters in (
            HeadFilters(),
            HeadFilters(kind="defence"),
            HeadFilters(term="soon"),
            HeadFilters(term="over"),
            HeadFilters(words="5栋"),
            HeadFilters(words="张"),
            HeadFilters(area_id=area(GRID).id),
            HeadFilters(area_id=area("990803002").id),
        )
    }

    assert list(found.values()) == [
        ["王三", "张一", "李二"], ["王三"], ["张一"], ["李二"], ["李二"], ["张一"], ["张一", "李二"], [],
    ]  # fmt: skip
    figures = head_figures(everywhere())
    assert (figures.heads, figures.ending_soon, figures.over) == (3, 1, 1)
    assert head_figures(everywhere(), area("990803002").id).heads == 0


def test_heads_when_the_viewer_sees_staff_elsewhere_then_none() -> None:
    head = _elect("张一")
    other = Somebody(uuid4(), frozenset({"staff.see"}), frozenset({area("990803002").id}))
    assert unit_head(everywhere(), head.id).person.name == "张一"

    assert unit_heads(other, HeadFilters()).rows == []
    with pytest.raises(NotFound):
        unit_head(other, head.id)


def test_heads_when_many_then_pages_follow_and_questions_do_not_multiply() -> None:
    person = resident()
    rows = [
        NewHead(person.id, _office(f"{building}栋{unit}单元"), "residents", MARCH, date(2028, 3, 1))
        for building in range(1, 5)
        for unit in (1, 2)
    ]
    assert (import_heads(by=SETUP, heads=rows), import_heads(by=SETUP, heads=rows)) == (8, 0)
    viewer, filters, found = everywhere(), HeadFilters(), 0
    while True:
        page = unit_heads(viewer, filters, limit=3)
        found += len(page.rows)
        if page.next_key is None:
            break
        filters = replace(filters, after=page.next_key)

    assert found == 8
    counts = []
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            unit_heads(viewer, HeadFilters(), limit=limit)
        counts.append(len(asked))
    assert counts == [1, 1]


@pytest.mark.parametrize(
    "change", [{"elected_how": "x"}, {"term_until": MARCH}, {"office": Office("king", uuid4(), "1栋")}]
)
def test_heads_when_one_row_is_wrong_then_none_is_taken(change: dict[str, object]) -> None:
    row = NewHead(resident().id, _office(), "residents", MARCH)

    with pytest.raises((StaffRefused, NotAllowed), match="Row 2"):
        import_heads(by=SETUP, heads=[row, replace(row, **change)])  # type: ignore[arg-type]

    assert UnitHead.objects.count() == 0
