import re

import pytest
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from django.urls import include, path
from django.utils.html import escape

from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.rules import needs
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import World, give_role
from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.exchange.models import ExportRecord

PEOPLE = Listing("tests.people", "人员", (ListColumn("name", "姓名", lambda row: row, is_personal=True),))


@needs("people.see")
def people_page(request: HttpRequest) -> HttpResponseBase:
    """Stand for a list with personal data."""
    assert is_export(request)
    return export_response(request, PEOPLE, lambda _by: iter(["张三"]))


urlpatterns = [path("people/", people_page, name="tests-people"), path("", include("liuchi.config.urls"))]


@pytest.fixture(autouse=True)
def _with_a_list_of_people(settings: object) -> None:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]


@pytest.fixture
def registrar(world: World) -> Client:
    give_role("registrar", "registrar", world.district)
    return browser("registrar", "en")


def test_personal_list_when_a_file_is_asked_for_then_asks_what_for_first(registrar: Client) -> None:
    page = registrar.get("/people/?town=7&format=csv").content.decode()

    assert "Check the register" in page
    assert "姓名" in page
    assert "张三" not in page
    assert ExportRecord.objects.count() == 0
    assert '<input type="hidden" name="town" value="7">' in page


def test_personal_list_when_answered_then_hands_out_the_file_with_its_number(registrar: Client) -> None:
    page = registrar.get("/people/?town=7&format=csv").content.decode()
    asked = re.search(r'name="asked" value="([^"]+)"', page)
    assert asked

    answer = registrar.get("/people/", {"town": "7", "format": "csv", "asked": asked[1], "purpose": "check_register"})

    content = answer.getvalue().decode("utf-8-sig")
    record = ExportRecord.objects.get()
    assert "张三" in content
    assert record.number in content
    assert (record.purpose, record.is_personal) == ("check_register", True)


def test_personal_list_when_a_link_elsewhere_names_the_purpose_then_asks_all_the_same(
    registrar: Client, world: World
) -> None:
    other = signing.dumps([str(world.viewer("desk").id), "/people/"], salt="asked")

    for asked in ("", "x", other):
        answer = registrar.get("/people/", {"format": "csv", "asked": asked, "purpose": "check_register"})

        assert "张三" not in answer.content.decode()
    assert ExportRecord.objects.count() == 0


def test_personal_list_when_the_purpose_is_no_purpose_then_asks_again(registrar: Client, world: World) -> None:
    asked = signing.dumps([str(world.viewer("registrar").id), "/people/"], salt="asked")

    answer = registrar.get("/people/", {"format": "csv", "asked": asked, "purpose": "curiosity"})

    assert answer.status_code == 422
    assert escape("Say what you need the list for.") in answer.content.decode()


def test_personal_list_when_the_power_to_export_is_missing_then_refused(world: World) -> None:
    give_role("walker", "grid_worker", world.district)

    answer = browser("walker").get("/people/?format=csv")

    assert answer.status_code == 403


def test_personal_list_when_shown_then_offers_files_only_to_whoever_may_export(world: World) -> None:
    give_role("registrar", "registrar", world.district)
    give_role("walker", "grid_worker", world.district, None)

    offered = {}
    for username in ("registrar", "walker"):
        request = HttpRequest()
        request.viewer = world.viewer(username)  # type: ignore[attr-defined]
        offered[username] = [offer.address for offer in export_offers(request, PEOPLE)]

    assert offered == {"registrar": ["?format=xlsx", "?format=csv"], "walker": []}
