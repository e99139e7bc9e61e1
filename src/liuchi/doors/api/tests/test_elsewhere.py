"""A key for another community learns of nothing here, and moves nothing; nobody learns of a secret case."""

import json
from typing import Any

import pytest
from django.test import Client

from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, case_of, filed, give_role
from liuchi.ground.kernel import guard

READ = ("", "/moves", "/clocks", "/lines", "/open-moves", "/likely-duplicates")


@pytest.fixture
def elsewhere(world: World) -> Client:
    give_role("there", "desk", world.communities[-1])
    return caller(key_for(world, "there", areas=[world.communities[-1].id]))


def post(client: Client, path: str, **values: Any) -> int:
    headers = {"if-match": '"2"', "idempotency-key": "one"}
    response: Any = client.post(path, json.dumps(values), content_type="application/json", headers=headers)
    return int(response.status_code)


@pytest.mark.parametrize("path", READ)
def test_case_when_it_lies_elsewhere_then_is_none(world: World, elsewhere: Client, path: str) -> None:
    give_role("here", "desk", world.district)
    address = f"/api/v1/cases/{filed(world).number}{path}"

    assert caller(key_for(world, "here")).get(address).status_code == 200
    assert elsewhere.get(address).status_code == 404


def test_case_when_it_lies_elsewhere_then_no_move_reaches_it(world: World, elsewhere: Client) -> None:
    case = filed(world)

    assert post(elsewhere, f"/api/v1/cases/{case.number}/moves/merge", lead=case.number) == 404
    assert case_of(case.id).version == case.version


def test_case_when_secret_then_can_neither_be_joined_nor_read(world: World, elsewhere: Client) -> None:
    case = filed(world)
    assert Client().get(f"/open311/v2/requests/{case.number}.json").status_code == 200
    with guard.scope("maintenance", "test"):
        Case.objects.filter(id=case.id).update(is_secret=True)

    assert post(elsewhere, f"/api/v1/cases/{case.number}/joined") == 404
    assert Client().get(f"/open311/v2/requests/{case.number}.json").status_code == 404
