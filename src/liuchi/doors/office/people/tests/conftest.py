"""What the tests of this section share: the small world, and people who may do things with people there."""

from dataclasses import dataclass
from datetime import date

import pytest

from liuchi.doors.ui.testing import unknown_variables_fail as unknown_variables_fail
from liuchi.doors.ui.testing import world as world
from liuchi.engines.cases.testing import MORNING, SETUP, SINCE, World, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import NewPerson, import_people, set_care_categories
from liuchi.ground.people.identity import check_digit
from liuchi.ground.people.models import Person

NAME, PHONE, STREET = "金丝雀", "19912345678", "金丝雀巷六号"
FIRST = "99080319500101001"
NUMBER = FIRST + check_digit(FIRST)
#: Nothing of this may stand on a page unless it was revealed.
SEALED = (PHONE, NUMBER, STREET)


@dataclass(frozen=True)
class Ground:
    """The world with somebody registered in the first grid: `registrar` of its community, `worker` of its grid."""

    world: World
    person: Person


@pytest.fixture
def ground(world: World) -> Ground:
    with frozen_at(MORNING):
        set_care_categories(by=SETUP)
        give_role("registrar", "registrar", world.communities[0])
        give_role("worker", "grid_worker", world.grids[0])
        give_role("other-registrar", "registrar", world.communities[3])
        give_role("auditor", "audit_admin", world.district)
        person = register(world, NAME, PHONE, identity=NUMBER, address=STREET)
    return Ground(world, person)


def register(world: World, name: str, phone: str, *, grid: int = 0, **values: object) -> Person:
    """Register somebody in a grid."""
    entry = NewPerson(name, phone, home=world.grids[grid], **values)  # type: ignore[arg-type]
    (made,) = import_people(by=SETUP, people=[entry], valid_from=SINCE)
    return made


DAY = date(2024, 9, 12)
