"""Whoever died signs in no more."""

import pytest

from liuchi.ground.access import reactions
from liuchi.ground.access.models import Account
from liuchi.ground.access.testing import MORNING, SETUP, give, small_ground
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import register_death, take_back_death


@pytest.mark.django_db
@pytest.mark.parametrize("is_taken_back", [False, True])
def test_account_when_its_person_died_then_closed_unless_that_was_taken_back(*, is_taken_back: bool) -> None:
    ground = small_ground()
    with frozen_at(MORNING):
        account = give("ouyang", "resident", ground.district)
        other = give("other", "resident", ground.district)
        register_death(by=SETUP, person_id=account.person_id, died_on=MORNING.date())
        if is_taken_back:
            take_back_death(by=SETUP, person_id=account.person_id, reason="")
        line = Line.objects.get(kind="people.death_registered")
        apply_once(Reaction("access.deaths", frozenset({line.kind}), reactions.follow_death), line)

    assert Account.objects.get(id=account.id).is_active is is_taken_back
    assert Account.objects.get(id=other.id).is_active
