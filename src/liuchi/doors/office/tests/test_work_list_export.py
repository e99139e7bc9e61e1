import csv
import io
from urllib.parse import unquote

import pytest
from pytest_django import DjangoAssertNumQueries

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases import filtering
from liuchi.engines.cases.testing import World, dispatched, filed, report
from liuchi.ground.exchange.models import ExportRecord
from liuchi.ground.journal.models import Line


def exported(username: str, query: str) -> list[list[str]]:
    response = browser(username).get(f"/office/?{query}")
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_work_list_when_exported_then_holds_every_page_of_what_the_page_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtering, "PAGE", 2)
    made = [filed(world).number for _ in range(5)]
    report(world)

    head, *rows = exported("desk", "scope=all&state=filed&format=csv")

    assert head[:2] == ["案号", "事项"]
    assert [row[0] for row in rows] == made
    assert {row[4] for row in rows} == {"待派遣"}


def test_work_list_when_exported_then_the_export_is_noted(world: World) -> None:
    case = dispatched(world)

    exported("water", "format=csv")

    row, line = ExportRecord.objects.get(), Line.objects.filter(kind="exchange.exported").get()
    assert (row.listing, row.rows, row.is_personal) == ("cases.work_list", 1, False)
    assert row.actor_id == world.viewer("water").id == line.actor_id
    assert case.number not in str(line.data)


def test_work_list_when_exported_then_tells_nothing_of_the_reporter(world: World) -> None:
    report(world, text="井盖坏了，我是李四", address="人民路二十五号", name="李四", phone="19900001234")

    page = browser("desk").get("/office/").content.decode()
    rows = str(exported("desk", "format=csv"))

    assert "人民路二十五号" in page
    assert "井盖坏了" in page
    assert not [word for word in ("人民路二十五号", "井盖坏了", "李四") if word in rows]


def test_work_list_when_somebody_exports_then_only_what_they_may_see(world: World) -> None:
    mine, other = report(world, grid=7), report(world, grid=0)

    seen = {row[0] for row in exported("other-desk", "scope=all&format=csv")[1:]}

    assert {row[0] for row in exported("desk", "scope=all&format=csv")[1:]} == {mine.number, other.number}
    assert seen == {mine.number}


def test_work_list_when_shown_then_offers_both_formats_as_narrowed_from_the_first_page_on(world: World) -> None:
    report(world)

    page = browser("desk").get("/office/?scope=all&q=&state=received").content.decode()

    assert 'href="?scope=all&amp;q=&amp;state=received&amp;format=xlsx"' in page
    assert 'href="?scope=all&amp;q=&amp;state=received&amp;format=csv"' in page


def test_work_list_when_taken_as_xlsx_then_the_file_has_a_name_in_words(world: World) -> None:
    report(world)

    response = browser("desk", "en").get("/office/?format=xlsx")
    content = response.getvalue()

    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert unquote(response["Content-Disposition"]).startswith("attachment; filename*=UTF-8''Open cases-")
    assert response["Cache-Control"] == "private, no-store"
    assert content[:2] == b"PK"


def test_work_list_when_rows_grow_then_an_export_asks_no_more_often(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser("desk")
    for _ in range(3):
        report(world)

    with django_assert_max_num_queries(12):
        client.get("/office/?scope=all&format=csv").getvalue()
