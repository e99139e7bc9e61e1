from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import SavedList
from liuchi.engines.cases.testing import World, dispatched, give_role, report
from liuchi.ground.access.models import Account

KEEP = "/office/lists/keep/"


def keep(client: Client, query: str, **fields: str) -> SavedList:
    response = client.post(f"{KEEP}?{query}", fields)
    assert response.status_code == 302, response.content.decode()
    return SavedList.objects.latest("saved_at", "id")


def test_list_when_kept_then_opens_again_with_what_it_was_narrowed_to_and_nothing_else(world: World) -> None:
    report(world)
    case = dispatched(world)
    client = browser("desk")

    kept = keep(client, "scope=all&state=handling&after=1-2&evil=x&matter=component-0101", name=" 我的  井盖 ")

    assert (kept.name, kept.wanted) == ("我的 井盖", {"scope": "all", "state": "handling", "matter": "component-0101"})
    shown = client.get("/office/?scope=mine")
    (choice,) = shown.context["saved"]
    opened = client.get(f"/office/?{choice.address}")
    assert [row.case.number for row in opened.context["rows"]] == [case.number]
    assert opened.context["saved"][0].is_chosen


def test_list_when_it_opens_first_then_the_bare_address_leads_there_and_the_tabs_do_not(world: World) -> None:
    client = browser("desk")
    first = keep(client, "scope=all", name="全部", is_default="on")
    second = keep(client, "scope=all&late=overdue", name="超时", is_default="on")

    assert client.get("/office/").headers["location"] == f"/office/?scope=all&late=overdue&saved={second.id}"
    assert client.get("/office/?scope=mine").status_code == 200
    assert list(SavedList.objects.filter(is_default=True)) == [second]
    assert browser("dispatcher").get("/office/").status_code == 200
    assert first.name in client.get("/office/?scope=mine").content.decode()


def test_list_when_shared_with_a_unit_then_colleagues_see_it_and_only_its_owner_removes_it(world: World) -> None:
    give_role("second", "handler", world.district, world.water)
    kept = keep(browser("water"), "scope=mine&late=soon", name="快到期", unit=str(world.water.id))

    assert "快到期" in browser("second").get("/office/?scope=mine").content.decode()
    assert "快到期" not in browser("lights").get("/office/?scope=mine").content.decode()
    assert browser("second").post(f"/office/lists/{kept.id}/remove/").status_code == 404
    assert browser("lights").post(f"/office/lists/{kept.id}/remove/").status_code == 404
    assert browser("water").post(f"/office/lists/{kept.id}/remove/").status_code == 302
    assert not SavedList.objects.exists()


def test_list_when_shared_with_another_s_unit_or_without_a_name_then_refused(world: World) -> None:
    client = browser("water")

    assert client.post(f"{KEEP}?scope=all", {"name": "x", "unit": str(world.lights.id)}).status_code == 422
    assert client.post(f"{KEEP}?scope=all", {"name": "  "}).status_code == 422
    assert browser("resident").post(f"{KEEP}?scope=all", {"name": "x"}).status_code == 403
    assert not SavedList.objects.exists()


def test_list_when_its_owner_sees_less_by_now_then_it_shows_what_they_see(world: World) -> None:
    case = dispatched(world)
    keep(browser("desk"), "scope=all", name="全部")
    row = SavedList.objects.get()

    def shown(username: str) -> list[str]:
        rows = browser(username).get(f"/office/?scope=all&saved={row.id}").context["rows"]
        return [each.case.number for each in rows]

    assert (shown("desk"), shown("other-desk")) == ([case.number], [])
    assert row.account_id == Account.objects.get(username="desk").id
