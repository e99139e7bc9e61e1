import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from liuchi.engines.cases.actions.calling import set_call_back_rule
from liuchi.engines.cases.models import CaseClock
from liuchi.engines.cases.testing import MORNING, SETUP, World
from liuchi.engines.cases.tests.conftest import under_hat
from liuchi.engines.cases.tests.machine import Cases
from liuchi.engines.cases.tests.machine_secrecy import SecretCases
from liuchi.engines.cases.tests.oracle import PEOPLE, TABLE
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.clock import frozen_at

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PHASES = [Phase.generate, Phase.shrink]


@pytest.fixture
def machine(world: World, many_hats: Viewer) -> type[Cases]:
    with frozen_at(MORNING):
        set_call_back_rule(by=SETUP, area_id=world.district.id, percent=100, most_calls=2)
        Cases.viewers = {
            each.name: under_hat(world, each) for each in PEOPLE if each.name not in {"visitor", "receipt holder"}
        }
    Cases.world = world
    return Cases


def test_workflow_when_anybody_does_anything_then_it_is_as_the_oracle_says(machine: type[Cases]) -> None:
    profile = settings(
        max_examples=10,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=RELAXED,
        phases=PHASES,
        database=None,
    )

    run_state_machine_as_test(machine, settings=profile)

    assert CaseClock.objects.count() == 0


@pytest.mark.slow
def test_workflow_when_anybody_does_anything_for_long_then_it_is_as_the_oracle_says(machine: type[Cases]) -> None:
    profile = settings(
        max_examples=30,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=RELAXED,
        phases=PHASES,
        database=None,
    )

    run_state_machine_as_test(machine, settings=profile)

    assert CaseClock.objects.count() == 0


def test_table_of_moves_when_held_against_the_issue_then_it_is_the_same() -> None:
    ours = {name: ({str(state) for state in move.sources}, str(move.target)) for name, move in MOVES.items()}

    assert ours == {name: (sources, target) for name, (sources, target, _) in TABLE.items()}


def test_secret_case_when_anybody_tries_anything_then_whom_it_is_about_knows_nothing(machine: type[Cases]) -> None:
    SecretCases.world, SecretCases.viewers = machine.world, machine.viewers
    profile = settings(
        max_examples=10,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=RELAXED,
        phases=PHASES,
        database=None,
    )

    run_state_machine_as_test(SecretCases, settings=profile)
