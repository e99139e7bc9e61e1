"""The asset book at the desk: what is shown to whom, and what can be written."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.doors.office.assets.sketch import HEIGHT, WIDTH, sketch_of
from liuchi.doors.office.assets.tests.conftest import Book
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, SINCE
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.assets import register_assets
from liuchi.ground.organisations.asset_book import NewAsset
from liuchi.ground.organisations.models import Asset, AssetLook


@pytest.fixture(autouse=True)
def _this_morning() -> Iterator[None]:
    with frozen_at(MORNING):
        yield


def _text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def _names(query: str = "", username: str = "surveyor") -> list[str]:
    return [row.asset.name for row in browser(username).get(f"/office/assets/{query}").context["rows"]]


def test_list_when_narrowed_then_shows_what_fits_within_the_viewers_reach(book: Book) -> None:
    estate = book.lamp.estate_id
    near = f"?longitude={117.0051}&latitude={30.505}"

    assert _names() == ["北门路灯", "远处路灯"]
    assert _names(username="worker") == ["北门路灯"]
    assert _names("?q=远处") == ["远处路灯"]
    assert _names(f"?estate={estate}") == _names(f"?area={book.world.communities[0].id}") == ["北门路灯"]
    assert _names("?state=damaged") == _names("?kind=0101") == []
    assert _names("?kind=0109&unseen=1&after=9908030109000001") == ["远处路灯"]
    assert _names("?state=nonsense&kind=x&area=x&estate=x&after=%00") == ["北门路灯", "远处路灯"]
    assert _names(near) == ["北门路灯"]
    assert _names("?longitude=x&latitude=nan") == ["北门路灯", "远处路灯"]
    page = browser("surveyor", "en").get(f"/office/assets/{near}")
    assert "10 m away" in _text(page)
    assert browser("desk").get("/office/assets/").status_code == 403


def test_list_when_it_has_one_or_three_rows_then_it_asks_as_often(book: Book) -> None:
    client, asked = browser("worker"), []
    for more in (0, 2):
        lamp = NewAsset("0109", "路灯", longitude=117.005, latitude=30.505, maintainer="lights", recorded_on=SINCE)
        register_assets(by=SETUP, assets=[lamp] * more)
        client.get("/office/assets/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/office/assets/")
        asked.append((len(page.context["rows"]), len(queries)))

    (one, first), (three, second) = asked
    assert (one, three, second) == (1, 3, first)


def test_asset_when_opened_then_shows_its_facts_where_it_stands_and_how_it_was_found(book: Book) -> None:
    page = browser("worker", "en").get(f"/office/assets/{book.lamp.code}/")

    words = _text(page)
    assert all(each in words for each in ("北门路灯", "9908030109000001", "某小区", "路灯管理所", "as registered"))
    assert 'class="here" cx="180.0" cy="120.0"' in page.content.decode()
    assert "Correct the facts" not in words
    assert "Note its state" in words
    assert "Note its state" not in _text(browser("registrar", "en").get(f"/office/assets/{book.lamp.code}/"))
    assert "Correct the facts" in _text(browser("surveyor", "en").get(f"/office/assets/{book.lamp.code}/"))
    assert browser("worker").get(f"/office/assets/{book.far.code}/").status_code == 404
    assert browser("worker").get("/office/assets/new/").status_code == 403


def test_state_when_a_grid_worker_notes_it_on_the_phone_then_it_stands_in_the_book(book: Book) -> None:
    path = f"/office/assets/{book.lamp.code}/look/"

    page = browser("worker", "en").post(path, {"state": "damaged", "on": "2024-09-12", "note": "灯罩破裂"}, follow=True)

    assert "Saved." in _text(page)
    assert "灯罩破裂" in _text(page)
    look = AssetLook.objects.first()
    assert look is not None
    assert (look.state, look.actor_id) == ("damaged", book.world.viewer("worker").id)
    for name, values in (
        ("change", {"name": "x", "accuracy": "A", "data_source": "surveyed"}),
        ("remove", {"on": "2024-09-12"}),
    ):
        assert browser("worker").post(f"/office/assets/{book.lamp.code}/{name}/", values).status_code == 403
    assert browser("worker").post(f"/office/assets/{book.lamp.code}/nonsense/").status_code == 404
    assert browser("registrar").post(path, {"state": "lost", "on": "2024-09-12"}).status_code == 403


def test_asset_when_registered_at_the_desk_then_it_gets_the_next_code_and_its_classs_name(book: Book) -> None:
    client = browser("surveyor", "en")
    values = {
        "kind": "0101",
        "state": "intact",
        "recorded_on": "2024-09-12",
        "accuracy": "C",
        "data_source": "surveyed",
    }

    page = client.post("/office/assets/new/", {**values, "longitude": "117.005", "latitude": "30.505"}, follow=True)
    assert page.redirect_chain[-1][0] == "/office/assets/9908030101000001/"
    made = Asset.objects.get(code="9908030101000001")
    assert (made.name, made.area) == ("上水井盖", book.world.grids[0])
    typed = {**values, "position": "117.0164401,30.5085917", "system": "bd09", "name": "井盖", "owner": "lights"}
    client.post("/office/assets/new/", typed)
    other = Asset.objects.get(code="9908030101000002")
    assert (round(other.longitude or 0, 2), other.owner) == (117.0, book.world.lights)
    for wrong, said in (
        ({**values, "kind": ""}, "required"),
        (values, "Give a position, or the grid"),
        ({**values, "position": "30.5,117"}, "Give longitude and latitude"),
        ({**values, "position": "100,30"}, "outside the district"),
    ):
        answer = client.post("/office/assets/new/", wrong)
        assert (answer.status_code, said in _text(answer)) == (422, True), _text(answer)[:900]


def test_facts_when_corrected_or_removed_at_the_desk_then_told_in_the_journal(book: Book) -> None:
    client, path = browser("surveyor", "en"), f"/office/assets/{book.lamp.code}/"
    facts = {"name": "南门路灯", "accuracy": "A", "data_source": "surveyed", "position": "117.006, 30.505"}

    assert "Saved." in _text(client.post(f"{path}change/", {**facts, "maintainer": "lights"}, follow=True))
    assert client.post(f"{path}change/", {**facts, "name": "灯" * 50}).status_code == 422
    answer = client.post(f"{path}look/", {"state": "intact", "on": "2030-01-01"})
    assert (answer.status_code, "This day lies ahead." in _text(answer)) == (409, True)
    page = client.post(f"{path}remove/", {"on": "2024-09-12", "note": "道路改造"}, follow=True)

    assert "removed" in _text(page)
    assert "Note its state" not in _text(page)
    kinds = [line.kind for line in Line.objects.filter(kind__startswith="organisations.asset_").order_by("id")]
    assert kinds[-2:] == ["organisations.asset_changed", "organisations.asset_retired"]
    changed = Line.objects.get(kind="organisations.asset_changed")
    assert changed.data == {"fields": ["name", "estate", "longitude", "position", "accuracy"]}


def test_book_when_exported_then_every_row_comes_with_the_standards_headings(book: Book) -> None:
    answer = browser("surveyor").get("/office/assets/?format=csv")

    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "9908030109000001" in content
    assert "路灯管理所" in content
    assert content.count("\n") == 3


def test_sketch_when_drawn_then_everything_lies_within_it_and_north_is_up() -> None:
    outline = {
        "type": "MultiPolygon",
        "coordinates": [[[[117.0, 30.5], [117.01, 30.5], [117.01, 30.51], [117.0, 30.5]]]],
    }
    sketch = sketch_of(outline, (117.009, 30.509), [(117.001, 30.501)])

    assert sketch is not None
    (other,), here = sketch.others, sketch.here
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in (here, other))
    assert here[0] > other[0]
    assert here[1] < other[1]
    assert sketch.paths[0].startswith("M")
    assert sketch_of(None, (0, 0), []) is None
