"""What became of requests, told to other systems: every state has its word, nobody's own words go out."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from liuchi.doors.open311.tests.test_reading import BOTH, V2, get
from liuchi.doors.open311.updates import WORDS
from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.actions.desk import refuse_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.models import Case, CaseMove, State
from liuchi.engines.cases.testing import MORNING, World, closed, dispatched, disputed, paused, report
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.queries import territory

UPDATES = f"{V2}servicerequestupdates"
#: The words that the extension knows.
KNOWN = {
    *("open", "closed", "fixed", "in_progress", "planned", "action_scheduled", "investigating", "duplicate"),
    *("not_councils_responsibility", "no_further_action", "internal_referral", "cancelled", "reopen", "for_triage"),
    "unchanged",
}
FIELDS = {
    *("update_id", "service_request_id", "status", "updated_datetime", "description", "media_url"),
    "external_status_code",
}


def at(moment: datetime) -> str:
    return quote(moment.isoformat())


def test_words_when_compared_then_every_state_has_one_that_clients_know() -> None:
    assert WORDS.keys() == set(State)
    assert set(WORDS.values()) <= KNOWN


@BOTH
def test_updates_when_read_then_each_change_of_state_is_one_the_oldest_first(world: World, form: str) -> None:
    case = closed(world)

    rows = get(UPDATES, form)

    assert [row["status"] for row in rows] == ["open", "in_progress", "in_progress", "in_progress", "fixed"]
    assert [row["external_status_code"] for row in rows] == ["filed", "handling", "checking", "checked", "closed"]
    assert {row["service_request_id"] for row in rows} == {case.number}
    assert len({row["update_id"] for row in rows}) == 5
    for row in rows:
        assert row.keys() == FIELDS
        assert isinstance(row["update_id"], str)
        assert row["description"]
        assert not row["media_url"]
        assert datetime.fromisoformat(row["updated_datetime"]).utcoffset() == timedelta(hours=8)


@BOTH
@pytest.mark.parametrize(("make", "word"), [(paused, "planned"), (disputed, "internal_referral")])
def test_update_when_a_state_has_a_word_of_its_own_then_it_is_told(
    world: World, form: str, make: Any, word: str
) -> None:
    make(world)

    assert get(UPDATES, form)[-1]["status"] == word


@BOTH
@pytest.mark.parametrize(
    ("reason", "word"), [("outside_duty", "not_councils_responsibility"), ("not_found", "no_further_action")]
)
def test_update_when_not_filed_then_says_whether_it_is_for_others(
    world: World, form: str, reason: str, word: str
) -> None:
    receipt = report(world)
    refuse_case(by=world.viewer("desk"), case_id=receipt.case_id, reason=reason, text="请拨打电力热线 95598")

    (row,) = get(UPDATES, form)

    assert row["status"] == word
    assert "95598" not in row["description"]


@BOTH
def test_updates_when_read_then_words_of_people_do_not_go_out(world: World, form: str) -> None:
    case = dispatched(world, text="张三家门口的井盖坏了")
    hand_in_result(by=world.viewer("water"), case_id=case.id, text="已联系张三", internal_text="张三在家")

    response = Client().get(f"{UPDATES}.{form}")

    assert case.number in response.content.decode()
    assert "张三" not in response.content.decode()


@BOTH
def test_updates_when_a_window_is_named_then_only_what_was_recorded_in_it(world: World, form: str) -> None:
    dispatched(world)
    later = MORNING + timedelta(hours=3)
    with frozen_at(later):
        newer = dispatched(world)
        first = get(f"{UPDATES}?start_date={at(MORNING)}&end_date={at(MORNING + timedelta(hours=1))}", form)
        second = get(f"{UPDATES}?start_date={at(later - timedelta(hours=2))}&end_date={at(later)}", form)

        assert len(first) == len(second) == 2
        assert {row["service_request_id"] for row in second} == {newer.number}


@BOTH
def test_updates_when_something_was_done_without_a_network_then_it_is_told_when_it_came(
    world: World, form: str
) -> None:
    case = dispatched(world)
    then, now = MORNING + timedelta(hours=1), MORNING + timedelta(hours=9)
    with frozen_at(now):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换", at=then)

        (row,) = get(f"{UPDATES}?start_date={at(now - timedelta(hours=2))}", form)

    assert datetime.fromisoformat(row["updated_datetime"]) == now


@BOTH
def test_updates_when_no_start_is_named_then_those_of_a_day(world: World, form: str) -> None:
    dispatched(world)
    assert get(UPDATES, form)

    with frozen_at(MORNING + timedelta(hours=25)):
        assert not get(UPDATES, form)


@BOTH
def test_updates_when_paged_then_each_comes_once(world: World, form: str) -> None:
    closed(world)
    whole = get(UPDATES, form)

    pages = [get(f"{UPDATES}?page={page}&page_size=2", form) or [] for page in (1, 2, 3, 4)]

    assert [row for page in pages for row in page] == whole


@BOTH
def test_updates_when_requests_are_named_then_theirs_only(world: World, form: str) -> None:
    first, second, _third = dispatched(world), dispatched(world), dispatched(world)

    rows = get(f"{UPDATES}?service_request_id={first.number},{second.number}", form)

    assert {row["service_request_id"] for row in rows} == {first.number, second.number}


@BOTH
def test_updates_when_the_case_is_secret_then_there_are_none(world: World, form: str) -> None:
    case = dispatched(world)
    assert get(UPDATES, form)
    with guard.scope("maintenance", "test"):
        Case.objects.filter(id=case.id).update(is_secret=True)

    assert not get(UPDATES, form)


@BOTH
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("start_date=yesterday", 400),
        ("start_date=2024-09-12T00:00:00", 400),
        ("start_date=2024-01-01T00:00:00Z&end_date=2024-09-12T00:00:00Z", 400),
        ("page_size=0", 400),
        ("jurisdiction_id=nowhere", 404),
        ("api_key=nobody.knows", 403),
    ],
)
def test_updates_when_a_parameter_is_wrong_then_says_so(world: World, form: str, query: str, status: int) -> None:
    (error,) = get(f"{UPDATES}?{query}", form, status)

    assert error["code"] == str(status)
    assert error["description"]


@BOTH
def test_updates_when_asked_for_with_a_key_in_force_then_are_the_same(world: World, form: str) -> None:
    dispatched(world)

    assert get(f"{UPDATES}?api_key={key_for(world, 'desk')}", form) == get(UPDATES, form)


def test_updates_when_listed_then_cost_does_not_grow_with_the_rows(
    world: World, django_assert_num_queries: Any
) -> None:
    get(UPDATES, "json")
    for _ in range(3):
        dispatched(world)

    territory()
    with django_assert_num_queries(2):  # jurisdictions, the page
        found = get(UPDATES, "json")
    assert len(found) == CaseMove.objects.exclude(from_state="").count()
