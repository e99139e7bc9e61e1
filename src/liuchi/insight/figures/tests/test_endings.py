from decimal import Decimal
from uuid import uuid4

import pytest

from liuchi.engines.cases.actions.changing import withdraw_report
from liuchi.engines.cases.actions.desk import refuse_case
from liuchi.engines.cases.actions.ending import approve_ending, propose_ending
from liuchi.engines.cases.actions.merging import merge_case, unmerge_filed_case
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.actions.splitting import split_off
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, case_of, closed, filed, give_role, report, small_world
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.insight.figures.endings import Rate, endings
from liuchi.insight.figures.models import Tally
from liuchi.insight.figures.reactions import count_line


@pytest.fixture
def world(db: None) -> World:
    return small_world()


def test_endings_when_cases_ended_in_every_way_then_none_is_dropped(world: World) -> None:
    give_role("officer", "duty_officer", world.district)
    me, desk = world.viewer("resident"), world.viewer("desk")
    done, again = closed(world, by=me), closed(world, by=me)
    rate_case(by=me, case_id=done.id, rating=4)
    reopen_case(by=me, case_id=again.id, text="又坏了")
    refuse_case(by=desk, case_id=report(world).case_id, reason="outside_duty", text="请找交警")
    lead, same, other = filed(world), filed(world), filed(world)
    for each in (same, other):
        merge_case(by=desk, case_id=each.id, lead_id=lead.id)
    unmerge_filed_case(by=desk, case_id=other.id, text="不是一回事")
    withdraw_report(by=me, case_id=filed(world, by=me).id)
    ended = filed(world)
    propose_ending(by=desk, case_id=ended.id, reason="court", text="法院已受理")
    approve_ending(by=world.viewer("officer"), case_id=ended.id, reason="court", text="法院已受理")
    split_off(by=desk, case_id=report(world).case_id, token=uuid4(), text="路灯也不亮")
    with guard.scope("maintenance", "tests"):
        Tally.objects.all().delete()
        for line in Line.objects.order_by("recorded_at"):
            count_line(line)

    found = endings()

    states = list(Case.objects.values_list("state", flat=True))
    assert found.cases == len(states)
    assert found.closed == states.count("closed") == 1
    assert found.left_out == {"refused": 1, "dismissed": 1, "merged": 1, "withdrawn": 1}
    assert found.open == Case.objects.filter(ended_at=None).count()
    assert found.closed_rate == Rate(1, 1 + found.open, found.left_out)
    assert (found.satisfied_rate.numerator, found.satisfied_rate.denominator) == (1, 1)
    assert case_of(ended.id).rating is None


def test_rate_when_there_is_nothing_to_count_then_it_is_no_data() -> None:
    assert Rate(0, 0, {}).percent is None
    assert Rate(632, 640, {}).percent == Decimal("98.75")
    assert Rate(5, 17, {}).percent == Decimal("29.41")
