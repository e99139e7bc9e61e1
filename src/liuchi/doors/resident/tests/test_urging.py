"""A reporter asks for more haste: offered once the promised time has passed, once a day, to nobody else."""

from datetime import timedelta

from liuchi.doors.ui.testing import browser, report_by_page
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.models import Case, Supervision
from liuchi.engines.cases.testing import MORNING, World
from liuchi.ground.kernel.clock import frozen_at

LATE = MORNING + timedelta(days=2)


def _filed(world: World, number: str) -> Case:
    case = Case.objects.get(number=number)
    file_case(by=world.viewer("desk"), case_id=case.id, condition_id=world.conditions[0].id)
    return case


def test_reporter_when_the_promise_has_passed_then_may_ask_for_haste_once_a_day(world: World) -> None:
    client = browser()
    with frozen_at(MORNING):
        number, _code = report_by_page(client)
        _filed(world, number)
        early = client.get(f"/cases/{number}/").context["may_urge"]
    with frozen_at(LATE):
        offered = client.get(f"/cases/{number}/").context["may_urge"]
        answer = client.post(f"/cases/{number}/urge/", follow=True)
        again = client.post(f"/cases/{number}/urge/", follow=True)
    with frozen_at(LATE + timedelta(days=1)):
        tomorrow = client.get(f"/cases/{number}/").context["may_urge"]

    assert (early, offered, answer.context["may_urge"], tomorrow) == (False, True, False, True)
    assert [str(each.tags) for each in answer.context["messages"]] == ["success"]
    assert [str(each.tags) for each in again.context["messages"]] == ["error"]
    assert list(Supervision.objects.values_list("level", "origin")) == [("reminder", "reporter")]


def test_stranger_when_asking_for_haste_then_refused_and_never_offered(world: World) -> None:
    with frozen_at(MORNING):
        number, _code = report_by_page(browser())
        _filed(world, number)
    with frozen_at(LATE):
        for stranger in (browser(), browser("resident"), browser("water")):
            assert not stranger.get(f"/cases/{number}/").context["may_urge"]
            stranger.post(f"/cases/{number}/urge/")

    assert not Supervision.objects.exists()
