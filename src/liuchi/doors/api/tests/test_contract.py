"""The document and the door agree: whatever is sent, no fault, and only answers that the document describes."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from liuchi.doors.api.site import api
from liuchi.doors.ui import keys
from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.testing import World, dispatched, filed, give_role, report

ROLES = ("desk", "dispatcher", "handler")
#: Requests sent to each operation as each role: some 15 seconds a role on two cores.
EXAMPLES = 15


def application(environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]) -> list[bytes]:
    """Answer by WSGI as the framework's own test client does, on the connection of the test."""
    response: Any = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_operations_when_anything_is_sent_then_answer_as_described(
    world: World, role: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIUCHI_API_RATE = 1_000_000
    monkeypatch.setattr(keys, "_buckets", {})
    give_role("other-system", role, world.district, world.water if role == "handler" else None)
    secret = key_for(world, "other-system")
    known = [case.number for case in (dispatched(world), filed(world))] + [report(world).number]
    document = schemathesis.openapi.from_dict(api.get_openapi_schema())
    document.app = application
    for result in document.get_all_operations():
        assert isinstance(result, Ok)
        _try(result.ok(), secret, known)


def _try(operation: Any, secret: str, known: list[str]) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), number=st.sampled_from(known))
    def holds(case: Any, number: str) -> None:
        if "number" in (case.path_parameters or {}):
            case.path_parameters["number"] = number
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {secret}"}
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    holds()
