"""Ten thousand messages at once: what leaves the house stays small, and quick to make."""

import time

import pytest
from django.core import mail

from liuchi.ground.access.actions import NewAccount, open_accounts
from liuchi.ground.access.testing import SETUP, SINCE, Ground
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices import tasks
from liuchi.ground.notices.actions import prepare_digests
from liuchi.ground.notices.models import Carried, Delivery, Notice
from liuchi.ground.notices.testing import in_china, tell, wish
from liuchi.ground.people.actions import NewPerson, import_people

PEOPLE, EACH = 200, 50


@pytest.mark.slow
@pytest.mark.django_db
def test_storm_when_ten_thousand_messages_come_then_each_reader_gets_one_digest(ground: Ground) -> None:
    new = [NewPerson(f"测试{number}", phone=f"1990001{number:04}") for number in range(PEOPLE)]
    people = import_people(by=SETUP, people=new, valid_from=SINCE)
    accounts = [NewAccount(each, f"s-{number}", "resident", ground.district, "x") for number, each in enumerate(people)]
    open_accounts(by=SETUP, accounts=accounts)
    for number, person in enumerate(people):
        wish(person.id, email=f"s{number}@example.cn")
    begin = time.perf_counter()
    with frozen_at(in_china("2024-09-12T07:00")):
        for number in range(EACH):
            tell([each.id for each in people], number=f"20240912-{number:06}")
    posted = time.perf_counter()
    with frozen_at(in_china("2024-09-12T09:00")):
        prepare_digests(by=System("tests"))
        prepared = time.perf_counter()
        tasks.send()
    sent = time.perf_counter()

    print(f"posted {PEOPLE * EACH / (posted - begin):.0f}/s, gathered {PEOPLE * EACH / (prepared - posted):.0f}/s,")
    print(f"sent {PEOPLE / (sent - prepared):.0f} digests/s")
    assert Notice.objects.count() == PEOPLE * EACH
    assert (Delivery.objects.count(), Carried.objects.count()) == (PEOPLE, PEOPLE * EACH)
    assert len(mail.outbox) == PEOPLE
    assert max(len(letter.body) for letter in mail.outbox) < 3000
