"""Every operation × every role × here and elsewhere: what each answers stands in `access.toml`, and nowhere else.

A new operation needs a request in `walking.py` and a row in the table; a new role needs its place in the rows.
"""

import logging
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from liuchi.doors.api.tests import walking
from liuchi.doors.ui import keys
from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, give_role
from liuchi.ground.access.powers import NOT_FOR_KEYS, OF_THE_WHOLE, ROLES
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory.queries import territory

TABLE = tomllib.loads((Path(__file__).parent / "access.toml").read_text(encoding="utf-8"))
#: What belongs to one key only: `here` is one's own, `there` another key's.
OF_ONE_KEY = {"webhooks", "uploads"}
#: What anybody may know or do, with the number of a case or a receipt.
FOR_ANYBODY = {"readPublicCase", "joinCase", "changeReport", "withdrawReport"}
#: Somebody whose unit helps with a case that another leads.
HELPER = "helper"
SIDES = ("here", "there")
pytestmark = pytest.mark.slow


def asked_for(*, is_of_one_key: bool = False) -> dict[str, walking.Operation]:
    found = walking.operations().items()
    return {name: each for name, each in found if (each.path.split("/")[3] in OF_ONE_KEY) is is_of_one_key}


@pytest.fixture(autouse=True)
def unhindered(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.LIUCHI_API_RATE = 1_000_000
    monkeypatch.setattr(keys, "_buckets", {})
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


def clients(world: World, side: str) -> dict[str, Client]:
    """Return a system for each role, whose account and key are of one town."""
    town = territory().of_kind("town")[SIDES.index(side)]
    units = {"handler": world.water if side == "here" else Organisation.objects.get(code="town-2")}
    units[HELPER] = world.lights if side == "here" else units["handler"]
    made = {}
    for role in (*ROLES, HELPER):
        name, known = f"{role}-{side}", "handler" if role == HELPER else role
        area = world.district if ROLES[known][1] & OF_THE_WHOLE else town
        give_role(name, known, area, units.get(role))
        powers = ROLES[known][1] - NOT_FOR_KEYS or {"cases.report"}
        made[role] = caller(key_for(world, name, sorted(powers), areas=[town.id]))
    return made


def test_operation_when_it_is_added_then_it_has_a_request_and_a_row(world: World) -> None:
    known = walking.operations().keys()

    assert known ^ {*walking.laid(world), *walking.of_key(caller())} == set(), "give it a request in walking.py"
    assert known ^ TABLE.keys() == set(), "give it a row in access.toml"


@pytest.mark.parametrize("side", SIDES)
def test_operation_when_each_role_asks_then_answers_as_the_table_says(world: World, side: str) -> None:
    requests = walking.laid(world)
    numbers = list(Case.objects.values_list("number", flat=True)) if side == "there" else []
    found: dict[str, dict[str, int]] = {}
    leaks: list[tuple[str, str]] = []
    with frozen_at(walking.LATE):
        systems = clients(world, side)
        for name, operation in asked_for().items():
            answers = {role: operation.ask(client, requests[name]) for role, client in systems.items()}
            found[name] = {role: answer.status_code for role, answer in answers.items()}
            leaks += [(name, role) for role, answer in answers.items() if _tells(name, answer, numbers)]
        without = {each.ask(caller(), requests[name]).status_code for name, each in asked_for().items()}

    assert (_wrong(found, side), leaks, without) == ({}, [], {401})


@pytest.mark.parametrize("side", SIDES)
def test_what_is_of_one_key_when_each_role_asks_then_answers_as_the_table_says(
    world: World, settings: Settings, side: str
) -> None:
    settings.LIUCHI_OUTGOING_ALLOWED = "https://city.example"
    known = asked_for(is_of_one_key=True)
    found: dict[str, dict[str, int]] = {name: {} for name in known}
    with frozen_at(walking.LATE):
        give_role("other-city", "desk", world.district)
        theirs = walking.of_key(caller(key_for(world, "other-city")))
        for role, client in clients(world, "here").items():
            requests = walking.of_key(client) if side == "here" else theirs
            for name, operation in known.items():
                found[name][role] = operation.ask(client, requests[name]).status_code
        without = {name: each.ask(caller(), theirs[name]).status_code for name, each in known.items()}

    assert (_wrong(found, side), without) == ({}, dict.fromkeys(known, 401))


def _wrong(found: Mapping[str, dict[str, int]], side: str) -> dict[str, dict[str, str]]:
    """Return the rows that were answered otherwise than the table says, as they would have to stand there."""
    said = {name: _spelled(TABLE.get(name, {}).get(side, {}), found[name]) for name in found}
    return {name: _rows(found[name]) for name in found if found[name] != said[name]}


def _tells(name: str, answer: Any, numbers: list[str]) -> bool:
    """Tell whether an answer tells of a case that lies elsewhere, and that not everybody may know."""
    text = answer.content.decode()
    return name not in FOR_ANYBODY and answer.status_code < 300 and any(number in text for number in numbers)


def _spelled(row: dict[str, str], roles: dict[str, int]) -> dict[str, int]:
    """Return the status of each role as a row of the table says it; `*` stands for all others."""
    rest = next((int(status) for status, names in row.items() if names == "*"), 0)
    named = {role: int(status) for status, names in row.items() for role in names.split()}
    return {role: named.get(role, rest) for role in roles}


def _rows(found: dict[str, int]) -> dict[str, str]:
    """Return what roles were answered, as the table writes it."""
    by_status: dict[int, list[str]] = {}
    for role, status in found.items():
        by_status.setdefault(status, []).append(role)
    most = max(by_status, key=lambda status: len(by_status[status]))
    return {str(status): "*" if status == most else " ".join(by_status[status]) for status in sorted(by_status)}
