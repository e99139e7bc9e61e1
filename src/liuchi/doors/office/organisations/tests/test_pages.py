"""The list, the chains, one organisation today and then, duties and venues."""

import csv
import io
from datetime import date, time

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from liuchi.doors.office.organisations.tests.conftest import body
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations import finding
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.actions.standing import Parents, move_organisation, rename_organisation
from liuchi.ground.organisations.actions.succession import merge_organisations
from liuchi.ground.organisations.actions.venues import open_venue
from liuchi.ground.organisations.models import DutyItem
from liuchi.ground.organisations.testing import SETUP
from liuchi.ground.organisations.venues import Hours, VenueFacts
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.staffing import Meant
from liuchi.ground.people.testing import resident


def _exported(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def test_list_when_opened_narrowed_and_exported_then_the_same_bodies(world: World, manager: Client) -> None:
    page = manager.get("/office/organisations/").content.decode()
    towns = manager.get("/office/organisations/?kind=town").content.decode()

    assert "大观区供水服务中心" in page
    assert "+ Add an organisation" in page
    assert "第一街道办事处" in towns
    assert "供水" not in towns
    head, *rows = _exported(manager, "/office/organisations/?kind=town&format=csv")
    assert head[:3] == ["Code", "Name", "Short name"]
    assert [row[0] for row in rows] == ["town-1", "town-2"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?q=火星", "Nothing fits this choice"),
        ("?after=zzz+" + "0" * 32, "The list ends here"),
        ("?area=x&on=y", "供水"),
    ],
)
def test_list_when_nothing_fits_or_the_address_is_odd_then_says_so(manager: Client, query: str, told: str) -> None:
    assert told in manager.get(f"/office/organisations/{query}").content.decode()


def test_list_when_long_then_pages_and_questions_do_not_multiply(
    manager: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(finding, "PAGE", 3)
    page = manager.get("/office/organisations/").content.decode()

    assert 'rel="next"' in page
    with django_assert_max_num_queries(10):
        manager.get("/office/organisations/")


@pytest.mark.parametrize(("username", "may"), [("dispatcher", True), ("resident", False)])
def test_pages_when_somebody_works_here_then_open_and_for_residents_not(world: World, username: str, may: bool) -> None:
    client = browser(username, "en")
    pages = ["", "tree/", "duties/", "venues/", f"{body('water').id}/"]

    assert {client.get(f"/office/organisations/{each}").status_code for each in pages} == {200 if may else 403}
    assert client.get("/office/organisations/add/").status_code == 403


def test_names_of_holders_when_the_viewer_may_not_see_staff_then_not_shown(world: World, manager: Client) -> None:
    with frozen_at(MORNING):
        post = open_post(by=SETUP, organisation_id=world.water.id, title="主任", on=date(2024, 3, 1), is_head=True)
        take_post(by=SETUP, post_id=post.id, person=Meant(resident("钱主任", "19900007777").id), on=date(2024, 3, 1))
    pages = ["/office/organisations/", f"/office/organisations/{world.water.id}/"]

    assert all("钱主任" in manager.get(page).content.decode() for page in pages)
    assert not any("钱主任" in browser("dispatcher", "en").get(page).content.decode() for page in pages)


def test_page_when_asked_for_a_past_day_then_name_parents_and_holders_of_then(world: World, manager: Client) -> None:
    with frozen_at(MORNING):
        rename_organisation(
            by=SETUP, organisation_id=world.water.id, name="水务集团", on=date(2024, 6, 1), document="改〔2024〕1号"
        )
        move_organisation(
            by=SETUP, organisation_id=world.water.id, parents=Parents(management=body("town-1").id), on=date(2024, 7, 1)
        )

        now = manager.get(f"/office/organisations/{world.water.id}/").content.decode()
        then = manager.get(f"/office/organisations/{world.water.id}/?on=2024-05-01").content.decode()
        before = manager.get(f"/office/organisations/{world.water.id}/?on=2023-05-01").content.decode()
        listed = manager.get("/office/organisations/?on=2024-05-01").content.decode()

    assert "<h1>水务集团</h1>" in now
    assert "第一街道办事处" in now
    assert "改〔2024〕1号" in now
    assert "<h1>大观区供水服务中心</h1>" in then
    assert "Today it is called 水务集团." in then
    assert "Managed by" not in then
    assert "Rename" not in then
    assert "It did not exist on" in before
    assert "大观区供水服务中心" in listed
    assert "水务集团" not in listed


def test_page_when_the_organisation_has_ended_then_says_in_whom_it_goes_on_and_offers_nothing(
    world: World, manager: Client
) -> None:
    with frozen_at(MORNING):
        merge_organisations(
            by=SETUP,
            organisation_ids=[world.lights.id],
            into_id=world.water.id,
            on=date(2024, 8, 1),
            document="并〔2024〕2号",
        )

    page = manager.get(f"/office/organisations/{world.lights.id}/").content.decode()

    assert "ended on" in page
    assert "merged into" in page
    assert "并〔2024〕2号" in page
    assert "Rename" not in page
    heir = manager.get(f"/office/organisations/{world.water.id}/").content.decode()
    assert "Came from" in heir


def test_page_when_unknown_then_not_found(manager: Client) -> None:
    assert manager.get("/office/organisations/00000000-0000-0000-0000-000000000007/").status_code == 404


def test_tree_when_opened_then_shows_each_chain(world: World, manager: Client) -> None:
    with frozen_at(MORNING):
        move_organisation(
            by=SETUP, organisation_id=world.water.id, parents=Parents(management=body("desk").id), on=date(2024, 7, 1)
        )

    page = manager.get("/office/organisations/tree/").content.decode()
    other = manager.get("/office/organisations/tree/?chain=party").content.decode()

    assert "大观区监督中心" in page
    assert "大观区供水服务中心" in page
    assert "3 organisations stand alone in this chain." in page
    assert "Nobody stands below anybody in this chain yet" in other


def test_duties_when_opened_then_the_streets_list_comes_first_with_its_three_kinds(
    manager: Client, town_list: None
) -> None:
    page = manager.get("/office/organisations/duties/").content.decode()
    taken = manager.get("/office/organisations/duties/?kind=taken_back").content.decode()

    assert "街道履行职责事项清单" in page
    assert "做好辖区环境卫生" in page
    assert "the street or town of the place" in page
    assert "对随意倾倒的处罚" not in page
    assert "省城管局" in taken
    assert "由省城管局办理" in taken


def test_duties_when_searched_or_asked_for_a_day_before_any_list_then_says_so(manager: Client, town_list: None) -> None:
    assert "Nothing fits this choice" in manager.get("/office/organisations/duties/?q=火星").content.decode()
    assert "No list was in force" in manager.get("/office/organisations/duties/?on=2023-05-01").content.decode()
    assert "大观区权责清单（测试）" in manager.get("/office/organisations/duties/?on=2024-02-01").content.decode()


def test_duties_when_exported_then_every_item_of_the_kind_with_its_sides(manager: Client, town_list: None) -> None:
    head, *rows = _exported(manager, "/office/organisations/duties/?kind=assist&format=csv")

    assert head[5:8] == ["Item", "leads", "assists"]
    assert [row[5:8] for row in rows] == [
        ["供水设施抢修", "大观区供水服务中心：抢修", "the street or town of the place：引导群众"]
    ]


def test_duty_when_opened_then_shows_who_does_what_and_where_it_stands(manager: Client, town_list: None) -> None:
    item = DutyItem.objects.get(name="供水设施抢修")

    page = manager.get(f"/office/organisations/duties/{item.id}/").content.decode()

    assert "大观区供水服务中心" in page
    assert "办〔2024〕3号" in page
    assert manager.get("/office/organisations/duties/00000000-0000-0000-0000-000000000007/").status_code == 404


def test_dispatcher_when_a_matter_was_taken_back_then_is_told_by_whom(world: World, town_list: None) -> None:
    from liuchi.engines.cases.testing import filed  # only this test needs a case

    with frozen_at(MORNING):
        case = filed(world)
        page = browser("dispatcher", "en").get(f"/office/cases/{case.number}/").content.decode()

    assert "省城管局 has taken this back from streets and communities" in page


def test_venues_when_opened_then_listed_with_whether_they_are_open_and_exported(world: World, manager: Client) -> None:
    facts = VenueFacts(
        name="老年食堂", kind="canteen", capacity=40, is_bookable=True, facilities=("ramp",),
        hours=(Hours("work_day", time(8), time(18)),),
    )  # fmt: skip
    with frozen_at(MORNING):
        open_venue(by=SETUP, organisation_id=body("town-1").id, facts=facts, on=date(2024, 3, 1))
        page = manager.get("/office/organisations/venues/").content.decode()
        elsewhere = manager.get(f"/office/organisations/venues/?area={body('town-2').area_id}").content.decode()

    assert "老年食堂" in page
    assert '<span class="mark good">open</span>' in page
    assert "Nothing fits this choice" in elsewhere
    rows = _exported(manager, "/office/organisations/venues/?format=csv")
    assert rows[1][0] == "老年食堂"
    one = manager.get(f"/office/organisations/{body('town-1').id}/").content.decode()
    assert "08:00-18:00" in one
    assert "ramp or level entrance" in one


def test_manager_of_one_town_when_looking_elsewhere_then_may_read_and_not_change(world: World) -> None:
    with frozen_at(MORNING):
        give_role("town-personnel", "personnel", body("town-1").area)
    client = browser("town-personnel", "en")

    here = client.get(f"/office/organisations/{body('town-1').id}/").content.decode()
    there = client.get(f"/office/organisations/{body('town-2').id}/").content.decode()

    assert "Rename" in here
    assert "Rename" not in there
    assert client.get(f"/office/organisations/{body('town-2').id}/rename/").status_code == 403
    assert client.post(f"/office/organisations/{body('town-2').id}/rename/", {"name": "x"}).status_code == 403


def test_case_when_its_unit_was_renamed_since_then_its_history_says_the_name_of_then(world: World) -> None:
    from liuchi.engines.cases.testing import dispatched  # only this test needs a case at work

    with frozen_at(MORNING):
        case = dispatched(world)
    with frozen_at(MORNING.replace(year=2025)):
        rename_organisation(by=SETUP, organisation_id=world.water.id, name="水务集团", on=date(2025, 9, 1))
        page = browser("dispatcher", "en").get(f"/office/cases/{case.number}/").content.decode()

    assert "Dispatched to 供水中心" in page
    assert "水务集团" in page
