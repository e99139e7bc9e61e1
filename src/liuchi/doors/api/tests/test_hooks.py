"""Webhooks by key: subscribing, what arrives of cases, whose it is, and what secrecy keeps back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, filed, give_role, report
from liuchi.ground.access.models import AnsweredRequest, ApiKey
from liuchi.ground.hooks import tasks
from liuchi.ground.hooks.models import Delivery, Subscription
from liuchi.ground.hooks.reactions import queue_line
from liuchi.ground.hooks.testing import Receiver, receiving
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard

HTTPS = "https:" + "//"
ROOT = "/api/v1/webhooks"
EVENTS = ["case.reported", "case.filed"]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with receiving() as there:
        settings.LIUCHI_OUTGOING_ALLOWED = there.origin
        settings.LIUCHI_ADDRESS = "https://liuchi.example"
        yield there


@pytest.fixture
def desk(world: World) -> Client:
    give_role("desk-system", "desk", world.district)
    return caller(key_for(world, "desk-system"))


def post(client: Client, path: str = "", name: str = "", match: str = "", /, **values: Any) -> Any:
    """Send a change, under the Idempotency-Key `name` and with the ETag `match` where they are given."""
    headers = {"idempotency-key": name} if name else {}
    headers |= {"if-match": match} if match else {}
    return client.post(ROOT + path, json.dumps(values), content_type="application/json", headers=headers)


def change(client: Client, one: str, act: str = "") -> Any:
    """Change a subscription as it stands; without `act` it is removed."""
    match = client.get(ROOT + one)["ETag"]
    if act:
        return post(client, f"{one}/{act}", "", match)
    return client.delete(ROOT + one, headers={"if-match": match})


def subscribe(client: Client, receiver: Receiver, **more: Any) -> dict[str, Any]:
    response = post(client, name="市平台", url=receiver.address, **{"events": EVENTS, **more})
    assert response.status_code == 201, response.content
    made: dict[str, Any] = response.json()
    return made


def react() -> None:
    """Let the reaction read what the journal holds of cases."""
    with guard.scope("reaction", "tests"):
        for line in Line.objects.filter(kind__startswith="case.").order_by("seq"):
            queue_line(line)


def test_case_when_reported_and_filed_then_the_system_hears_what_and_which_and_reads_the_rest(
    world: World, desk: Client, receiver: Receiver
) -> None:
    made = subscribe(desk, receiver)
    assert made["secret"].startswith("whsec_")
    case = filed(world)
    react()

    tasks.send()

    said = [json.loads(body) for _, body in receiver.heard]
    assert [each["type"] for each in said] == ["case.reported", "case.filed"]
    assert {each["data"]["number"] for each in said} == {case.number}
    assert {frozenset(each) for each in said} == {frozenset({"type", "timestamp", "data"})}
    assert {frozenset(each["data"]) for each in said} == {frozenset({"id", "number", "link"})}
    assert desk.get(said[0]["data"]["link"].removeprefix("https://liuchi.example")).status_code == 200


def test_case_when_secret_by_then_then_not_told_to_whom_it_is_kept_from(world: World, receiver: Receiver) -> None:
    give_role("there", "dispatcher", world.district)
    give_role("there", "desk", world.communities[-1])
    key = key_for(world, "there", ["hooks.receive", "cases.see", "cases.dispatch"])
    subscribe(caller(key), receiver)
    case, shown = filed(world), report(world)
    react()
    number = Delivery.objects.filter(subject=case.id).count()
    with guard.scope("maintenance", "test"):
        Case.objects.filter(id=case.id).update(is_secret=True)

    tasks.send()

    numbers = {json.loads(body)["data"]["number"] for _, body in receiver.heard}
    assert (number > 0, numbers) == (True, {shown.number})
    assert not Delivery.objects.filter(subject=case.id).exists()


def test_secret_when_told_once_then_never_shown_again_and_changed_by_its_owner(
    desk: Client, receiver: Receiver
) -> None:
    made = subscribe(desk, receiver)
    address = f"{ROOT}/{made['id']}"

    shown = desk.get(address).json()
    rotated = change(desk, f"/{made['id']}", "secret").json()

    assert "secret" not in shown
    assert shown["url"] == receiver.address
    assert rotated["secret"] not in {made["secret"], ""}


def test_subscription_when_asked_for_again_under_its_name_then_is_the_same_and_its_secret_kept_nowhere(
    desk: Client, receiver: Receiver
) -> None:
    asked = {"name": "市平台", "url": receiver.address + "?token=abc", "events": EVENTS}

    first, again = (post(desk, "", "walk", **asked) for _ in range(2))
    other = post(desk, "", "walk", **{**asked, "events": ["case.closed"]})
    one = f"/{first.json()['id']}"
    rotated, lost = (post(desk, f"{one}/secret", "turn", first["ETag"]) for _ in range(2))

    assert [each.status_code for each in (first, again, rotated, lost)] == [201, 200, 200, 200]
    assert again.json() == {**first.json(), "secret": None}
    assert again["Location"] == first["Location"]
    assert (other.status_code, other.json()["code"]) == (409, "key_used_before")
    assert (lost.json()["secret"], lost["ETag"]) == (None, rotated["ETag"])
    assert rotated.json()["secret"] not in {first.json()["secret"], None}
    assert Subscription.objects.count() == 1
    kept = [each.answer for each in AnsweredRequest.objects.all()]
    assert kept == [{"id": first.json()["id"]}] * 2


def test_subscription_when_changed_again_under_a_name_then_once_and_answered_the_same(
    desk: Client, receiver: Receiver
) -> None:
    made = subscribe(desk, receiver)
    one = f"/{made['id']}"
    match = desk.get(ROOT + one)["ETag"]

    said: dict[str, list[Any]] = {"test": [post(desk, f"{one}/test", "try") for _ in range(2)]}
    tasks.send()
    said["replay"] = [post(desk, f"{one}/deliveries/{said['test'][0].json()['id']}/replay", "b") for _ in range(2)]
    said["pause"] = [post(desk, f"{one}/pause", "c", match) for _ in range(2)]
    stale = post(desk, f"{one}/resume", "d", match)
    said["resume"] = [post(desk, f"{one}/resume", "d", said["pause"][0]["ETag"]) for _ in range(2)]
    headers = {"if-match": said["resume"][0]["ETag"], "idempotency-key": "e"}
    said["remove"] = [desk.delete(ROOT + one, headers=headers) for _ in range(2)]

    assert {name: [each.status_code for each in both] for name, both in said.items()} == dict.fromkeys(said, [200] * 2)
    assert [name for name, (first, again) in said.items() if first.json() != again.json()] == []
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert set(said["remove"][0].json()) == {"id", "state", "version"}
    assert not Delivery.objects.filter(state="waiting").exists()


@pytest.mark.parametrize("act", ["pause", "resume", "secret", ""])
def test_subscription_when_changed_without_the_etag_that_was_read_then_refused(
    desk: Client, receiver: Receiver, act: str
) -> None:
    one = f"/{subscribe(desk, receiver)['id']}"
    way = (ROOT + one + f"/{act}").rstrip("/")
    send = desk.post if act else desk.delete

    bare, old = (send(way, headers=headers) for headers in ({}, {"if-match": '"1"'}))

    assert (bare.status_code, old.status_code) == (428, 412)
    assert desk.get(ROOT + one).json()["state"] == "active"


def test_subscription_when_paused_tested_replayed_and_removed_then_says_so(
    world: World, desk: Client, receiver: Receiver
) -> None:
    made = subscribe(desk, receiver)
    one = f"/{made['id']}"

    assert change(desk, one, "pause").json()["state"] == "paused"
    assert post(desk, f"{one}/test").status_code == 422
    assert change(desk, one, "resume").json()["state"] == "active"
    assert post(desk, f"{one}/test").json()["type"] == "webhook.test"
    tasks.send()
    (sent,) = desk.get(f"{ROOT}{one}/deliveries?state=sent").json()["items"]
    assert (sent["status"], sent["attempts"], sent["error"]) == (200, 1, "")
    assert post(desk, f"{one}/deliveries/{sent['id']}/replay").json() == {"replayed": 1}
    tasks.send()
    assert [headers["webhook-id"] for headers, _ in receiver.heard] == [sent["id"]] * 2
    assert post(desk, f"{one}/replay").json() == {"replayed": 0}
    assert change(desk, one).json()["state"] == "removed"
    assert desk.get(f"{ROOT}{one}").status_code == 404
    assert desk.get(ROOT).json()["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "address"),
        ({"url": HTTPS + "user:x@city.example/"}, "address"),
        ({"events": ["case.secrecy_lifted"]}, "events"),
        ({"events": []}, "events"),
        ({"name": ""}, "name"),
    ],
)
def test_subscription_when_not_sound_then_422_naming_the_field(
    desk: Client, change: dict[str, Any], field: str
) -> None:
    given = {"name": "市平台", "url": "https://city.example/", "events": EVENTS, **change}

    response = post(desk, **given)

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].endswith(field)


def test_webhooks_when_another_system_or_one_without_the_scope_comes_then_nothing(
    world: World, desk: Client, receiver: Receiver
) -> None:
    made = subscribe(desk, receiver)
    give_role("other", "desk", world.district)
    other, without = caller(key_for(world, "other")), caller(key_for(world, "other", ["cases.see"]))

    assert desk.get(f"{ROOT}/{made['id']}").status_code == 200
    for client in (other, without):
        assert client.get(ROOT).json()["items"] == []
        assert client.get(f"{ROOT}/{made['id']}").status_code == 404
        assert client.get(f"{ROOT}/{made['id']}/deliveries").status_code == 404
        assert client.delete(f"{ROOT}/{made['id']}", headers={"if-match": '"1"'}).status_code == 404
    assert post(without, name="x", url="https://city.example/", events=EVENTS).status_code == 403
    assert Subscription.objects.count() == 1


def test_events_when_asked_for_then_moves_of_cases_and_nothing_of_secrecy(desk: Client) -> None:
    told = {each["type"] for each in desk.get(f"{ROOT}/events").json()["items"]}

    assert {"case.reported", "case.filed", "case.dispatched", "case.closed"} <= told
    assert not told & {"case.accused_named", "case.secrecy_lifted", "case.reporter_erased"}


def test_key_when_used_for_hooks_then_the_manager_s_power_is_never_among_what_it_opens(world: World) -> None:
    give_role("admin", "system_admin", world.district)
    key_for(world, "admin", ["notices.manage"])

    assert "hooks.manage" not in ApiKey.objects.get().powers
