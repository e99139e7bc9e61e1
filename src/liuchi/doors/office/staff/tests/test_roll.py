"""Putting somebody on the roll, changing the terms, noting an income; and what pages cost as they grow."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.doors.office.staff.tests.conftest import MARCH, employ
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, give_role
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.testing import SETUP
from liuchi.ground.people.actions.heads import Office, elect_head
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.actions.secondments import second_person
from liuchi.ground.people.models import Employment, Income, PostHolding
from liuchi.ground.people.staffing import Meant
from liuchi.ground.people.testing import resident

GIVEN = {"employer": "recruited", "on": "2024-09-01"}


def test_add_when_an_organisation_is_chosen_then_somebody_new_is_on_its_roll_with_a_post(staff: Employment) -> None:
    client = browser("personnel", "en")
    with frozen_at(MORNING):
        post = open_post(by=SETUP, organisation_id=staff.organisation_id, title="社工", on=MARCH)
        assert "一街道" in client.get("/office/staff/add/").content.decode()
        address = f"/office/staff/add/?organisation={staff.organisation_id}"
        assert "社工" in client.get(address).content.decode()
        who = {"name": "慕容小", "phone": "19900070002", "post": str(post.id)}
        done = client.post(address, {**who, **GIVEN})
        again = client.post(address, {**who, **GIVEN, "post": ""})

    row = Employment.objects.get(person__name="慕容小")
    assert (done.status_code, done.headers["Location"]) == (302, f"/office/staff/{row.id}/")
    assert PostHolding.objects.get(valid_to=None).post_id == post.id
    assert (again.status_code, "on the roll here already" in again.content.decode()) == (409, True)


def test_add_when_something_is_missing_then_what_was_typed_stays(staff: Employment) -> None:
    client, address = browser("personnel", "en"), f"/office/staff/add/?organisation={staff.organisation_id}"
    with frozen_at(MORNING):
        no_terms = client.post(address, {"name": "慕容小", "phone": "19900070002", "on": "2024-09-01"})
        nothing_exact = client.post(address, {"name": "慕容小", **GIVEN})
        elsewhere = client.get(f"/office/staff/add/?organisation={Organisation.objects.get(code='town-2').id}")

    assert (no_terms.status_code, "慕容小" in no_terms.content.decode()) == (422, True)
    assert (nothing_exact.status_code, "a name alone fits many people" in nothing_exact.content.decode()) == (409, True)
    assert elsewhere.status_code == 404
    assert Employment.objects.count() == 1


def test_terms_when_changed_then_the_page_says_so(staff: Employment) -> None:
    client, page = browser("personnel", "en"), f"/office/staff/{staff.id}/"
    with frozen_at(MORNING):
        assert 'value="recruited" selected' in client.get(page + "terms/").content.decode()
        early = client.post(page + "terms/", {"employer": "committee", "contract_until": "2020-01-01"})
        done = client.post(page + "terms/", {"employer": "committee", "contract_until": "2026-01-01", "document": "合"})
        shown = client.get(page).content.decode()

    assert (early.status_code, done.status_code) == (409, 302)
    assert "elected committee member" in shown


def test_income_when_noted_then_on_no_page_and_not_in_the_journal(staff: Employment) -> None:
    client, page = browser("personnel", "en"), f"/office/staff/{staff.id}/"
    with frozen_at(MORNING):
        wrong = client.post(page + "earns/", {"yearly": "-1", "as_of": "2024-09-01"})
        done = client.post(page + "earns/", {"yearly": "43210", "as_of": "2024-09-01"}, follow=True)
        form = client.get(page + "earns/").content.decode()

    assert wrong.status_code == 409
    assert Income.objects.get().yearly == Decimal(43210)
    assert "43210" not in done.content.decode().replace(",", "") + form
    assert not any("43210" in str(line.data) for line in Line.objects.all())


@pytest.mark.parametrize("address", ["", "secondments/", "heads/", "person"])
def test_page_when_it_grows_from_one_row_to_three_then_as_many_queries(
    staff: Employment, world: World, address: str
) -> None:
    with frozen_at(MORNING):
        give_role("everywhere", "personnel", world.district)
    page = f"/office/staff/{staff.id}/" if address == "person" else f"/office/staff/{address}"

    def count() -> int:
        with frozen_at(MORNING), CaptureQueriesContext(connection) as queries:
            assert browser("everywhere", "en").get(page).status_code == 200
        return len(queries)

    _grow(staff, world, 0)
    count()
    before = count()
    _grow(employ("慕容小"), world, 1, staff)
    _grow(employ("司马大"), world, 2, staff)

    assert count() == before


def _grow(row: Employment, world: World, number: int, same: Employment | None = None) -> None:
    """Let somebody hold a post, be lent and head a unit; `same` holds one more post too."""
    lights = Organisation.objects.get(code="lights")
    with frozen_at(MORNING):
        for each in {each.id: each for each in (row, same or row)}.values():
            title = f"岗位{number}{each.id.hex[-4:]}"
            post = open_post(by=SETUP, organisation_id=row.organisation_id, title=title, on=MARCH)
            take_post(by=SETUP, post_id=post.id, person=Meant(each.person_id), on=MARCH)
        second_person(by=SETUP, employment_id=row.id, to_organisation_id=lights.id, since=MARCH)
        elect_head(
            by=SETUP,
            person=Meant(resident(f"楼长{number}", f"1990007100{number}").id),
            office=Office("unit", world.grids[0].id, f"{number}单元"),
            elected_how="residents",
            on=MARCH,
            until=date(2024, 10, 1) + timedelta(days=number),
        )
