"""Updates taken in: from the app that brought the report, and from the own system of the unit that handles it."""

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from liuchi.doors.open311.tests.test_reading import BOTH, MEDIA, V2
from liuchi.doors.open311.tests.test_reporting import _rows, here, post
from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.actions.dispatch import dispatch_case, take_back_dispatch
from liuchi.engines.cases.actions.merging import merge_case
from liuchi.engines.cases.actions.standards import erase_reporter
from liuchi.engines.cases.actions.telling import supplement_case
from liuchi.engines.cases.models import Accused, Case, CaseMove, OutsideUpdate, State
from liuchi.engines.cases.reasons import TOLD_BY_OTHERS
from liuchi.engines.cases.testing import (
    MORNING,
    SETUP,
    World,
    case_of,
    closed,
    dispatched,
    filed,
    report,
)
from liuchi.ground.access.keys import viewer_for_key
from liuchi.ground.attachments.models import Attachment
from liuchi.ground.attachments.testing import photo
from liuchi.ground.kernel import guard

UPDATES = f"{V2}servicerequestupdates"


@pytest.fixture
def unit(world: World) -> str:
    """Return the key of the water centre's own system."""
    return key_for(world, "water")


def tell(form: str, secret: str | None, number: str, expected: int = 200, /, **values: Any) -> Any:
    """Send an update and return its one answer as plain data."""
    given = {
        "api_key": secret,
        "service_request_id": number,
        "update_id": "7001",
        "status": "IN_PROGRESS",
        "updated_datetime": "2024-09-12T09:00:00+08:00",
        "description": "已派车前往",
        **values,
    }
    given = {key: value for key, value in given.items() if value is not None}
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    if any(hasattr(value, "read") for value in given.values()):
        response = client.post(f"{UPDATES}.{form}", given)
    else:
        content = urlencode(given, doseq=True)
        response = client.post(f"{UPDATES}.{form}", content, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response["Content-Type"]) == (expected, MEDIA[form]), response.content
    (row,) = response.json() if form == "json" else _rows(response.content)
    return row


def brought(world: World, form: str, secret: str) -> Case:
    told = post(form, secret, **here(world))
    return Case.objects.get(number=told["service_request_id"])


def last(case: Case) -> CaseMove:
    move = case.moves.order_by("id").last()
    assert move is not None
    return move


@BOTH
def test_app_when_it_tells_of_its_own_report_then_words_are_added_and_nothing_moves(
    world: World, secret: str, form: str
) -> None:
    case = brought(world, form, secret)

    told = tell(form, secret, case.number, description="现在有人受伤了", first_name="小明", phone="19900001234")

    move = last(case)
    assert told == {"update_id": str(move.id)}
    assert (move.name, move.reason_code, move.internal_text) == ("supplement", "in_progress", "现在有人受伤了")
    assert (move.public_text, move.report) == ("", case.reports.get())
    assert (case_of(case.id).state, case_of(case.id).version) == ("received", case.version)


@BOTH
def test_update_when_sent_twice_then_is_one(world: World, secret: str, form: str) -> None:
    case = brought(world, form, secret)

    first, again = (tell(form, secret, case.number) for _ in range(2))

    assert first == again
    assert case.moves.filter(name="supplement").count() == OutsideUpdate.objects.count() == 1
    assert tell(form, secret, case.number, update_id="7002") != first


def test_update_when_sent_again_with_the_key_exchanged_meanwhile_then_is_one(world: World, secret: str) -> None:
    case = brought(world, "json", secret)
    first = tell("json", secret, case.number)

    new = caller(secret).post("/api/v1/me/key", {"grace_hours": 24}, content_type="application/json").json()["secret"]

    assert tell("json", new, case.number) == first
    assert OutsideUpdate.objects.count() == 1


@BOTH
def test_update_when_its_id_comes_with_other_words_then_400(world: World, secret: str, form: str) -> None:
    case = brought(world, form, secret)
    tell(form, secret, case.number)

    error = tell(form, secret, case.number, 400, description="别的话")

    assert "update_id" in error["description"]
    assert case.moves.filter(name="supplement").count() == 1


@BOTH
def test_update_when_the_system_got_a_new_key_then_it_is_still_its_own_report(
    world: World, secret: str, form: str
) -> None:
    case = brought(world, form, secret)
    new = key_for(world, "other-city", ["cases.report"])
    other = key_for(world, "other-city", ["cases.report"], name="另一个平台")

    tell(form, new, case.number)

    assert tell(form, other, case.number, 403, update_id="7002")["description"]


@BOTH
@pytest.mark.parametrize("word", ["OPEN", "reopen"])
def test_app_when_it_says_not_solved_then_a_closed_case_goes_on(world: World, form: str, word: str) -> None:
    secret = key_for(world, "resident")
    case = closed(world, by=viewer_for_key(secret, "127.0.0.1"))

    told = tell(form, secret, case.number, status=word, description="还是坏的")

    assert (last(case).name, str(last(case).id)) == ("reopen", told["update_id"])
    assert case_of(case.id).state == State.FILED


@BOTH
def test_app_when_its_key_is_for_reporting_only_then_a_closed_case_stays(world: World, secret: str, form: str) -> None:
    case = closed(world, by=viewer_for_key(secret, "127.0.0.1"))

    tell(form, secret, case.number, 403, status="OPEN", description="还是坏的")
    tell(form, secret, case.number, status="FIXED", description="谢谢", update_id="7002")

    assert (last(case).name, last(case).reason_code) == ("supplement", "fixed")
    assert case_of(case.id).state == State.CLOSED


@BOTH
@pytest.mark.parametrize("word", ["FIXED", "closed"])
def test_unit_when_it_says_done_then_the_result_is_handed_in(world: World, unit: str, form: str, word: str) -> None:
    case = dispatched(world)

    told = tell(form, unit, case.number, status=word, description="已更换井盖")

    move = last(case)
    assert (move.name, move.public_text, str(move.id)) == ("hand_in", "已更换井盖", told["update_id"])
    assert case_of(case.id).state == State.CHECKING
    assert tell(form, unit, case.number, status=word, description="已更换井盖") == told


@BOTH
def test_unit_when_it_says_not_ours_then_the_desk_decides(world: World, unit: str, form: str) -> None:
    case = dispatched(world)

    tell(form, unit, case.number, status="not_councils_responsibility", description="属通信公司")

    assert (last(case).name, last(case).reason_code) == ("decline", "not_our_duty")
    assert case_of(case.id).state == State.DISPUTED


@BOTH
@pytest.mark.parametrize("word", sorted(set(TOLD_BY_OTHERS) - {"fixed", "closed", "not_councils_responsibility"}))
def test_unit_when_it_says_anything_else_then_it_is_noted(world: World, unit: str, form: str, word: str) -> None:
    case = dispatched(world)

    tell(form, unit, case.number, status=word.upper())

    assert (last(case).name, last(case).reason_code, last(case).unit) == ("progress", word, world.water)
    assert case_of(case.id).state == State.HANDLING


@BOTH
def test_unit_when_the_case_is_another_s_then_403(world: World, form: str) -> None:
    case = dispatched(world)

    tell(form, key_for(world, "lights"), case.number, 403)

    assert last(case).name == "dispatch"


@BOTH
@pytest.mark.parametrize("key", [None, "", "nobody.knows"])
def test_update_when_it_has_no_key_in_force_then_403(world: World, form: str, key: str | None) -> None:
    tell(form, key, dispatched(world).number, 403)


@BOTH
@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"service_request_id": ""}, 400, "service_request_id"),
        ({"service_request_id": "20240912-999999"}, 404, "number"),
        ({"service_request_id": "a,b"}, 400, "service_request_id"),
        ({"update_id": ""}, 400, "update_id"),
        ({"update_id": "x" * 101}, 400, "update_id"),
        ({"status": ""}, 400, "status"),
        ({"status": "lost"}, 400, "status"),
        ({"updated_datetime": ""}, 400, "updated_datetime"),
        ({"updated_datetime": "today"}, 400, "updated_datetime"),
        ({"description": ""}, 400, "description"),
        ({"description": "x" * 4001}, 400, "characters"),
        ({"jurisdiction_id": "nowhere"}, 404, "jurisdiction"),
    ],
)
def test_update_when_something_is_wrong_then_says_what(
    world: World, unit: str, form: str, values: Mapping[str, Any], status: int, words: str
) -> None:
    case = dispatched(world)

    error = tell(form, unit, case.number, status, **values)

    assert error["code"] == str(status)
    assert words in error["description"]
    assert last(case).name == "dispatch"


@BOTH
def test_update_when_it_has_attributes_and_pictures_then_they_are_written_down(
    world: World, secret: str, form: str
) -> None:
    case = brought(world, form, secret)

    tell(
        form,
        secret,
        case.number,
        **{"attribute[uprn]": "100", "media_url": ["https://a.example/1", "https://a.example/2"]},
    )

    assert last(case).internal_text.splitlines()[1:] == [
        "uprn: 100",
        "Picture: https://a.example/1",
        "Picture: https://a.example/2",
    ]


@BOTH
def test_update_when_it_brings_files_then_they_go_with_it(world: World, unit: str, form: str) -> None:
    case = dispatched(world)

    tell(form, unit, case.number, status="fixed", media=io.BytesIO(photo()))

    (file,) = Attachment.objects.all()
    assert (file.subject_type, file.subject_id) == ("cases.move", last(case).id)


@BOTH
def test_update_when_the_case_was_merged_then_goes_to_where_it_went(world: World, secret: str, form: str) -> None:
    lead, case = case_of(report(world).case_id), brought(world, form, secret)
    merge_case(by=world.viewer("desk"), case_id=case.id, lead_id=lead.id)

    tell(form, secret, case.number)

    assert last(lead).name == "supplement"


@BOTH
def test_update_when_the_case_is_secret_then_only_who_brought_it_knows_it(
    world: World, secret: str, unit: str, form: str
) -> None:
    case, other = brought(world, form, secret), dispatched(world)
    with guard.scope("maintenance", "test"):
        Case.objects.filter(id__in=[case.id, other.id]).update(is_secret=True)
        Accused.objects.create(case=other, unit=world.water, named_at=MORNING)

    assert tell(form, secret, case.number)
    tell(form, unit, other.number, 404)
    tell(form, secret, other.number, 404)


def test_reporter_when_erased_then_what_was_added_goes_too(world: World) -> None:
    case = case_of(report(world, by=world.viewer("resident")).case_id)
    supplement_case(by=world.viewer("resident"), case_id=case.id, text="我家在301")

    erase_reporter(by=SETUP, person_id=world.viewer("resident").person_id)

    assert last(case).internal_text == ""


def test_dispatch_when_the_reporter_added_something_then_may_still_be_taken_back(world: World) -> None:
    case = filed(world, by=world.viewer("resident"))
    dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id, reason="权责清单")
    supplement_case(by=world.viewer("resident"), case_id=case.id, text="还在漏水")

    take_back_dispatch(by=world.viewer("dispatcher"), case_id=case.id)

    assert case_of(case.id).state == State.FILED
