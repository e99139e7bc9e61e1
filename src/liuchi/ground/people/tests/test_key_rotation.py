"""Keys change while people are written and read: nothing is lost, nobody fails, nobody is registered twice."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.db import connection, transaction

from liuchi.ground.journal.models import Line
from liuchi.ground.journal.testing import committed as committed
from liuchi.ground.kernel import clock, guard, keyfile
from liuchi.ground.kernel.actors import System, Visitor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.kernel.keyfile import read_keyfile
from liuchi.ground.kernel.keyring import forget_keyring, keyring
from liuchi.ground.kernel.testing import own_keys as own_keys
from liuchi.ground.kernel.testing import waiting_jobs
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.identity import check_digit
from liuchi.ground.people.models import Person
from liuchi.ground.records import key_counts, protected, rotation
from liuchi.ground.records.actions import keys as actions
from liuchi.ground.records.actions.keys import RotationRefused, finish_rotation, retire_key, seal_rows_anew
from liuchi.ground.records.models import KeyRotation
from liuchi.ground.records.rotation import is_settled, rotate_key, seal_everything_anew

BY, SINCE = System("tests"), date(2024, 1, 1)
INITIALS: dict[keyfile.Use, str] = {"sealing": "k", "index": "i"}

pytestmark = pytest.mark.usefixtures("own_keys", "committed", "_quick")


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let keys begin after a second instead of ten."""
    monkeypatch.setattr(keyfile, "CARE", 0.4)
    monkeypatch.setattr(actions, "SETTLED", timedelta(seconds=0.4))


def phone(number: int) -> str:
    return f"1990000{number:04d}"


def identity(number: int) -> str:
    body = f"99080319{50 + number // 336:02d}{1 + number // 28 % 12:02d}{1 + number % 28:02d}001"
    return body + check_digit(body)


def people(count: int, first: int = 0) -> list[Person]:
    new = [NewPerson(f"测试{number}", phone(number), identity(number)) for number in range(first, first + count)]
    return import_people(by=BY, people=new, valid_from=SINCE)


def read(person: Person) -> tuple[str, str]:
    return (
        protected.unseal(person.phone_sealed, protected.PHONE, person.id),
        protected.unseal(person.identity_sealed, protected.IDENTITY, person.id),
    )


def find(number: int) -> UUID:
    found = Person.objects.get(identity_index__in=protected.blinds(identity(number), protected.IDENTITY))
    return found.id


def keys_needed() -> set[tuple[str, str]]:
    return {(need.use, need.key) for need in key_counts.needs()}


def wait_for(use: keyfile.Use, name: str) -> None:
    while getattr(keyring(), use).current != name:
        threading.Event().wait(0.05)


def test_keys_when_rotated_then_everything_is_sealed_anew_found_and_the_old_ones_retire() -> None:
    rows = people(7)
    before = {row.id: read(row) for row in rows}

    names = {use: rotate_key(by=BY, use=use, notice=0).name for use in keyfile.USES}
    threading.Event().wait(0.5)

    assert [find(number) for number in range(7)] == [row.id for row in rows]
    assert seal_everything_anew(by=BY)
    assert {row.id: read(row) for row in Person.objects.all()} == before
    assert keys_needed() == {("sealing", "k2"), ("index", "i2")}
    retire_key(by=BY, use="sealing", name="k1")
    retire_key(by=BY, use="index", name="i1")
    forget_keyring()
    assert {row.id: read(row) for row in Person.objects.all()} == before
    assert [find(number) for number in range(7)] == [row.id for row in rows]
    assert people(7) == []
    assert is_settled()
    assert names["sealing"] == "k2"
    kinds = Counter(Line.objects.filter(kind__startswith="records.").values_list("kind", flat=True))
    assert kinds == {
        "records.key_added": 3,
        "records.rows_sealed_anew": 1,
        "records.rotation_finished": 2,
        "records.key_retired": 2,
    }
    assert {name for name, _ in waiting_jobs()} == {"records.seal_anew"}


def test_values_when_sealed_before_rows_were_bound_then_are_bound_without_a_rotation() -> None:
    (row,) = people(1)
    old = keyring().seal(phone(0), protected.PHONE)
    with guard.scope("maintenance", "test"):
        Person.objects.filter(id=row.id).update(phone_sealed=old)

    assert [need.values for need in key_counts.needs() if not need.is_bound] == [1]
    assert seal_everything_anew(by=BY)

    assert [need for need in key_counts.needs() if not need.is_bound] == []
    assert read(Person.objects.get()) == (phone(0), identity(0))


def test_step_when_a_row_is_held_by_somebody_then_leaves_it_and_says_it_is_not_done() -> None:
    rows = people(3)
    rotate_key(by=BY, use="sealing", notice=0)
    threading.Event().wait(0.5)

    with _held(rows[1].id):
        step = seal_rows_anew(by=BY, type_name="people.person", limit=500)
        is_done = seal_everything_anew(by=BY)

    assert (step.rows, is_done, is_settled()) == (2, False, False)
    assert seal_everything_anew(by=BY)


def test_value_when_no_key_opens_it_then_is_counted_and_left_and_its_key_stays(own_keys: Path) -> None:
    rows = people(2)
    with guard.scope("maintenance", "test"):
        Person.objects.filter(id=rows[0].id).update(phone_sealed=rows[1].phone_sealed)
    rotate_key(by=BY, use="sealing", notice=0)
    threading.Event().wait(0.5)

    assert seal_everything_anew(by=BY)

    row = KeyRotation.objects.get(use="sealing", key="k2")
    assert row.broken == 1
    assert bytes(Person.objects.get(id=rows[0].id).phone_sealed or b"") == rows[1].phone_sealed
    with pytest.raises(RotationRefused, match=r"people\.person\.phone_sealed: 1"):
        retire_key(by=BY, use="sealing", name="k1")
    assert read_keyfile(own_keys).find("k1") is not None


@pytest.mark.parametrize("use", ["sealing", "index"])
def test_key_when_values_still_stand_under_it_then_is_not_retired(use: keyfile.Use, own_keys: Path) -> None:
    people(2)
    old = read_keyfile(own_keys).current(use, clock.now()).name
    rotate_key(by=BY, use=use, notice=0)
    threading.Event().wait(0.5)

    with pytest.raises(RotationRefused, match="still stand"):
        retire_key(by=BY, use=use, name=old)
    with pytest.raises(RotationRefused, match="no sealing key" if use == "sealing" else "no index key"):
        retire_key(by=BY, use=use, name="x9")


def test_key_when_a_transaction_from_before_still_runs_then_is_not_retired() -> None:
    with _held(people(1)[0].id):
        rotate_key(by=BY, use="sealing", notice=0)
        threading.Event().wait(0.5)
        with pytest.raises(RotationRefused, match="again in a moment"):
            retire_key(by=BY, use="sealing", name="k1")


def test_keys_when_asked_for_by_somebody_without_the_power_then_refused() -> None:
    nobody = Visitor(frozenset())

    for attempt in (
        lambda: rotate_key(by=nobody, use="sealing"),
        lambda: seal_rows_anew(by=nobody, type_name="people.person", limit=500),
        lambda: retire_key(by=nobody, use="sealing", name="k1"),
        lambda: finish_rotation(by=nobody, use="sealing", rows=0, broken=0),
    ):
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.slow
def test_rotation_when_many_write_and_read_then_nobody_fails_and_nothing_is_lost() -> None:
    people(300)
    stop, failures, written, seen = threading.Event(), list[BaseException](), list[int](), Counter[str]()

    def write(first: int) -> None:
        for number in range(first, first + 800):
            if stop.is_set():
                return
            people(1, number)
            written.append(number)

    def look() -> None:
        chance = Random(7)
        while not stop.is_set():
            number = chance.randrange(300)
            assert read(Person.objects.get(id=find(number))) == (phone(number), identity(number))
            seen["reads"] += 1

    def take_turns() -> None:
        _turn("1", "2")
        _turn("2", "3")
        stop.set()

    _run(failures, stop, [lambda: write(1000), lambda: write(2000), look, look, take_turns])

    assert failures == []
    assert keys_needed() == {("sealing", "k3"), ("index", "i3")}
    assert seen["reads"] > 50
    forget_keyring()
    numbers = [*range(300), *written]
    assert len(written) > 20
    assert Person.objects.count() == len(numbers)
    assert [read(Person.objects.get(id=find(number))) for number in numbers] == [
        (phone(number), identity(number)) for number in numbers
    ]


@pytest.mark.slow
def test_identity_when_registered_by_many_while_the_index_key_changes_then_stands_once() -> None:
    stop, failures = threading.Event(), list[BaseException]()
    barrier = threading.Barrier(3)

    def register() -> None:
        for number in range(120):
            barrier.wait(30)
            threading.Event().wait(0.02)
            try:
                people(1, number)
            except Exception as error:
                if "person_identity_once" not in str(error):  # the loser of a race is told so by the database
                    raise

    def turn() -> None:
        threading.Event().wait(0.3)
        rotate_key(by=BY, use="index", notice=1)

    _run(failures, stop, [register, register, register, turn])

    assert failures == []
    indexes = {need.key for need in key_counts.needs() if need.use == "index"}
    assert indexes == {"i1", "i2"}
    plain = Counter(read(person)[1] for person in Person.objects.all())
    assert plain == {identity(number): 1 for number in range(120)}


def test_sealing_anew_when_killed_in_the_midst_then_goes_on_and_everything_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = people(40)
    rotate_key(by=BY, use="sealing", notice=0)
    rotate_key(by=BY, use="index", notice=0)
    threading.Event().wait(0.5)
    monkeypatch.setattr(rotation, "STEP", 5)
    connection.close()

    for _ in range(3):
        assert _dies_after(13)
    left = sum(need.values for need in key_counts.needs() if need.key == "k1")

    assert 0 < left < 80
    assert seal_everything_anew(by=BY)
    assert keys_needed() == {("sealing", "k2"), ("index", "i2")}
    assert [read(person) for person in Person.objects.order_by("id")] == [
        (phone(number), identity(number)) for number in range(len(rows))
    ]


def _dies_after(values: int) -> bool:
    """Seal anew in a child that is killed (SIGKILL) at so many values; tell whether it was."""
    child = os.fork()
    if child == 0:
        sealed, count = protected.seal, [0]

        def seal_and_die(text: str, field: str, row_id: protected.RowId) -> bytes | None:
            count[0] += 1
            if count[0] > values:
                os.kill(os.getpid(), signal.SIGKILL)
            return sealed(text, field, row_id)

        protected.seal = seal_and_die
        try:
            seal_everything_anew(by=BY)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _turn(old: str, new: str) -> None:
    """Rotate sealing and index keys, seal everything anew, and retire the old ones."""
    for use, initial in INITIALS.items():
        rotate_key(by=BY, use=use, notice=1)
        wait_for(use, initial + new)
    while not seal_everything_anew(by=BY):
        threading.Event().wait(0.1)
    threading.Event().wait(0.6)
    for use, initial in INITIALS.items():
        _retire_when_possible(use, initial + old)


def _retire_when_possible(use: keyfile.Use, name: str) -> None:
    for _ in range(50):
        try:
            retire_key(by=BY, use=use, name=name)
        except RotationRefused:
            seal_everything_anew(by=BY)
            threading.Event().wait(0.1)
        else:
            return
    raise AssertionError(f"{name} could not be retired")


def _run(failures: list[BaseException], stop: threading.Event, works: list[Callable[[], None]]) -> None:
    """Run works side by side, each with a connection of its own; the first failure ends all."""

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failures.append(error)
            stop.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


class _held:  # noqa: N801 - reads as a word
    """Hold a person's row from another connection within the block."""

    def __init__(self, person_id: UUID) -> None:
        self._id, self._begun, self._done = person_id, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def __enter__(self) -> None:
        self._thread.start()
        assert self._begun.wait(10)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join(10)

    def _hold(self) -> None:
        with transaction.atomic():
            list(Person.objects.select_for_update().filter(id=self._id))
            self._begun.set()
            self._done.wait(30)
        connection.close()
