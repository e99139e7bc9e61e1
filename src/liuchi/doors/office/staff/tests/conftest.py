"""What the tests of these pages share: the small world with staff in one town, and who may see or manage them."""

from datetime import date

import pytest

from liuchi.doors.ui.testing import unknown_variables_fail, world
from liuchi.engines.cases.testing import MORNING, World, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.testing import SETUP
from liuchi.ground.people.actions.staff import employ_person
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.models import Employment, Person
from liuchi.ground.people.staffing import Meant
from liuchi.ground.territory.models import Area

__all__ = ["employ", "unknown_variables_fail", "world"]
MARCH = date(2024, 3, 1)


def employ(name: str, at: str = "town-1", **values: object) -> Employment:
    """Put somebody new on the roll of an organisation."""
    given: dict[str, object] = {
        "organisation_id": Organisation.objects.get(code=at).id,
        "person": Meant(entry=NewPerson(name, f"1990006{Person.objects.count():04}")),
        "employer": "recruited",
        "on": MARCH,
        **values,
    }
    with frozen_at(MORNING):
        return employ_person(by=SETUP, **given)  # type: ignore[arg-type]


@pytest.fixture
def staff(world: World) -> Employment:
    """Give somebody on the roll of the first town, whoever manages staff there and in the other town."""
    with frozen_at(MORNING):
        for username, code in (("personnel", "990803001"), ("far-personnel", "990803002")):
            give_role(username, "personnel", Area.objects.get(code=code))
    return employ("欧阳明")
