from datetime import timedelta

from pytest_django import DjangoAssertNumQueries

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, closed, dispatched, filed, report
from liuchi.ground.kernel.clock import frozen_at


def test_home_when_nothing_happened_then_says_so_and_offers_a_step(world: World) -> None:
    page = browser().get("/").content.decode()

    assert "还没有人反映事项" in page
    assert "测试区" in page


def test_home_when_there_is_no_territory_yet_then_still_opens(db: None) -> None:
    response = browser().get("/")

    assert response.status_code == 200


def test_home_when_cases_stand_differently_then_counts_and_words_are_true(world: World) -> None:
    with frozen_at(MORNING):
        report(world)
        late, solved = filed(world), closed(world)
    with frozen_at(MORNING + timedelta(hours=30)):
        soon = filed(world)

        page = browser().get("/")

    shown = page.context["standing"]
    rows = page.content.decode()
    assert (shown.open, shown.due_soon, shown.overdue) == (3, 1, 1)
    assert "超时 1 天" in rows
    assert "已结案" in rows
    assert all(case.number in rows for case in (late, solved, soon))


def test_home_when_most_are_unclassified_then_leaves_room_for_the_others(world: World) -> None:
    classified = filed(world)
    for _ in range(12):
        report(world)

    recent = [row.case.number for row in browser().get("/").context["recent"]]

    assert len(recent) == 4
    assert recent[-1] == classified.number


def test_home_when_signed_in_then_shows_ones_own_reports_only(world: World) -> None:
    mine = report(world, by=world.viewer("resident"))
    report(world, by=world.viewer("other-resident"))

    shown = browser("resident").get("/").context["mine"]

    assert [row.case.number for row in shown] == [mine.number]


def test_opening_when_number_is_right_then_shows_the_public_page(world: World) -> None:
    case = dispatched(world)

    response = browser().post("/cases/open/", {"number": f" {case.number.replace('-', '－')} "})

    assert response["Location"] == f"/cases/{case.number}/"


def test_opening_when_code_is_typed_loosely_then_opens_as_the_reporter(world: World) -> None:
    receipt = report(world, text="只有我知道的话")
    client = browser()

    response = client.post(
        "/cases/open/", {"number": receipt.number.replace("-", ""), "code": receipt.code.lower().replace("-", " ")}
    )

    assert receipt.code not in response["Location"]
    assert "只有我知道的话" in client.get(response["Location"]).content.decode()


def test_opening_when_code_is_wrong_then_says_so_and_keeps_what_was_typed(world: World) -> None:
    receipt = report(world, text="只有我知道的话")
    client = browser()

    response = client.post("/cases/open/", {"number": receipt.number, "code": "AAAAA-AAAAA"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "查询码与案号不符" in page
    assert 'value="AAAAA-AAAAA"' in page
    assert "只有我知道的话" not in client.get(f"/cases/{receipt.number}/").content.decode()


def test_opening_when_there_is_no_such_number_then_says_so(world: World) -> None:
    client = browser()

    unknown = client.post("/cases/open/", {"number": "20240101-999999"}).content.decode()
    unreadable = client.post("/cases/open/", {"number": "manhole"}).content.decode()

    assert "没有这个案号" in unknown
    assert "案号形如" in unreadable


def test_home_when_rows_grow_then_asks_the_database_no_more_often(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    filed(world)
    browser().get("/")
    with django_assert_num_queries(3):
        browser().get("/")
    filed(world)
    filed(world)

    with django_assert_num_queries(3):
        browser().get("/")
