"""The document and the door agree: whatever is sent, no fault, and only answers that the document describes.

Every operation is tried by itself, and then walked to from the others by the links of the document. All roles together
take LIUCHI_CONTRACT_SECONDS (75); hours find more.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from liuchi.doors.api.site import api
from liuchi.doors.ui import keys
from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.acts import ACTS
from liuchi.engines.cases.testing import World, closed, dispatched, filed, give_role, handed_in, report

#: Roles, and what their keys open where that is not everything they may do.
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "registrar": (),
    "desk": (),
    "dispatcher": (),
    "handler": (),
    "checker": (),
    "supervisor": (),
    "audit_admin": (),
    "resident": ("cases.report",),
}
SECONDS: Final = float(os.environ.get("LIUCHI_CONTRACT_SECONDS", "75")) / len(ROLES)
#: Calls in one walk, and walks before the time is looked at again.
STEPS, WALKS = 8, 2
QUIET: Final[dict[str, Any]] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.generate,),
}


def application(environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]) -> list[bytes]:
    """Answer by WSGI as the framework's own test client does, on the connection of the test."""
    response: Any = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


class Guide:
    """Puts what there is into requests made by chance: the key, cases in every state, moves, units, conditions."""

    def __init__(self, world: World, secret: str) -> None:
        self.secret, self.chance = secret, random.Random(5)
        cases = (report(world), filed(world), dispatched(world), handed_in(world), closed(world))
        self.known: dict[str, list[Any]] = {
            "number": [each.number for each in cases],
            "move": sorted(ACTS),
            "unit": [str(world.water.id), str(world.lights.id)],
            "condition": [str(each.id) for each in world.conditions],
            "area": [str(world.district.id), str(world.grids[0].id)],
            "place": [str(world.grids[0].id)],
            "If-Match": [f'"{version}"' for version in range(1, 6)],
        }

    def lead(self, case: Any, *, keeps: bool = False) -> None:
        """Replace two in three of what a request names, where it is among what is known; all of it where not kept."""
        for part in (case.path_parameters, case.query, case.headers, case.body):
            if not isinstance(part, dict) and not hasattr(part, "items"):
                continue
            for name in [each for each in part if each in self.known]:
                if not (keeps and part is case.path_parameters) and self.chance.random() < 0.67:
                    part[name] = self.chance.choice(self.known[name])

    @property
    def key(self) -> dict[str, str]:
        """Return the header by which a request comes in."""
        return {"Authorization": f"Bearer {self.secret}"}


@pytest.fixture
def guide(world: World, role: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Guide:
    settings.LIUCHI_API_RATE = 1_000_000
    monkeypatch.setattr(keys, "_buckets", {})
    give_role("other-system", role, world.district, world.water if role == "handler" else None)
    return Guide(world, key_for(world, "other-system", ROLES[role]))


def document() -> Any:
    found = schemathesis.openapi.from_dict(api.get_openapi_schema())
    found.app = application
    return found


def until(seconds: float) -> Iterator[None]:
    """Go round at least once, and until so many seconds are over."""
    end = time.monotonic() + seconds
    yield
    while time.monotonic() < end:
        yield


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_operations_when_anything_is_sent_then_answer_as_described(guide: Guide) -> None:
    tried = [result.ok() for result in document().get_all_operations() if isinstance(result, Ok)]
    assert len(tried) > 20

    end = time.monotonic() + SECONDS / 2
    for turn in range(10**9):
        for each in guide.chance.sample(tried, len(tried)):
            if turn and time.monotonic() > end:
                return
            _try(each, guide)


def _try(operation: Any, guide: Guide) -> None:
    @settings(max_examples=1, **QUIET)
    @given(case=operation.as_strategy())
    def holds(case: Any) -> None:
        guide.lead(case)
        case.call_and_validate(headers=guide.key, excluded_checks=[positive_data_acceptance])

    holds()


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_operations_when_walked_by_their_links_then_answer_as_described(guide: Guide) -> None:
    class Walk(document().as_state_machine()):  # type: ignore[misc]
        def before_call(self, case: Any) -> None:
            guide.lead(case, keeps=True)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": guide.key}

        def validate_response(self, response: Any, case: Any, additional_checks: Any = None, **sent: Any) -> None:
            # Which keys are none is tried on each operation by itself; here the key is always put in.
            left_out = [positive_data_acceptance, ignored_auth]
            case.validate_response(response, excluded_checks=left_out, transport_kwargs=sent)

    for _ in until(SECONDS / 2):
        Walk.run(settings=settings(max_examples=WALKS, stateful_step_count=STEPS, **QUIET))
