"""Seals and the keys they were signed with, when those change."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from liuchi.ground.journal.folder import Folder
from liuchi.ground.journal.models import Batch
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.seals import seal_of
from liuchi.ground.journal.tests.lines import note, notes
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.keyfile import add_key, retire_key
from liuchi.ground.kernel.keyring import forget_keyring, keyring
from liuchi.ground.kernel.testing import own_keys as own_keys

pytestmark = pytest.mark.usefixtures("own_keys", "committed")


def test_seals_when_made_with_a_key_that_was_retired_then_still_verify(own_keys: Path) -> None:
    notes(3)
    seal_once()
    old = keyring().signing.current

    new = add_key(own_keys, "signing", clock.now()).name
    note()
    seal_once()
    retire_key(own_keys, "signing", old, clock.now())
    forget_keyring()

    report = verify()
    assert list(Batch.objects.order_by("number").values_list("key", flat=True)) == [old, new]
    assert (report.is_green, report.lines) == (True, 4)


def test_seal_when_made_with_an_older_key_than_the_one_before_then_named(own_keys: Path) -> None:
    notes(3)
    seal_once()
    old = keyring()
    add_key(own_keys, "signing", clock.now())
    for _ in range(2):
        note()
        seal_once()
    last = seal_of(Batch.objects.latest("number"))

    forged = replace(last, key="").signed(old, None)
    _file_in_place_of(last.text(), forged.text())

    assert forged.is_signed(keyring())
    told = [(problem.code, problem.position) for problem in verify().problems]
    assert ("signature", last.first) in told


def test_seal_when_the_last_was_made_with_a_newer_key_then_keeps_to_that_one(own_keys: Path) -> None:
    notes(1)
    old = keyring()
    add_key(own_keys, "signing", clock.now())
    seal_once()
    last = seal_of(Batch.objects.latest("number"))

    lagging = replace(keyring(), signing=replace(keyring().signing, current=old.signing.current))

    assert last.key != old.signing.current
    assert replace(last, number=2).signed(lagging, last).key == last.key


def _file_in_place_of(text: bytes, other: bytes) -> None:
    path = Folder(Path(settings.LIUCHI_JOURNAL)).roots
    path.write_bytes(path.read_bytes().replace(text, other))
