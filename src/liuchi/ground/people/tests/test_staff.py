"""The staff roll: who works where on what terms, what they earn, to whom they are lent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.models import Post
from liuchi.ground.organisations.testing import NOW, SETUP, SINCE, Somebody, body, everywhere, small_district
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.actions.secondments import return_secondment, second_person
from liuchi.ground.people.actions.staff import change_employment, employ_person, end_employment, record_income
from liuchi.ground.people.actions.staff_roll import NewEmployment, import_staff
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.models import Employment, Income, Person, Secondment
from liuchi.ground.people.staff import (
    StaffFilters,
    all_staff,
    held_by,
    incomes_of,
    is_lent_too_long,
    secondments,
    secondments_of,
    staff_figures,
    staff_member,
    staff_roll,
)
from liuchi.ground.people.staffing import Meant, StaffRefused
from liuchi.ground.people.testing import resident
from liuchi.ground.territory import queries

MARCH, APRIL, TODAY = date(2025, 3, 1), date(2025, 4, 1), date(2025, 9, 10)


@pytest.fixture(autouse=True)
def small(db: None) -> Iterator[None]:
    with frozen_at(NOW):
        small_district()
        yield
    queries.forget()


def _employ(name: str, at: str = "community-1", on: date = MARCH, **values: object) -> Employment:
    phone = f"1990000{Person.objects.count():04}"
    given: dict[str, object] = {
        "organisation_id": body(at).id,
        "person": Meant(entry=NewPerson(name, phone)),
        "employer": "recruited",
        "on": on,
        **values,
    }
    return employ_person(by=SETUP, **given)  # type: ignore[arg-type]


def test_roll_when_somebody_is_employed_then_shows_them_with_terms_and_post() -> None:
    post = Post.objects.get(organisation__code="branch-1")
    made = _employ("张一", "branch-1", post_id=post.id, contract_until=date(2027, 2, 28), by_document="聘〔2025〕1号")

    (row,) = staff_roll(everywhere(), StaffFilters()).rows
    assert (row.id, row.name, row.organisation, row.posts) == (made.id, "张一", "一支部", "书记")
    assert (row.employer, row.valid_from, row.contract_until) == ("recruited", MARCH, date(2027, 2, 28))
    assert (row.seconded_to, row.is_overdue, row.is_below_floor) == ("", False, False)
    line = Line.objects.get(kind="people.employed")
    assert line.data == {
        "person": str(made.person_id),
        "organisation": str(made.organisation_id),
        "employer": "recruited",
        "is_new": True,
        "on": "2025-03-01",
        "post": str(post.id),
    }
    assert [each.post.title for each in held_by(everywhere(), made.person_id)] == ["书记"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"employer": "slave"}, "employer"),
        ({"on": date(2026, 1, 1)}, "on"),
        ({"contract_until": date(2025, 1, 1)}, "contract_until"),
        ({"person": Meant()}, "person"),
        ({"by_document": "长" * 121}, "document"),
    ],
)
def test_somebody_when_they_cannot_be_employed_like_this_then_told_where(values: dict[str, object], field: str) -> None:
    with pytest.raises(StaffRefused) as refused:
        _employ("张一", **values)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert Person.objects.count() == 0


def test_somebody_when_on_the_roll_already_or_with_a_post_elsewhere_then_refused() -> None:
    made = _employ("张一")
    post = Post.objects.get(organisation__code="branch-1")

    with pytest.raises(StaffRefused, match="already"):
        _employ("张一", person=Meant(made.person_id))
    with pytest.raises(StaffRefused) as refused:
        _employ("李二", post_id=post.id)
    assert refused.value.field == "post"
    with pytest.raises(NotFound):
        _employ("李二", organisation_id=uuid4())


def test_employment_when_its_terms_change_or_it_ends_then_the_roll_follows() -> None:
    made = _employ("张一")
    change_employment(by=SETUP, employment_id=made.id, employer="welfare_post", contract_until=date(2026, 1, 1))
    change_employment(by=SETUP, employment_id=made.id, employer="welfare_post", contract_until=date(2026, 1, 1))
    assert Line.objects.get(kind="people.employment_changed").data["fields"] == ["contract_until", "employer"]
    post = take_post(
        by=SETUP,
        post_id=_post("community-1").id,
        person=Meant(made.person_id),
        on=MARCH,
    )

    with pytest.raises(StaffRefused, match="hold a post"):
        end_employment(by=SETUP, employment_id=made.id, on=APRIL)
    _close(post.id)
    second_person(by=SETUP, employment_id=made.id, to_organisation_id=body("town-1").id, since=MARCH)
    end_employment(by=SETUP, employment_id=made.id, on=APRIL, by_document="辞职")

    assert staff_roll(everywhere(), StaffFilters()).rows == []
    assert Secondment.objects.get().returned_on == APRIL
    assert staff_member(everywhere(), made.id).ended_by == "辞职"
    with pytest.raises(NotFound):
        end_employment(by=SETUP, employment_id=made.id, on=APRIL)


def _post(code: str) -> Post:
    from liuchi.ground.organisations.actions.posts import open_post  # only this test opens one

    return open_post(by=SETUP, organisation_id=body(code).id, title="干事", on=MARCH)


def _close(holding_id: UUID) -> None:
    from liuchi.ground.people.actions.posts import leave_post  # only this test leaves one
    from liuchi.ground.people.models import PostHolding

    held = PostHolding.objects.get(id=holding_id)
    leave_post(by=SETUP, post_id=held.post_id, person_id=held.person_id, on=APRIL)


def test_income_when_recorded_then_newest_counts_corrections_replace_and_the_journal_has_no_amount() -> None:
    made = _employ("张一")
    record_income(by=SETUP, employment_id=made.id, yearly=Decimal("39999.996"), as_of=MARCH)
    record_income(by=SETUP, employment_id=made.id, yearly=Decimal(39_999), as_of=MARCH)
    assert [row.is_below_floor for row in staff_roll(everywhere(), StaffFilters()).rows] == [True]

    record_income(by=SETUP, employment_id=made.id, yearly=Decimal(40_000), as_of=APRIL)

    assert [row.is_below_floor for row in staff_roll(everywhere(), StaffFilters()).rows] == [False]
    assert [each.yearly for each in incomes_of(everywhere(), made.id)] == [Decimal(40_000), Decimal(39_999)]
    assert all(set(line.data) == {"person", "as_of"} for line in Line.objects.filter(kind="people.income_recorded"))
    for yearly, as_of in ((Decimal(-1), APRIL), (Decimal(10**8), APRIL), (Decimal(1), date(2026, 1, 1))):
        with pytest.raises(StaffRefused):
            record_income(by=SETUP, employment_id=made.id, yearly=yearly, as_of=as_of)


def test_income_when_the_viewer_may_only_see_staff_then_neither_amount_nor_flag() -> None:
    made = _employ("张一")
    record_income(by=SETUP, employment_id=made.id, yearly=Decimal(100), as_of=MARCH)
    sees, manages = everywhere("staff.see"), everywhere()
    assert [row.is_below_floor for row in staff_roll(manages, StaffFilters()).rows] == [True]
    assert len(incomes_of(manages, made.id)) == 1

    assert [row.is_below_floor for row in staff_roll(sees, StaffFilters()).rows] == [None]
    assert list(incomes_of(sees, made.id)) == []
    assert staff_figures(sees).below_floor is None
    assert staff_figures(manages).below_floor == 1


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (StaffFilters(), ["张一", "李二", "王三"]),
        (StaffFilters(employer="purchased"), ["李二"]),
        (StaffFilters(seconded="out"), ["王三"]),
        (StaffFilters(words="李"), ["李二"]),
        (StaffFilters(words="居民委员会"), ["张一", "李二"]),
        (StaffFilters(words="李 街道"), []),
        (StaffFilters(post="书记"), []),
    ],
)
def test_roll_when_narrowed_then_only_what_fits(filters: StaffFilters, names: list[str]) -> None:
    _employ("张一")
    _employ("李二", employer="purchased")
    lent = _employ("王三", "town-1")
    second_person(by=SETUP, employment_id=lent.id, to_organisation_id=body("urban").id, since=MARCH)

    assert [row.name for row in staff_roll(everywhere(), filters).rows] == names
    assert [row.name for row in all_staff(everywhere(), filters)] == names


def test_roll_when_narrowed_to_a_place_or_body_then_only_theirs_and_nobody_elses_for_others() -> None:
    _employ("张一")
    _employ("李二", "town-2")
    community, town = body("community-1"), body("town-2")
    there = Somebody(uuid4(), frozenset({"staff.see"}), frozenset({community.area_id}))

    assert [row.name for row in staff_roll(everywhere(), StaffFilters(area_id=town.area_id)).rows] == ["李二"]
    assert [row.name for row in staff_roll(everywhere(), StaffFilters(organisation_id=community.id)).rows] == ["张一"]
    assert [row.name for row in staff_roll(there, StaffFilters()).rows] == ["张一"]
    hidden = Employment.objects.get(organisation=town)
    with pytest.raises(NotFound):
        staff_member(there, hidden.id)
    assert staff_member(everywhere(), hidden.id).person.name == "李二"


def test_roll_when_long_then_pages_follow_one_another_and_questions_do_not_multiply() -> None:
    people = [_employ(f"员工{number}", at) for number in range(3) for at in ("community-1", "town-1")]
    viewer = everywhere()
    found: list[str] = []
    filters = StaffFilters()
    while True:
        page = staff_roll(viewer, filters, limit=4)
        found += [str(row.id) for row in page.rows]
        if page.next_key is None:
            break
        filters = replace(filters, after=page.next_key)

    assert sorted(found) == sorted(str(each.id) for each in people)
    assert len(found) == len(set(found)) == 6
    counts = []
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            staff_roll(viewer, StaffFilters(), limit=limit)
        counts.append(len(asked))
    assert counts == [2, 2]


def test_secondment_when_too_long_or_past_its_day_then_warned_and_returned_with_a_document() -> None:
    first, second, third = (_employ(name, on=SINCE) for name in ("张一", "李二", "王三"))
    town = body("town-1").id

    def lend(made: Employment, since: date, **values: object) -> Secondment:
        given: dict[str, object] = {"to_organisation_id": town, "since": since, **values}
        return second_person(by=SETUP, employment_id=made.id, **given)  # type: ignore[arg-type]

    lent = [
        lend(first, date(2025, 3, 10)),
        lend(second, date(2025, 3, 12), by_document="抽〔2025〕2号"),
        lend(third, date(2025, 8, 1), until=date(2025, 9, 1)),
    ]

    assert [is_lent_too_long(each) for each in lent] == [True, False, True]
    figures = staff_figures(everywhere())
    assert (figures.lent, figures.lent_too_long, figures.lent_unapproved, figures.returned) == (3, 2, 2, 0)
    return_secondment(by=SETUP, secondment_id=lent[0].id, on=TODAY, by_document="清理通知")
    figures = staff_figures(everywhere())
    assert (figures.lent, figures.lent_too_long, figures.returned) == (2, 1, 1)
    assert [each.id for each in secondments(everywhere())] == [lent[1].id, lent[2].id]
    (back,) = secondments(everywhere(), is_open=False)
    assert (back.returned_by, is_lent_too_long(back)) == ("清理通知", False)
    assert list(secondments(everywhere(), area_id=body("town-2").area_id)) == []
    assert [each.id for each in secondments_of(everywhere(), first.id)] == [lent[0].id]
    with pytest.raises(NotFound):
        return_secondment(by=SETUP, secondment_id=lent[0].id, on=TODAY)


def test_figures_when_asked_for_a_day_then_those_of_that_day() -> None:
    made = _employ("张一", on=SINCE)
    _employ("李二", "town-1", on=MARCH, employer="sent_down")
    end_employment(by=SETUP, employment_id=made.id, on=APRIL)

    then, now = staff_figures(everywhere(), MARCH), staff_figures(everywhere())
    assert (then.staff, then.communities, then.by_employer) == (2, 1, {"recruited": 1, "sent_down": 1})
    assert (now.staff, now.communities, now.by_employer) == (1, 0, {"sent_down": 1})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to_organisation_id": "own"}, "to_organisation"),
        ({"since": date(2026, 1, 1)}, "since"),
        ({"since": date(2025, 2, 1)}, "until"),
        ({"until": date(2025, 3, 1)}, "until"),
    ],
)
def test_secondment_when_it_cannot_be_then_told_where(change: dict[str, object], field: str) -> None:
    made = _employ("张一")
    given: dict[str, object] = {"to_organisation_id": body("town-1").id, "since": APRIL, **change}
    if given["to_organisation_id"] == "own":
        given["to_organisation_id"] = made.organisation_id

    with pytest.raises(StaffRefused) as refused:
        second_person(by=SETUP, employment_id=made.id, **given)  # type: ignore[arg-type]

    assert refused.value.field == field


def test_secondment_when_lent_already_or_returning_too_early_then_refused() -> None:
    made = _employ("张一")
    lent = second_person(by=SETUP, employment_id=made.id, to_organisation_id=body("town-1").id, since=APRIL)

    with pytest.raises(StaffRefused) as refused:
        second_person(by=SETUP, employment_id=made.id, to_organisation_id=body("town-2").id, since=APRIL)
    assert refused.value.field == "person"
    with pytest.raises(StaffRefused):
        return_secondment(by=SETUP, secondment_id=lent.id, on=MARCH)
    with pytest.raises(NotFound):
        second_person(by=SETUP, employment_id=made.id, to_organisation_id=uuid4(), since=APRIL)


def test_roll_when_imported_twice_then_once_with_incomes_and_secondments() -> None:
    people = [resident(name, f"1990000100{number}") for number, name in enumerate(("张一", "李二"))]
    rows = [
        NewEmployment(
            person_id=people[0].id,
            organisation_id=body("community-1").id,
            employer="committee",
            valid_from=SINCE,
            yearly=Decimal(42_000),
            income_as_of=MARCH,
        ),
        NewEmployment(
            person_id=people[1].id,
            organisation_id=body("community-1").id,
            employer="recruited",
            valid_from=SINCE,
            seconded_to=body("urban").id,
            seconded_since=MARCH,
            seconded_by="抽〔2025〕1号",
            returned_on=APRIL,
        ),
    ]

    assert (import_staff(by=SETUP, rows=rows), import_staff(by=SETUP, rows=rows)) == (2, 0)

    assert Line.objects.get(kind="people.staff_imported").data == {"employments": 2, "incomes": 1, "secondments": 1}
    assert (Income.objects.get().yearly, staff_figures(everywhere()).returned) == (Decimal(42_000), 1)


@pytest.mark.parametrize(
    "change", [{"employer": "x"}, {"organisation_id": uuid4()}, {"contract_until": date(2020, 1, 1)}]
)
def test_roll_when_one_row_is_wrong_then_none_is_taken_and_the_row_is_named(change: dict[str, object]) -> None:
    row = NewEmployment(resident().id, body("community-1").id, "recruited", SINCE)
    other = NewEmployment(resident("李二", "19900000077").id, body("town-1").id, "recruited", SINCE)

    with pytest.raises(StaffRefused, match="Row 2"):
        import_staff(by=SETUP, rows=[row, replace(other, **change)])  # type: ignore[arg-type]

    assert Employment.objects.count() == 0


def test_staff_when_the_actor_may_not_there_then_refused() -> None:
    made = _employ("张一")
    lent = second_person(by=SETUP, employment_id=made.id, to_organisation_id=body("town-1").id, since=APRIL)
    clerk = Somebody(uuid4(), frozenset({"staff.manage"}), frozenset({body("town-2").area_id}))
    row = NewEmployment(resident().id, made.organisation_id, "recruited", SINCE)
    acts: list[Callable[[], object]] = [
        lambda: employ_person(
            by=clerk, organisation_id=made.organisation_id, person=Meant(made.person_id), employer="other", on=MARCH
        ),
        lambda: change_employment(by=clerk, employment_id=made.id, employer="other", contract_until=None),
        lambda: end_employment(by=clerk, employment_id=made.id, on=APRIL),
        lambda: record_income(by=clerk, employment_id=made.id, yearly=Decimal(1), as_of=APRIL),
        lambda: second_person(by=clerk, employment_id=made.id, to_organisation_id=lent.to_organisation_id, since=APRIL),
        lambda: return_secondment(by=clerk, secondment_id=lent.id, on=APRIL),
        lambda: import_staff(by=clerk, rows=[row]),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()
