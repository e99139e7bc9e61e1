"""Changing organisations through the pages: what would change is shown first, and what was typed survives."""

from datetime import date

import pytest
from django.test import Client

from liuchi.doors.office.organisations.tests.conftest import body
from liuchi.engines.cases.testing import MORNING, World
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.credit_codes import fictitious_credit_code
from liuchi.ground.organisations.models import OpeningHours, Organisation, Post, ServedArea, Venue
from liuchi.ground.organisations.queries import as_of

ON = "2024-06-01"


@pytest.fixture(autouse=True)
def _morning(world: World) -> object:
    with frozen_at(MORNING):
        yield


def _address(code: str, act: str) -> str:
    return f"/office/organisations/{body(code).id}/{act}/"


def test_organisation_when_renamed_then_shown_first_done_second(manager: Client) -> None:
    address = _address("water", "rename")
    form = manager.get(address).content.decode()
    typed = {"name": "水务集团", "short_name": "水务", "on": ON, "document": "改〔2024〕1号"}

    preview = manager.post(address, typed)
    assert body("water").name == "大观区供水服务中心"
    done = manager.post(address, {**typed, "confirmed": "1"})

    assert "大观区供水服务中心" in form
    assert preview.status_code == 200
    assert "What would change" in preview.content.decode()
    assert '<input type="hidden" name="document" value="改〔2024〕1号">' in preview.content.decode()
    assert done.status_code == 302
    water = body("water")
    assert (water.name, water.short_name) == ("水务集团", "水务")
    before = as_of(water.id, date(2024, 5, 31))
    assert before is not None
    assert before.name == "大观区供水服务中心"
    page = manager.get(done["Location"]).content.decode()
    assert "Renamed" in page


def test_preview_when_sent_back_then_the_form_holds_what_was_typed(manager: Client) -> None:
    address = _address("water", "rename")

    page = manager.post(address, {"name": "水务集团", "on": ON, "back": "1"})

    assert page.status_code == 200
    assert 'value="水务集团"' in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "told", "status"),
    [
        ({"name": "", "on": ON}, "Please fill this in.", 422),
        ({"name": "新名", "on": "morgen"}, "Choose a day, such as", 422),
        ({"name": "新名", "on": "2023-01-01", "confirmed": "1"}, "stands like this since 2024-01-01", 409),
        ({"name": "新名", "on": "2024-09-13", "confirmed": "1"}, "lies ahead", 409),
    ],
)
def test_rename_when_refused_then_told_where_and_what_was_typed_survives(
    manager: Client, typed: dict[str, str], told: str, status: int
) -> None:
    page = manager.post(_address("water", "rename"), {**typed, "document": "依据文件"})

    assert page.status_code == status
    assert told in page.content.decode()
    assert "依据文件" in page.content.decode()


def test_organisation_when_moved_then_its_chain_and_area_follow(manager: Client, world: World) -> None:
    address = _address("water", "move")
    area = str(world.communities[0].id)
    typed = {"management_parent": "一街道", "area": area, "on": ON}

    preview = manager.post(address, typed).content.decode()
    wrong = manager.post(address, {**typed, "management_parent": "火星局"}).content.decode()
    manager.post(address, {**typed, "confirmed": "1"})

    assert "第一街道办事处" in preview
    assert "There is no organisation of this name." in wrong
    assert body("water").management_parent == body("town-1")
    assert str(body("water").area_id) == area


def test_organisation_when_described_then_a_wrong_credit_code_is_told_beside_the_field(manager: Client) -> None:
    address = _address("water", "describe")
    good = fictitious_credit_code("12", 5)

    wrong = manager.post(address, {"credit_code": good[:-1] + ("1" if good[-1] != "1" else "2")})
    right = manager.post(address, {"credit_code": good.lower(), "phone": "0556-0000000", "founded_on": "2001-02-03"})

    assert wrong.status_code == 409
    assert "check character does not fit" in wrong.content.decode()
    assert right.status_code == 302
    assert (body("water").credit_code, body("water").founded_on) == (good, date(2001, 2, 3))
    page = manager.get(right["Location"]).content.decode()
    assert good in page
    assert "public institution" in page


def test_organisation_when_it_serves_other_areas_then_noted(manager: Client, world: World) -> None:
    manager.post(_address("water", "serve"), {"areas": [str(world.grids[0].id), str(world.grids[1].id)], "on": ON})

    assert ServedArea.objects.filter(organisation=body("water"), valid_to=None).count() == 2


def test_organisations_when_merged_then_the_preview_tells_what_goes_along(manager: Client) -> None:
    address = _address("lights", "merge")
    typed = {"others": "供水中心\n", "name": "市政公用中心", "on": ON, "document": "并〔2024〕2号"}

    preview = manager.post(address, typed).content.decode()
    wrong = manager.post(address, {**typed, "others": "火星局"})
    done = manager.post(address, {**typed, "confirmed": "1"})

    assert "大观区供水服务中心" in preview
    assert "2 duties" in preview
    assert wrong.status_code == 422
    assert "火星局: There is no organisation of this name." in wrong.content.decode()
    heir = Organisation.objects.get(name="市政公用中心")
    assert done["Location"] == f"/office/organisations/{heir.id}/"
    assert {body("lights").valid_to, body("water").valid_to} == {date(2024, 6, 1)}


def test_merger_when_nobody_is_named_then_refused_with_everything_typed(manager: Client) -> None:
    page = manager.post(_address("lights", "merge"), {"on": ON, "document": "并〔2024〕2号", "confirmed": "1"})

    assert page.status_code == 409
    assert "in which one body they go on" in page.content.decode()


def test_organisation_when_split_or_ended_then_follows(manager: Client) -> None:
    split = _address("lights", "split")
    typed = {"names": "东所\n西所", "on": ON}
    preview = manager.post(split, typed).content.decode()
    done = manager.post(split, {**typed, "confirmed": "1"})

    assert "东所" in preview
    first = Organisation.objects.get(name="东所")
    assert done["Location"] == f"/office/organisations/{first.id}/"
    end = f"/office/organisations/{Organisation.objects.get(name='西所').id}/end/"
    manager.post(end, {"on": "2024-07-01"})
    assert Organisation.objects.get(name="西所").valid_to is None
    manager.post(end, {"on": "2024-07-01", "confirmed": "1"})
    assert Organisation.objects.get(name="西所").valid_to == date(2024, 7, 1)
    assert manager.get(end).status_code == 404


def test_organisation_when_it_goes_on_after_a_split_then_its_own_page_comes_next(manager: Client) -> None:
    typed = {"names": "新所", "continues": "on", "on": ON}

    assert "Goes on" in manager.post(_address("lights", "split"), typed).content.decode()
    done = manager.post(_address("lights", "split"), {**typed, "confirmed": "1"})

    assert done["Location"] == f"/office/organisations/{body('lights').id}/"


def test_organisation_when_added_then_its_page_comes_next_and_errors_keep_what_was_typed(
    manager: Client, world: World
) -> None:
    typed = {"kind": "social_body", "name": "六尺社工服务中心", "area": str(world.communities[0].id), "on": ON}

    wrong = manager.post("/office/organisations/add/", {**typed, "kind": ""})
    done = manager.post("/office/organisations/add/", {**typed, "management_parent": "town-1"})

    assert wrong.status_code == 422
    assert "六尺社工服务中心" in wrong.content.decode()
    made = Organisation.objects.get(name="六尺社工服务中心")
    assert done["Location"] == f"/office/organisations/{made.id}/"
    assert made.management_parent == body("town-1")
    assert manager.get("/office/organisations/add/").status_code == 200


def test_post_when_opened_changed_and_closed_through_the_page_then_follows(manager: Client) -> None:
    manager.post(_address("water", "post"), {"title": "主任", "seats": "1", "is_head": "on", "on": ON})
    post = Post.objects.get(title="主任")
    assert post.is_head

    assert 'value="主任"' in manager.get(f"/office/organisations/posts/{post.id}/change/").content.decode()
    manager.post(f"/office/organisations/posts/{post.id}/change/", {"title": "主任", "seats": "2"})
    wrong = manager.post(f"/office/organisations/posts/{post.id}/close/", {"on": "2024-05-01"})
    manager.post(f"/office/organisations/posts/{post.id}/close/", {"on": "2024-07-01"})

    post.refresh_from_db()
    assert (post.seats, post.valid_to) == (2, date(2024, 7, 1))
    assert wrong.status_code == 409
    assert manager.get(f"/office/organisations/posts/{post.id}/change/").status_code == 404
    assert manager.get(f"/office/organisations/posts/{post.id}/dance/").status_code == 404


def test_venue_when_opened_changed_and_closed_through_the_page_then_follows(manager: Client) -> None:
    typed = {
        "name": "会议室", "kind": "meeting_room", "capacity": "20", "is_bookable": "on", "on": ON,
        "work_day": "8:30-12:00，14：00-17:30", "facilities": ["ramp", "lift"],
    }  # fmt: skip
    wrong = manager.post(_address("water", "venue"), {**typed, "work_day": "always"})
    manager.post(_address("water", "venue"), typed)

    assert wrong.status_code == 422
    assert "Write hours such as" in wrong.content.decode()
    venue = Venue.objects.get(name="会议室")
    assert [str(each) for each in OpeningHours.objects.order_by("opens_at")] == [
        "work_day 08:30:00-12:00:00",
        "work_day 14:00:00-17:30:00",
    ]
    page = manager.get(f"/office/organisations/venues/{venue.id}/change/").content.decode()
    assert 'value="08:30-12:00 14:00-17:30"' in page
    manager.post(f"/office/organisations/venues/{venue.id}/change/", {"name": "大会议室", "kind": "meeting_room"})
    manager.post(f"/office/organisations/venues/{venue.id}/close/", {"on": "2024-07-01"})
    venue.refresh_from_db()
    assert (venue.name, venue.is_bookable, venue.valid_to) == ("大会议室", False, date(2024, 7, 1))
    assert manager.get(f"/office/organisations/venues/{venue.id}/change/").status_code == 404
    assert manager.get(f"/office/organisations/venues/{venue.id}/dance/").status_code == 404


def test_change_when_there_is_none_of_that_name_then_not_found(manager: Client) -> None:
    assert manager.get(_address("water", "dance")).status_code == 404
    for act in ("rename", "move", "describe", "serve", "post", "venue", "merge", "split", "end"):
        assert manager.get(_address("water", act)).status_code == 200
