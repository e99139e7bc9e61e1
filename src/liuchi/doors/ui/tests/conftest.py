"""What the tests of this door share."""

import pytest

from liuchi.doors.ui.testing import unknown_variables_fail, world
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.access.actions import NewAccount, open_accounts
from liuchi.ground.access.models import Account

__all__ = ["demo_account", "unknown_variables_fail", "world"]


@pytest.fixture
def demo_account(world: World) -> str:
    person = Account.objects.select_related("person").get(username="desk").person
    open_accounts(by=SETUP, accounts=[NewAccount(person, "demo-desk", "desk", world.district, "tests")])
    return "demo-desk"
