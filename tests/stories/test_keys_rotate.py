"""Keys change while several write and read: nobody fails, no history is lost, and the journal stays intact."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from liuchi.config.testing import intact
from liuchi.ground.journal.testing import committed as committed
from liuchi.ground.kernel import clock, keyfile
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.keyring import forget_keyring
from liuchi.ground.kernel.testing import own_keys as own_keys
from liuchi.ground.people.actions import NewPerson, change_person, import_people
from liuchi.ground.people.history import facts_at
from liuchi.ground.people.models import Person
from liuchi.ground.records import key_counts, protected
from liuchi.ground.records.actions import keys as actions
from liuchi.ground.records.rotation import rotate_key, seal_everything_anew

BY, SINCE = System("tests"), date(2024, 1, 1)


def _beside(work: Callable[[], None], failures: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - whatever happens beside is told by the test
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.slow
def test_keys_when_rotated_under_parallel_writers_then_before_and_after_are_read_and_found(
    own_keys: object, committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyfile, "CARE", 0.4)
    monkeypatch.setattr(actions, "SETTLED", timedelta(seconds=0.4))
    people = import_people(by=BY, people=[NewPerson(f"人{n}", f"1990001{n:04}") for n in range(60)], valid_from=SINCE)
    before, stop, failures, added = clock.now(), threading.Event(), list[BaseException](), list[int]()

    def correct() -> None:
        for number, person in enumerate(people):
            change_person(by=BY, person_id=person.id, facts={"phone": f"1990002{number:04}"})

    def register() -> None:
        number = 0
        while not stop.is_set() and number < 400:
            import_people(by=BY, people=[NewPerson(f"新{number}", f"1990003{number:04}")], valid_from=SINCE)
            added.append(number)
            number += 1

    writers = [_beside(correct, failures), _beside(register, failures)]
    for use in ("sealing", "index"):
        rotate_key(by=BY, use=use, notice=0)
    threading.Event().wait(0.6)
    writers[0].join()
    stop.set()
    writers[1].join()
    while not seal_everything_anew(by=BY):
        threading.Event().wait(0.1)
    forget_keyring()

    assert failures == []
    assert {(need.use, need.key) for need in key_counts.needs()} == {("sealing", "k2"), ("index", "i2")}
    for number, person in enumerate(people):
        row = Person.objects.get(id=person.id)
        assert facts_at(row, before)["phone"] == f"1990001{number:04}"
        assert facts_at(row, clock.now())["phone"] == f"1990002{number:04}"
    for number in added:
        found = Person.objects.get(phone_index__in=protected.blinds(f"1990003{number:04}", protected.PHONE))
        assert protected.unseal(found.phone_sealed, protected.PHONE, found.id) == f"1990003{number:04}"
    assert len(added) > 10
    assert intact() > len(added) + len(people)
