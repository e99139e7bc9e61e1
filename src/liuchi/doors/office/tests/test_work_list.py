from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases import filtering
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.engines.cases.testing import MORNING, World, closed, dispatched, filed, handed_in, report
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at


def numbers(username: str, **query: str) -> list[str]:
    return [row.case.number for row in browser(username).get("/office/", query).context["rows"]]


def test_work_list_when_nothing_waits_then_says_so_for_each_role(world: World) -> None:
    for username in ("desk", "dispatcher", "checker", "water", "other-desk"):
        page = browser(username).get("/office/").content.decode()

        assert "没有待您办理的案件" in page


def test_work_list_when_cases_stand_everywhere_then_each_sees_what_waits_for_them(world: World) -> None:
    new, waiting, handling, checking = report(world), filed(world), dispatched(world), handed_in(world)
    closed(world)

    assert numbers("desk") == [new.number]
    assert numbers("dispatcher") == [waiting.number]
    assert numbers("water") == [handling.number]
    assert numbers("checker") == [checking.number]
    assert (numbers("lights"), numbers("other-desk"), numbers("other-checker")) == ([], [], [])
    assert set(numbers("desk", scope="all")) == {new.number, waiting.number, handling.number, checking.number}


def test_work_list_when_narrowed_then_shows_what_fits(world: World) -> None:
    with frozen_at(MORNING):
        old, new = filed(world), report(world, grid=7)
    with frozen_at(MORNING + timedelta(minutes=14)):
        fresh = report(world, address="菜场北门")
        soon = numbers("desk", scope="all", late="soon")
    with frozen_at(MORNING + timedelta(minutes=20)):
        late = numbers("desk", scope="all", late="overdue")
        town = numbers("desk", scope="all", area=str(world.grids[7].statistical_parent.statistical_parent_id))  # type: ignore[union-attr]

    assert numbers("desk", scope="all", state="filed") == [old.number]
    assert set(soon) == {old.number, new.number}
    assert set(late) == {old.number, new.number}
    assert town == [new.number]
    assert numbers("desk", scope="all", q="井盖") == [old.number]
    assert numbers("desk", scope="all", q="菜场") == [fresh.number]
    assert numbers("desk", scope="all", q=new.number) == [new.number]


def test_work_list_when_nothing_fits_then_offers_everything(world: World) -> None:
    report(world)

    page = browser("desk").get("/office/", {"scope": "all", "q": "不存在"}).content.decode()

    assert "没有符合条件的案件" in page
    assert 'href="?scope=all"' in page


def test_work_list_when_case_is_unclassified_then_shows_the_first_words_as_words(world: World) -> None:
    report(world, text="<b>井盖</b>坏了")

    page = browser("desk").get("/office/").content.decode()

    assert "<bdi>&lt;b&gt;井盖&lt;/b&gt;坏了</bdi>" in page


def test_work_list_when_late_then_says_it_with_words_and_not_by_colour_alone(world: World) -> None:
    with frozen_at(MORNING):
        report(world)
    with frozen_at(MORNING + timedelta(hours=1)):
        page = browser("desk").get("/office/").content.decode()

    assert '<span class="mark late">超时 45 分钟</span>' in page


def test_work_list_when_longer_than_a_page_then_the_next_page_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtering, "PAGE", 2)
    with frozen_at(MORNING):
        everything = [report(world).number for _ in range(5)]
    client, seen, address = browser("desk"), list[str](), "scope=mine"

    while address:
        response = client.get(f"/office/?{address}")
        seen += [row.case.number for row in response.context["rows"]]
        address = response.context["next"]

    assert seen == everything
    assert "回到第一页" in response.content.decode()


def test_work_list_when_a_case_is_opened_then_the_way_back_keeps_the_choice(world: World) -> None:
    case = filed(world)
    client = browser("desk")

    page = client.get("/office/?scope=all&state=filed").content.decode()
    address = f"/office/cases/{case.number}/?list=scope%3Dall%26state%3Dfiled"
    back = client.get(address).content.decode()

    assert f'href="{address}"' in page
    assert f'href="/office/?scope=all&amp;state=filed#case-{case.number}"' in back


@pytest.mark.parametrize(
    "query",
    ["?after=x", "?area=x&state=x&late=x&order=x&matter=x&channel=x&unit=x&saved=x", "?q=%00", "?after=1-" + "0" * 32],
)
def test_work_list_when_the_address_makes_no_sense_then_still_opens(world: World, query: str) -> None:
    assert browser("desk").get(f"/office/{query}").status_code == 200


def test_work_list_when_rows_grow_then_asks_the_database_no_more_often(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser("desk")
    report(world)
    client.get("/office/?scope=all")
    with django_assert_num_queries(9):
        client.get("/office/?scope=all")
    filed(world)
    dispatched(world)

    with django_assert_num_queries(9):
        response = client.get("/office/?scope=all")
    assert len(response.context["rows"]) == 3


def test_work_list_when_narrowed_by_matter_source_unit_and_words_then_shows_what_fits(world: World) -> None:
    lid, said = dispatched(world, channel="phone"), report(world, text="金丝雀巷的灯", channel="web")
    with guard.scope("reaction", "cases.search"):
        index_cases([lid.id, said.case_id])

    assert numbers("desk", scope="all", matter="component-0101") == [lid.number]
    assert numbers("desk", scope="all", matter="component-01") == [lid.number]
    assert numbers("desk", scope="all", matter="event-01") == []
    assert numbers("desk", scope="all", channel="phone") == [lid.number]
    assert numbers("desk", scope="all", unit=str(world.water.id)) == [lid.number]
    assert numbers("desk", scope="all", unit=str(world.lights.id)) == []
    assert numbers("desk", scope="all", q="金丝雀") == [said.number]


@pytest.mark.parametrize("order", ["", "promise", "newest"])
def test_work_list_when_ordered_otherwise_then_every_page_goes_on_where_the_last_ended(
    world: World, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(filtering, "PAGE", 2)
    made = []
    for minute in range(5):
        with frozen_at(MORNING + timedelta(minutes=minute)):
            made.append((filed if minute % 2 else report)(world).number)
    client, seen, address = browser("desk"), list[str](), f"scope=all&order={order}"

    while address:
        response = client.get(f"/office/?{address}")
        seen += [row.case.number for row in response.context["rows"]]
        address = response.context["next"]

    assert sorted(seen) == sorted(made)
    if order == "newest":
        assert seen == made[::-1]
    elif order == "promise":
        assert seen[:2] == [made[1], made[3]]
