"""Cases given to another city: once, without who reported them, whatever happens on the way; and what comes back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from liuchi.engines.cases.models import Case, State
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched, point_in
from liuchi.engines.forwarding.actions import note_update, retry_forwarding, take_forwarding
from liuchi.engines.forwarding.actions.sending import NotToRetry
from liuchi.engines.forwarding.configuring import EndpointRefused, read_endpoint
from liuchi.engines.forwarding.models import Endpoint, Forwarded, TakenUpdate
from liuchi.engines.forwarding.speaking import Told
from liuchi.engines.forwarding.tasks import MESSENGER, poll, send_cases
from liuchi.engines.forwarding.testing import City, endpoint_at, react, sharing
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.kernel.ids import new_id

BY = System("tests")
CANARIES = {"name": "金丝雀", "phone": "19900000777", "text": "只说给本地听的话"}


def given(world: World, **values: object) -> Case:
    """Return a case that was dispatched to the unit that stands for the other city, queued."""
    case = dispatched(world, **{**CANARIES, **values})
    react(case.id)
    return case


def later(**spell: float) -> Any:
    return frozen_at(MORNING + timedelta(**spell))


def state() -> str:
    return Forwarded.objects.get().state


def test_case_when_dispatched_to_the_other_city_then_sent_once_as_the_route_says(world: World, city: City) -> None:
    endpoint_at(city.address)
    case = given(world)
    react(case.id)

    send_cases()
    send_cases()

    (form,) = city.posts
    longitude, latitude = point_in(world, 0)
    assert (form["api_key"], form["service_code"]) == (["their-key"], ["MANHOLE"])
    assert form["attribute[REF]"] == [case.number]
    assert (float(form["lat"][0]), float(form["long"][0])) == pytest.approx((latitude, longitude), abs=1e-5)
    assert case.number in form["description"][0]
    row = Forwarded.objects.get()
    assert (row.state, row.request_id, row.attempts) == ("sent", "T-1", 1)


def test_case_when_sent_then_nothing_of_its_reporter_goes_along(world: World, city: City) -> None:
    endpoint_at(city.address)
    given(world)

    send_cases()

    said = json.dumps(city.posts, ensure_ascii=False)
    assert not any(canary in said for canary in CANARIES.values())
    assert {"first_name", "last_name", "phone", "email"}.isdisjoint(city.posts[0])


def test_words_when_the_route_tells_them_then_they_go_along(world: World, city: City) -> None:
    route = {"class": "component-0101", "service": "M", "tells": ["address", "words"]}
    endpoint_at(city.address, routes=[route])
    given(world)

    send_cases()

    assert CANARIES["text"] in city.posts[0]["description"][0]
    assert "lat" not in city.posts[0]


@pytest.mark.parametrize("which", ["secret", "elsewhere"])
def test_case_when_secret_or_gone_another_way_by_then_then_stays_here(world: World, city: City, which: str) -> None:
    endpoint_at(city.address)
    case = given(world)
    with guard.scope("maintenance", "tests"):
        change = {"is_secret": True} if which == "secret" else {"unit": world.lights}
        Case.objects.filter(id=case.id).update(**change)

    send_cases()

    assert (city.posts, state()) == ([], "refused")


def test_case_when_of_another_class_or_unit_then_not_given(world: World, city: City) -> None:
    endpoint_at(city.address, unit="lights")
    given(world)
    assert not Forwarded.objects.exists()

    Endpoint.objects.get()
    endpoint_at(city.address, routes=[{"class": "component-0102", "service": "M", "tells": ["point"]}])
    given(world)
    assert not Forwarded.objects.exists()


def test_city_when_busy_then_asked_again_later_and_once(world: World, city: City) -> None:
    endpoint_at(city.address, repeatable=True)
    given(world)
    city.mode = "busy"
    send_cases()
    assert state() == "waiting"
    city.mode = ""

    with later(minutes=1):
        send_cases()

    assert (state(), len(city.requests)) == ("sent", 1)


@pytest.mark.parametrize("mode", ["dies", "busy"])
def test_city_when_nobody_can_tell_whether_it_arrived_then_looked_up_and_never_sent_again_unasked(
    world: World, city: City, mode: str
) -> None:
    endpoint_at(city.address)
    given(world)
    city.mode = mode
    send_cases()
    assert state() == "unsure"
    city.mode = ""

    with later(minutes=1):
        send_cases()

    # What was taken before the line died is found by its mark; what never was waits for somebody of ours.
    assert len(city.posts) == 1
    assert state() == ("sent" if mode == "dies" else "unsure")
    if mode == "busy":
        with later(minutes=2):
            retry_forwarding(by=BY, forwarded_id=Forwarded.objects.get().id)
            send_cases()
    assert (state(), len(city.requests)) == ("sent", 1)


def test_city_when_it_hides_words_and_knows_names_then_sent_again_and_there_is_one_request(
    world: World, city: City
) -> None:
    endpoint_at(city.address, repeatable=True)
    city.knows_names, city.hides, city.mode = True, True, "dies"
    given(world)
    send_cases()
    city.mode = ""

    with later(minutes=1):
        send_cases()

    assert (state(), len(city.posts), len(city.requests)) == ("sent", 2, 1)


def test_sender_when_killed_after_sending_then_what_is_there_is_found(world: World, city: City) -> None:
    endpoint_at(city.address)
    given(world)
    errand = take_forwarding(by=MESSENGER)
    assert errand is not None
    city.take({"service_code": [errand.service], "description": [dict(errand.form)["description"]]}, errand.mark)

    send_cases()
    assert (state(), city.posts) == ("sending", [])
    with later(minutes=6):
        send_cases()

    assert (state(), city.posts, len(city.requests)) == ("sent", [], 1)


def test_city_when_it_refuses_then_said_so_and_tried_again_by_hand_only(world: World, city: City) -> None:
    endpoint_at(city.address)
    given(world)
    city.mode = "refuses"
    send_cases()
    with later(days=1):
        send_cases()
    row = Forwarded.objects.get()
    assert (row.state, row.error, len(city.posts)) == ("refused", "http-400", 1)
    city.mode = ""

    with pytest.raises(NotAllowed):
        retry_forwarding(by=world.viewer("resident"), forwarded_id=row.id)
    retry_forwarding(by=world.viewer("dispatcher"), forwarded_id=row.id)
    send_cases()

    assert state() == "sent"
    with pytest.raises(NotToRetry):
        retry_forwarding(by=BY, forwarded_id=row.id)


def test_token_when_given_then_the_number_is_learnt(world: World, city: City) -> None:
    endpoint_at(city.address)
    city.mode = "token"
    given(world)
    send_cases()
    assert (state(), Forwarded.objects.get().token) == ("token", "tk")

    poll()

    assert (state(), Forwarded.objects.get().request_id) == ("sent", "T-1")


@pytest.mark.parametrize("tells_updates", [True, False])
def test_end_when_told_then_the_unit_s_result_is_handed_in_once(world: World, city: City, tells_updates: bool) -> None:
    endpoint_at(city.address, updates=tells_updates)
    case = given(world)
    send_cases()
    poll()
    assert case_of(case.id).state == State.HANDLING
    city.updates = [_update("7", "in_progress", "已派工"), _update("8", "fixed", "井盖已更换"), {"status": "closed"}]
    city.requests[0] |= {"status": "closed", "status_notes": "井盖已更换"}

    for minutes in (20, 40):
        with later(minutes=minutes):
            poll()

    assert case_of(case.id).state == State.CHECKING
    (move,) = case.moves.filter(name="hand_in")
    assert "井盖已更换" in move.public_text
    assert "T-1" in move.public_text
    # What the city tells on the way is the unit's own word on how far it is, inside the house.
    told = list(case.moves.filter(name="progress").values_list("internal_text", flat=True))
    assert told == (["铜陵市 T-1：已派工"] if tells_updates else [])
    assert state() == "done"
    assert TakenUpdate.objects.filter(moved="hand_in").count() == 1


def test_not_theirs_when_told_then_the_case_is_declined(world: World, city: City) -> None:
    endpoint_at(city.address, updates=True)
    case = given(world)
    send_cases()
    city.updates = [_update("9", "NOT_COUNCILS_RESPONSIBILITY", "不在辖区")]

    with later(minutes=20):
        poll()

    assert case_of(case.id).state == State.DISPUTED
    assert state() == "done"


def test_update_when_of_somebody_else_s_request_then_left_alone(world: World, city: City) -> None:
    endpoint_at(city.address, updates=True)
    case = given(world)
    send_cases()
    city.updates = [{**_update("9", "fixed", "x"), "service_request_id": "T-99"}]

    with later(minutes=20):
        poll()

    assert (case_of(case.id).state, TakenUpdate.objects.count()) == (State.HANDLING, 0)


def test_update_when_killed_before_it_was_kept_then_the_move_is_not_made_twice(world: World, city: City) -> None:
    endpoint_at(city.address, updates=True)
    case = given(world)
    send_cases()
    city.updates = [_update("8", "fixed", "好了")]
    with later(minutes=20):
        poll()
        with guard.scope("maintenance", "tests"):
            TakenUpdate.objects.all().delete()
            Forwarded.objects.update(state="sent")
    with later(minutes=40):
        poll()

    assert case.moves.filter(name="hand_in").count() == 1
    told = Told("T-1", "8", "fixed", "好了", None)
    assert not note_update(by=BY, forwarded_id=Forwarded.objects.get().id, told=told, is_ending=True)


def test_city_when_it_cannot_be_asked_then_left_alone_longer(world: World, city: City) -> None:
    endpoint_at(city.address)
    given(world)
    send_cases()
    city.mode = "busy"

    poll()
    asked = len(city.asked)
    poll()

    endpoint = Endpoint.objects.get()
    assert (endpoint.failures, len(city.asked)) == (1, asked)
    assert endpoint.next_at >= MORNING + timedelta(minutes=15)


def test_endpoint_when_changed_without_a_key_then_keeps_the_sealed_one(world: World, city: City) -> None:
    first = endpoint_at(city.address)
    again = endpoint_at(city.address, key="", poll_minutes=30)

    assert (again.id, bytes(again.key_sealed or b"")) == (first.id, bytes(first.key_sealed or b""))
    assert b"their-key" not in bytes(first.key_sealed or b"")
    lines = json.dumps([line.data for line in Line.objects.filter(kind__startswith="forwarding.")])
    assert "their-key" not in lines


MADE_WRONG: list[tuple[type[Any], dict[str, Any], str]] = [
    (Endpoint, {"poll_minutes": 0}, "endpoint_asked_once_a_day_at_least"),
    (Forwarded, {"next_at": None}, "forwarded_unsent_has_a_moment"),
    (Forwarded, {"state": "sent", "next_at": None}, "forwarded_sent_has_a_number"),
]


@pytest.mark.parametrize(("model", "change", "name"), MADE_WRONG, ids=[each[2] for each in MADE_WRONG])
def test_row_when_it_breaks_what_always_holds_then_the_database_refuses(
    world: World, city: City, model: type[Any], change: dict[str, Any], name: str
) -> None:
    endpoint_at(city.address)
    given(world)

    with pytest.raises(IntegrityError, match=name), guard.scope("maintenance", "tests"):
        model.objects.update(**change)


@pytest.mark.parametrize("name", ["forwarded_once", "forwarded_request_is_one_case", "update_taken_once"])
def test_row_when_there_already_then_the_database_refuses_a_second(world: World, city: City, name: str) -> None:
    endpoint_at(city.address, updates=True)
    given(world)
    send_cases()
    city.updates = [_update("8", "fixed", "好了")]
    with later(minutes=20):
        poll()
    row: Any = TakenUpdate.objects.get() if name.startswith("update") else Forwarded.objects.get()
    row.id = new_id()
    if name == "forwarded_request_is_one_case":
        row.case = dispatched(world)

    with pytest.raises(IntegrityError, match=name), guard.scope("maintenance", "tests"):
        row.save(force_insert=True)


FILE = """
code = "tongling"
name = "铜陵市"
address = "https://open311.city.example/v2/"
unit = "water"
sharing = "{sharing}"

[[routes]]
class = "component-0101"
service = "MANHOLE"
tells = ["point"]
attributes = {{ REF = "{{number}}" }}
"""


def test_file_when_read_then_describes_the_endpoint(world: World) -> None:
    text = FILE.format(sharing=sharing().id)

    made = read_endpoint(text, key="k")

    assert (made.code, made.poll_minutes, made.routes[0]["attributes"]) == ("tongling", 15, {"REF": "{number}"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://open311.city.example/v2/", "http://open311.city.example/v2/"),
        ("v2/", "v2"),
        ('tells = ["point"]', 'tells = ["reporter"]'),
        ('tells = ["point"]', "tells = []"),
        ("component-0101", "nonsense"),
        ("{{number}}", "{{reporter}}"),
        ('code = "tongling"', 'code = "Tongling!"'),
        ('name = "铜陵市"', 'colour = "red"'),
        ('unit = "water"', "unit = "),
        ("{sharing}", "none"),
    ],
)
def test_file_when_it_is_none_then_refused_saying_why(world: World, before: str, after: str) -> None:
    text = FILE.replace(before, after)
    assert text != FILE

    with pytest.raises(EndpointRefused):
        read_endpoint(text.format(sharing="0191e4e5-0000-7000-8000-000000000000"))


def test_endpoint_when_nothing_stands_in_the_register_then_refused(world: World, city: City) -> None:
    with pytest.raises(EndpointRefused):
        endpoint_at(city.address, sharing=new_id())
    with pytest.raises(EndpointRefused):
        endpoint_at(city.address, unit="nobody")


def _update(number: str, status: str, text: str) -> dict[str, Any]:
    return {
        "update_id": number,
        "service_request_id": "T-1",
        "status": status,
        "description": text,
        "updated_datetime": "2024-09-12T10:30:00+08:00",
    }
