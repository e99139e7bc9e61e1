import csv
import io

import pytest
from pytest_django import DjangoAssertNumQueries

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.search import queries
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.engines.cases.testing import World, closed, report
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard

ADDRESS = "/office/search/"


def indexed() -> None:
    with guard.scope("reaction", "cases.search"):
        index_cases(list(Case.objects.values_list("id", flat=True)))


def page(username: str = "desk", **query: str) -> str:
    return browser(username).get(ADDRESS, query).content.decode()


def test_search_when_words_fit_then_shows_open_and_ended_with_the_place_marked(world: World) -> None:
    one, other = closed(world, text="门口<b>污水</b>横流"), report(world, text="吵", address="污水厂路")
    indexed()

    shown = page(q="污水")

    assert one.number in shown
    assert other.number in shown
    assert "门口&lt;b&gt;<mark>污水</mark>&lt;/b&gt;横流" in shown
    assert "<mark>污水</mark>厂路" in shown
    assert one.number not in page("other-desk", q="污水")


def test_search_when_nothing_or_no_word_then_says_what_to_do(world: World) -> None:
    report(world, text="污水横流")
    indexed()

    assert [shown.count("card empty") for shown in (page(), page(q="不存在"), page(q="污水"))] == [1, 1, 0]
    assert "不存在" in page(q="不存在")
    assert 'href="?q=%E6%B1%A1%E6%B0%B4"' in page(q="污水", state="closed")
    assert 'role="status"' in page(q="无税")
    assert 'role="status"' not in page(q="污水")


def test_search_when_longer_than_a_page_then_the_next_page_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    wanted = [report(world, text="污水横流").number for _ in range(5)][::-1]
    indexed()
    client, seen, address = browser("desk"), list[str](), "q=wushui"

    while address:
        response = client.get(f"{ADDRESS}?{address}")
        seen += [row.case.number for row in response.context["rows"]]
        address = response.context["next"]

    assert seen == wanted


def test_search_when_exported_then_holds_all_and_tells_nothing_of_the_reporter(world: World) -> None:
    case = closed(world, text="污水横流，我是李四", address="人民路二十五号")
    indexed()

    text = browser("desk").get(ADDRESS, {"q": "污水", "format": "csv"}).getvalue().decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[0] for row in rows] == ["案号", case.number]
    assert "李四" not in text
    assert "人民路" not in text
    assert "污水" not in str(Line.objects.get(kind="exchange.exported").data)


@pytest.mark.parametrize(
    "query",
    [
        "?after=x",
        "?q=a&after=1-" + "0" * 32,
        "?q=a&after=1-" + "0" * 32 + "-written",
        "?state=x&town=x&since=x",
        "?q=%00",
    ],
)
def test_search_when_the_address_makes_no_sense_then_still_opens(world: World, query: str) -> None:
    assert browser("desk").get(ADDRESS + query).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_search_when_rows_grow_then_asks_the_database_no_more_often(
    world: World, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        report(world, text="污水横流")
    indexed()
    client = browser("desk")
    client.get(ADDRESS, {"q": "污水"})

    # Where the newest days do not fill the page, two older windows are asked.
    with django_assert_num_queries(9):
        response = client.get(ADDRESS, {"q": "污水"})
    assert len(response.context["rows"]) == count


def test_work_list_when_shown_then_its_search_box_leads_to_the_search(world: World) -> None:
    shown = browser("desk").get("/office/").content.decode()

    assert f'action="{ADDRESS}"' in shown
    assert "data-slash" in shown


@pytest.mark.parametrize("line", ["-", ""])
def test_search_when_a_whole_number_is_typed_then_opens_its_case_before_it_is_indexed(world: World, line: str) -> None:
    number = report(world, text="污水横流").number
    typed = {"q": f" {number.replace('-', line)} "}

    answer, elsewhere = (browser(each).get(ADDRESS, typed) for each in ("desk", "other-desk"))

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/office/cases/{number}/")
    assert (elsewhere.status_code, number in elsewhere.content.decode().split("<main")[1].split("</form>")[-1]) == (
        200,
        False,
    )


def test_search_when_a_case_is_opened_then_the_way_back_leads_to_the_results(world: World) -> None:
    case = report(world, text="污水横流")
    indexed()
    shown = page(q="污水", state="received")

    address = f"/office/cases/{case.number}/?list=search%3Fq%3D%25E6%25B1%25A1%25E6%25B0%25B4%26state%3Dreceived"
    assert f'href="{address}"' in shown
    back = browser("desk").get(address).content.decode()
    assert f'href="/office/search/?q=%E6%B1%A1%E6%B0%B4&amp;state=received#case-{case.number}"' in back


@pytest.mark.parametrize(
    ("given", "leads"),
    [
        ("", "/office/"),
        ("people", "/office/search/people/"),
        ("search", "/office/search/"),
        ("https://elsewhere.invalid/?q=a", "/office/"),
        ("//elsewhere.invalid", "/office/"),
        ("search//elsewhere.invalid?q=a", "/office/"),
        ("search?next=https://elsewhere.invalid/&q=a", "/office/search/?q=a"),
        ("javascript:alert(1)", "/office/"),
    ],
)
def test_way_back_when_something_else_is_named_then_leads_to_a_page_of_ours_only(
    world: World, given: str, leads: str
) -> None:
    case = report(world)

    shown = browser("desk").get(f"/office/cases/{case.number}/", {"list": given}).content.decode()

    assert f'href="{leads}#case-{case.number}"' in shown


def test_search_when_only_a_move_holds_the_words_then_shows_them(world: World) -> None:
    closed(world, text="盖子坏了")
    indexed()

    shown = page(q="更换")

    assert "已<mark>更换</mark>井盖" in shown
