"""Every page asks for sign-in, unless it stands on the list."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from liuchi.doors.ui.rules import rule_of
from liuchi.engines.cases.testing import MORNING, World, dispatched, small_world
from liuchi.ground.access.models import Account
from liuchi.ground.kernel.clock import frozen_at

#: Open to everybody. A new name here is a decision: say in the commit why nobody has to sign in for it.
PUBLIC = {
    "home",
    "map",
    "report",
    "report-done",
    "case-open",
    "case",
    "case-rate",
    # A button for who has the receipt, who may have no account; others are told that it is not theirs.
    "case-urge",
    "case-reopen",
    # Joining, changing and taking back are open to whoever may report: with an account, a receipt or neither.
    "case-join",
    "case-edit",
    "case-withdraw",
    "case-forget",
    "sign-in",
    "sign-in-demo",
    "language",
    "health",
    # A link is signed for one holder, who may be a reporter without an account.
    "file",
    # What the door for other systems can do; it names nobody and no case.
    "openapi-json",
    "api-docs",
    # Open311: reading needs no key; what goes out is what anybody may know.
    "open311-discovery",
    "open311-services",
    "open311-service",
    "open311-requests",
    "open311-token",
    "open311-request",
    "open311-updates",
}
STRANGE = {
    "number": "20240912-999999",
    "uuid": "00000000-0000-0000-0000-000000000007",
    "str": "x",
    "slug": "x",
    "int": "7",
}


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each, before + str(each.pattern))
        else:
            yield before + str(each.pattern), each


def pages(**known: str) -> dict[str, tuple[str, Any]]:
    """Return every URL by name: a path of it, and its view."""
    found: dict[str, tuple[str, Any]] = {}
    for route, pattern in _patterns(get_resolver()):
        path = "/" + route
        for name, converter in pattern.pattern.converters.items():
            kind = next(kind for kind in STRANGE if kind in type(converter).__name__.lower() or kind == "str")
            value = known.get(name, STRANGE[kind])
            path = path.replace(f"<{_spelled(route, name)}>", value)
        assert pattern.name, f"{route} has no name"
        assert "<" not in path, path
        found[pattern.name] = (path, pattern.callback)
    return found


def _spelled(route: str, name: str) -> str:
    """Return how a route spells the argument `name`: "number:number" or "name"."""
    inside = [part.split(">")[0] for part in route.split("<")[1:]]
    return next(part for part in inside if part.split(":")[-1] == name)


def by_key() -> set[str]:
    """Return the names of what a key opens, for other systems."""
    rules = {name: rule_of(view) for name, (_, view) in pages().items()}
    return {name for name, rule in rules.items() if rule is not None and rule.is_by_key}


def test_page_when_it_is_public_then_it_stands_on_the_list_and_the_other_way_round() -> None:
    rules = {name: rule_of(view) for name, (_, view) in pages().items()}

    assert {name for name, rule in rules.items() if rule is not None and rule.is_public} == PUBLIC


def test_page_when_it_is_added_then_it_declares_who_may_open_it() -> None:
    assert [name for name, (_, view) in pages().items() if rule_of(view) is None] == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_when_nobody_has_signed_in_then_it_leads_to_sign_in_unless_it_is_public(
    client: Client, method: str
) -> None:
    wrong, by_key_only = [], by_key()
    with frozen_at(MORNING):
        small_world()
        for name, (path, _) in pages().items():
            answer = getattr(client, method)(path)
            asked = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
            asked = asked or (name in by_key_only and answer.status_code in {401, 405})
            if asked is (name in PUBLIC) or answer.status_code >= 500:
                wrong.append((name, answer.status_code))

    assert len(pages()) > 15
    assert wrong == []


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


@pytest.mark.parametrize("username", ["resident", "desk", "dispatcher", "checker", "water", "other-desk"])
def test_page_when_any_role_asks_for_it_then_it_answers_without_a_fault(
    world: World, client: Client, username: str
) -> None:
    client.force_login(Account.objects.get(username=username))
    by_key_only = by_key()
    with frozen_at(MORNING):
        case = dispatched(world)
        answers = {
            (name, which): client.get(path).status_code
            for which, number in (("known", case.number), ("unknown", STRANGE["number"]))
            for name, (path, _) in pages(number=number).items()
            if name != "sign-out" and name not in by_key_only
        }
        without_key = {client.get(pages()[name][0]).status_code for name in by_key_only}

    assert {key: status for key, status in answers.items() if status not in {200, 302, 400, 403, 404, 405}} == {}
    assert answers["home", "known"] == 200
    assert without_key <= {401, 404, 405}
