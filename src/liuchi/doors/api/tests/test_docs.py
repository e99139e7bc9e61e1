"""The page that explains the door: every operation, nothing from elsewhere."""

import re

import pytest
from django.test import Client

from liuchi.doors.api.describing import groups
from liuchi.doors.api.site import api
from liuchi.doors.api.views import GROUPS, REFUSALS
from liuchi.engines.cases.testing import World


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_when_read_then_explains_every_operation_and_refusal(world: World, language: str) -> None:
    response = Client(headers={"accept-language": language}).get("/api/v1/docs")

    page = response.content.decode()
    ids = [each["operationId"] for path in api.get_openapi_schema()["paths"].values() for each in path.values()]
    assert response.status_code == 200
    assert [each for each in ids if f'id="{each}"' not in page] == []
    assert [code for code, _status, _says in REFUSALS if f'id="{code}"' not in page] == []
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!testserver)', page)


def test_groups_when_listed_then_each_has_a_name() -> None:
    assert groups().keys() == GROUPS.keys()


def test_states_when_explained_then_are_spelt_out() -> None:
    listed = next(each for each in groups()["cases"] if each.id == "listCases")

    assert "received" in next(each.kind for each in listed.inputs if each.name == "state")


def test_change_when_explained_then_shows_a_request_to_send_and_what_comes_back() -> None:
    split = next(each for each in groups()["moves"] if each.id == "splitCase")

    assert '-H "If-Match: …"' in split.curl
    assert '-d \'{"text": "路灯也不亮"}\'' in split.curl
    assert '"state": "received"' in split.example
