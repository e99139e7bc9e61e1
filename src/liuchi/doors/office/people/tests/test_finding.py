"""Looking up leaves a line each time; registering types as little as can be and makes no double unnoticed."""

import pytest

from liuchi.doors.office.people.tests.conftest import NAME, NUMBER, PHONE, SEALED, Ground, register
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.models import Person
from liuchi.ground.people.testing import number
from liuchi.ground.people.values import facts_of

LOOK_UP, NEW = "/office/people/look-up/", "/office/people/new/"


def post(username: str, to: str, /, **values: str) -> object:
    with frozen_at(MORNING):
        return browser(username).post(to, values)


def test_look_up_when_exact_then_shows_masked_and_leaves_a_line_without_the_value(ground: Ground) -> None:
    for exact in (NUMBER, "990803500101001", PHONE, "+86 199 1234 5678"):
        answer = post("worker", LOOK_UP, exact=exact, purpose="visiting")
        page = answer.content.decode()  # type: ignore[attr-defined]
        assert "金**" in page
        assert NAME not in page

    lines = Line.objects.filter(kind="access.looked_up")
    assert {(line.data["field"], line.data["purpose"], line.data["is_found"]) for line in lines} == {
        ("people.identity", "visiting", True),
        ("people.phone", "visiting", True),
    }
    assert lines.count() == 4
    assert not any(value in str(line.data) for line in lines for value in SEALED)


def test_look_up_when_by_name_and_place_then_found_and_without_the_place_asked_for(ground: Ground) -> None:
    found = post("worker", LOOK_UP, name=NAME, area=str(ground.world.grids[0].id), purpose="visiting")
    refused = post("registrar", LOOK_UP, name=NAME, purpose="visiting")

    assert "金**" in found.content.decode()  # type: ignore[attr-defined]
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "area" in refused.context["form"].errors  # type: ignore[attr-defined]


def test_look_up_when_nobody_or_elsewhere_then_a_line_too_and_only_registrars_learn_of_elsewhere(
    ground: Ground,
) -> None:
    with frozen_at(MORNING):
        register(ground.world, "远方人", "19912340000", grid=7)

    told = post("registrar", LOOK_UP, exact="19912340000", purpose="handling")
    untold = post("worker", LOOK_UP, exact="19912340000", purpose="handling")

    assert told.context["found"].is_elsewhere  # type: ignore[attr-defined]
    assert not untold.context["found"].is_elsewhere  # type: ignore[attr-defined]
    for answer in (told, untold):
        assert "远" not in answer.content.decode()  # type: ignore[attr-defined]
    assert [line.data["is_found"] for line in Line.objects.filter(kind="access.looked_up")] == [False, False]


@pytest.mark.parametrize(
    "values", [{"exact": PHONE}, {"exact": PHONE, "purpose": "curious"}, {"exact": "12", "purpose": "visiting"}, {}]
)
def test_look_up_when_without_purpose_or_impossible_then_nothing_is_looked_for(
    ground: Ground, values: dict[str, str]
) -> None:
    answer = post("worker", LOOK_UP, **values)

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "金**" not in answer.content.decode()  # type: ignore[attr-defined]
    assert not Line.objects.filter(kind="access.looked_up").exists()


def test_registering_when_by_number_alone_then_the_rest_follows(ground: Ground) -> None:
    home = str(ground.world.grids[1].id)

    answer = post("registrar", NEW, identity=number(serial=2), name="新来的", home=home, address="七号")

    person = Person.objects.get(name="新来的")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert (str(person.birth_on), person.sex, str(person.home_id)) == ("1950-01-01", "2", home)
    with frozen_at(MORNING):
        page = browser("registrar").get(f"/office/people/{person.id}/").content.decode()
    assert "新来的" in page


def test_registering_when_doubtful_then_registered_and_told(ground: Ground) -> None:
    home = str(ground.world.grids[1].id)
    client = browser("registrar")

    with frozen_at(MORNING):
        answer = client.post(
            NEW, {"identity": number(serial=2), "name": "新来的", "home": home, "sex": "1"}, follow=True
        )

    assert [message.level_tag for message in answer.context["messages"]] == ["success", "warning"]


def test_registering_when_known_here_then_leads_to_the_record_and_keeps_what_was_typed(ground: Ground) -> None:
    answer = post("registrar", NEW, name=NAME, phone=PHONE, home=str(ground.world.grids[0].id), address="八号")

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert f"/office/people/{ground.person.id}/" in page
    assert 'value="八号"' in page


def test_registering_when_known_elsewhere_then_asks_whether_they_moved_and_takes_over(ground: Ground) -> None:
    with frozen_at(MORNING):
        far = register(ground.world, "远方人", "19912340000", grid=7, identity=number(serial=4))
    values = {"identity": number(serial=4), "name": "远方人", "home": str(ground.world.grids[0].id)}

    asked = post("registrar", NEW, **values)
    done = post("registrar", NEW, **values, takes_over="on")

    assert asked.status_code == 409  # type: ignore[attr-defined]
    assert asked.context["is_elsewhere"]  # type: ignore[attr-defined]
    assert str(far.id) not in asked.content.decode()  # type: ignore[attr-defined]
    assert done.status_code == 302  # type: ignore[attr-defined]
    far.refresh_from_db()
    assert far.home == ground.world.grids[0]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"home": ""}, "home"),
        ({"identity": "990803195001010012"}, "identity"),
        ({"birth_on": "gestern"}, "birth_on"),
        ({"phone": "x"}, "phone"),
    ],
)
def test_registering_when_a_value_cannot_be_then_the_form_says_where(
    ground: Ground, values: dict[str, str], field: str
) -> None:
    given = {"name": "新来的", "phone": "19900004444", "home": str(ground.world.grids[0].id), **values}

    answer = post("registrar", NEW, **given)

    assert answer.status_code in {409, 422}  # type: ignore[attr-defined]
    assert field in answer.context["form"].errors  # type: ignore[attr-defined]
    assert facts_of(ground.person)["phone"] == PHONE
    assert not Person.objects.filter(name="新来的").exists()


def test_registering_when_the_place_is_not_within_reach_then_is_not_offered(ground: Ground) -> None:
    answer = post("registrar", NEW, name="新来的", phone="19900004444", home=str(ground.world.grids[7].id))

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert browser("worker").get(NEW).status_code == 403
