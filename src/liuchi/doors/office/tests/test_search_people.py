from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import World, closed, report
from liuchi.ground.access.kinds import LOOKED_UP
from liuchi.ground.journal.models import Line

ADDRESS = "/office/search/people/"
PHONE = "19900007777"


def asked(username: str = "desk", **fields: str) -> str:
    return browser(username).post(ADDRESS, fields).content.decode()


def lines() -> list[Line]:
    return list(Line.objects.filter(kind=LOOKED_UP.name).order_by("id"))


def test_reporter_when_asked_for_with_a_purpose_then_their_cases_masked_and_one_line(world: World) -> None:
    case = closed(world, name="欧阳画眉", phone=PHONE, text="井盖坏了")

    shown = asked(exact=PHONE, purpose="requested")

    assert f'href="/office/cases/{case.number}/?list=people"' in shown
    assert "199****7777" in shown
    assert "欧阳**" in shown
    assert "画眉" not in shown
    (line,) = lines()
    assert (line.data["purpose"], line.data["is_found"], line.data["person"]) == ("requested", True, None)
    assert PHONE not in str(line.data)


def test_reporter_when_nobody_is_found_then_the_question_leaves_its_line_too(world: World) -> None:
    shown = asked(exact="19900001111", purpose="requested")

    assert (shown.count('id="found"'), shown.count("<table")) == (1, 0)

    assert [line.data["is_found"] for line in lines()] == [False]


def test_reporter_when_the_purpose_is_missing_or_nothing_is_given_then_nothing_is_looked_for(world: World) -> None:
    report(world, phone=PHONE)

    refused = [
        browser("desk").post(ADDRESS, fields)
        for fields in ({"exact": PHONE}, {"purpose": "requested"}, {"exact": "12", "purpose": "requested"})
    ]

    assert [response.status_code for response in refused] == [422, 422, 422]
    assert f'value="{PHONE}"' in refused[0].content.decode()
    assert lines() == []


def test_reporter_when_the_phone_stands_in_the_address_then_nothing_is_looked_for(world: World) -> None:
    report(world, phone=PHONE)

    response = browser("desk").get(ADDRESS, {"exact": PHONE, "purpose": "requested"})

    assert "199****7777" not in response.content.decode()
    assert lines() == []


def test_reporter_when_the_viewer_lacks_the_power_then_no_page_and_no_way_to_it(world: World) -> None:
    for username in ("dispatcher", "checker", "water", "resident"):
        assert browser(username).post(ADDRESS, {"exact": PHONE, "purpose": "requested"}).status_code == 403
    assert ADDRESS not in browser("dispatcher").get("/office/search/").content.decode()
    assert ADDRESS in browser("desk").get("/office/search/").content.decode()
    assert lines() == []
