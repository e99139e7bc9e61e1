"""The lists: narrowed, paged, taken out for a purpose, and shown only where the viewer may see staff."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.doors.office.staff.tests.conftest import MARCH, employ
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.testing import SETUP
from liuchi.ground.people import staff as reading
from liuchi.ground.people.actions.secondments import second_person
from liuchi.ground.people.models import Employment


def _page(address: str = "", username: str = "personnel") -> str:
    with frozen_at(MORNING):
        return browser(username, "en").get(f"/office/staff/{address}").content.decode()


def test_roll_when_somebody_works_here_then_shown_here_and_not_to_the_other_town(staff: Employment) -> None:
    assert "欧阳明" in _page()
    assert "欧阳明" not in _page(username="far-personnel")


def test_roll_when_narrowed_then_only_what_fits(staff: Employment) -> None:
    lights = Organisation.objects.get(code="lights")
    with frozen_at(MORNING):
        second_person(by=SETUP, employment_id=staff.id, to_organisation_id=lights.id, since=MARCH)
    employ("慕容小", employer="committee")

    for address, here, other in (
        ("", True, True),
        ("?seconded=out", True, False),
        ("?employer=committee", False, True),
        ("?q=欧阳", True, False),
        (f"?organisation={staff.organisation_id}", True, True),
        (f"?organisation={lights.id}", False, False),
        (f"?area={staff.organisation.area_id}", True, True),
        ("?area=x&employer=x&organisation=x&after=x", True, True),
    ):
        page = _page(address)
        assert (("欧阳明" in page), ("慕容小" in page)) == (here, other), address
    assert "Nothing fits this choice" in _page("?q=无")
    assert "too long" in _page("?seconded=out")


def test_roll_when_longer_than_a_page_then_the_next_page_goes_on(
    staff: Employment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 1)
    employ("慕容小")

    first = _page()
    address = re.search(r'href="(\?[^"]*)" rel="next"', first)
    assert address is not None
    second = _page(address[1])

    assert {name for name in ("欧阳明", "慕容小") if name in first} ^ {
        name for name in ("欧阳明", "慕容小") if name in second
    } == {"欧阳明", "慕容小"}
    assert 'rel="next"' not in second


def test_roll_when_it_grows_then_as_many_queries(staff: Employment) -> None:
    def count() -> int:
        client = browser("personnel", "en")
        with frozen_at(MORNING), CaptureQueriesContext(connection) as queries:
            assert client.get("/office/staff/").status_code == 200
        return len(queries)

    count()
    before = count()
    employ("慕容小")
    employ("司马大")

    assert count() == before


def test_roll_when_taken_out_then_the_purpose_is_asked_first(staff: Employment) -> None:
    with frozen_at(MORNING):
        client = browser("personnel", "en")
        question = client.get("/office/staff/?format=csv").content.decode()
        assert "欧阳明" not in question
        asked = re.search(r'name="asked" value="([^"]+)"', question)
        purpose = re.search(r'name="purpose" value="([^"]+)"', question)
        assert asked is not None
        assert purpose is not None
        before = Line.objects.count()
        given = {"format": "csv", "asked": asked[1], "purpose": purpose[1]}
        answer = client.get("/office/staff/", given)

        assert "欧阳明" in answer.getvalue().decode("utf-8-sig")
    assert Line.objects.count() == before + 1
