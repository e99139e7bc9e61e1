"""What the tests of these pages share: the small world, and somebody who manages its organisations and staff."""

from datetime import date

import pytest
from django.test import Client

from liuchi.doors.ui.testing import browser, unknown_variables_fail, world
from liuchi.engines.cases.testing import MORNING, World, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.duties import NewDutyList, NewItem, NewSide, import_duty_list
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.testing import SETUP

__all__ = ["body", "town_list", "unknown_variables_fail", "world"]


@pytest.fixture
def manager(world: World) -> Client:
    """Return the browser of somebody who manages organisations and staff in the whole district."""
    with frozen_at(MORNING):
        give_role("personnel", "personnel", world.district)
    return browser("personnel", "en")


@pytest.fixture
def town_list(world: World) -> None:
    """Issue a list of the three kinds of today."""
    items = [
        NewItem("basic", 1, "做好辖区环境卫生", (NewSide("lead", "@town", "组织清扫"),), category="城市管理"),
        NewItem(
            "assist", 1, "供水设施抢修", (NewSide("lead", "water", "抢修"), NewSide("assist", "@town", "引导群众"))
        ),
        NewItem(
            "taken_back", 1, "对随意倾倒的处罚", (NewSide("taken_back", "省城管局"),), method="由省城管局办理",
            matters=("component-0101",),
        ),
    ]  # fmt: skip
    document = NewDutyList(
        "town", "街道履行职责事项清单", date(2024, 3, 1), date(2024, 3, 1), issuer="区委办", number="办〔2024〕3号"
    )
    import_duty_list(by=SETUP, document=document, items=items)


def body(code: str) -> Organisation:
    """Return the organisation of a code."""
    return Organisation.objects.get(code=code)
