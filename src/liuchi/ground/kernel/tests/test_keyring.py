import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel import keyring as live
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.keyfile import add_key, read_keyfile, retire_key
from liuchi.ground.kernel.keyring import FILE, KeyringBroken, create_keyring, forget_keyring, keyring, pin_keyring
from liuchi.ground.kernel.testing import own_keys as own_keys


@given(st.text(), st.text(alphabet="abc.", min_size=1))
def test_seal_when_opened_in_its_context_then_gives_the_text_back(text: str, context: str) -> None:
    sealed = keyring().seal(text, context)

    assert keyring().unseal(sealed, context) == text
    assert sealed != keyring().seal(text, context)


def test_sealed_value_when_moved_to_another_context_then_cannot_be_opened() -> None:
    sealed = keyring().seal("13900000000", "people.phone")

    assert keyring().unseal(sealed, "people.phone") == "13900000000"
    with pytest.raises(KeyringBroken):
        keyring().unseal(sealed, "people.identity")


@pytest.mark.parametrize("at", [0, 1, 5, 20, -1])
def test_sealed_value_when_one_byte_changed_then_cannot_be_opened(at: int) -> None:
    sealed = bytearray(keyring().seal("13900000000", "people.phone"))
    sealed[at] ^= 1

    with pytest.raises(KeyringBroken):
        keyring().unseal(bytes(sealed), "people.phone")


@pytest.mark.parametrize("blob", [b"", b"\x02", b"\x02k", b"\xff\xff\xff"])
def test_sealed_value_when_cut_short_then_cannot_be_opened(blob: bytes) -> None:
    with pytest.raises(KeyringBroken):
        keyring().unseal(blob, "people.phone")


def test_blind_when_text_or_context_differ_then_index_differs() -> None:
    ring = keyring()

    assert ring.blind("a", "x") == ring.blind("a", "x")
    assert len({ring.blind("a", "x"), ring.blind("b", "x"), ring.blind("a", "y"), ring.blind("", "x")}) == 4


def test_signature_when_message_changed_then_is_not_ours() -> None:
    ring = keyring()
    signature = ring.sign(b"root")

    assert ring.has_signed(b"root", signature)
    assert not ring.has_signed(b"Root", signature)
    assert not ring.has_signed(b"root", signature[:-1] + bytes([signature[-1] ^ 1]))


def test_create_keyring_when_called_twice_then_keeps_the_first_keys_and_only_the_owner_reads_them(
    tmp_path: Path,
) -> None:
    path = create_keyring(tmp_path / "keys")
    before = path.read_bytes()

    create_keyring(tmp_path / "keys")

    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [FILE]
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


@pytest.mark.parametrize("content", ["", "{}", '{"current": "k1"}', "[]"])
def test_read_keyring_when_the_file_is_damaged_then_says_which_file(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)

    with pytest.raises(KeyringBroken, match="restore it"):
        read_keyfile(tmp_path)


def test_read_keyring_when_a_key_is_no_base64_then_broken(tmp_path: Path) -> None:
    path = create_keyring(tmp_path)
    keys = json.loads(path.read_text())
    path.write_text(json.dumps({**keys, "lines": "not base64!"}))

    with pytest.raises(KeyringBroken):
        read_keyfile(tmp_path)


def test_file_when_it_changes_then_a_running_process_notices_and_opens_what_it_could_not(own_keys: Path) -> None:
    before = keyring()
    sealed = before.seal("13900000000", "people.phone")

    add_key(own_keys, "sealing", clock.now())

    assert before.sealing.current == "k1"
    assert keyring().sealing.current == "k2"
    assert keyring().unseal(sealed, "people.phone") == "13900000000"
    assert before.unseal(keyring().seal("1", "x"), "x") == "1"


def test_file_when_looked_at_then_at_most_once_a_second(own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK", 3600.0)
    keyring()
    add_key(own_keys, "sealing", clock.now())

    assert keyring().sealing.current == "k1"
    monkeypatch.setattr(live, "LOOK", 0.0)
    assert keyring().sealing.current == "k2"


def test_key_when_its_time_comes_then_is_current_without_another_look(own_keys: Path) -> None:
    now = clock.now()
    add_key(own_keys, "index", now + timedelta(seconds=10))

    with frozen_at(now):
        first = keyring()
    with frozen_at(now + timedelta(seconds=8)):
        second = keyring()
    with frozen_at(now + timedelta(seconds=10)):
        third = keyring()

    assert [ring.index.current for ring in (first, second, third)] == ["i1", "i1", "i2"]
    assert [ring.is_index_changing for ring in (first, second, third)] == [False, True, True]
    assert third.blinds("a", "x") == [third.blind("a", "x"), first.blind("a", "x")]


def test_value_when_read_a_moment_before_its_key_was_retired_then_still_opens(own_keys: Path) -> None:
    sealed = keyring().seal("13900000000", "people.phone")
    add_key(own_keys, "sealing", clock.now())
    keyring()

    retire_key(own_keys, "sealing", "k1", clock.now())

    assert keyring().unseal(sealed, "people.phone") == "13900000000"
    forget_keyring()
    with pytest.raises(KeyringBroken):
        keyring().unseal(sealed, "people.phone")


def test_file_when_damaged_while_running_then_the_keys_read_before_stay(own_keys: Path) -> None:
    sealed = keyring().seal("13900000000", "people.phone")
    (own_keys / FILE).write_text("{")

    assert keyring().unseal(sealed, "people.phone") == "13900000000"
    forget_keyring()
    with pytest.raises(KeyringBroken, match="restore it"):
        keyring()


def test_keyring_when_pinned_then_stays_until_the_action_ends(own_keys: Path) -> None:
    with guard.scope("action", "test"):
        pin_keyring()
        add_key(own_keys, "index", clock.now())
        inside = keyring().index.current

    assert (inside, keyring().index.current) == ("i1", "i2")


def test_signature_when_made_with_another_known_key_then_counts_only_under_its_name(own_keys: Path) -> None:
    old = keyring()
    signature = old.sign(b"root")
    add_key(own_keys, "signing", clock.now())

    assert keyring().has_signed(b"root", signature, old.signing.current)
    assert not keyring().has_signed(b"root", signature)
    assert not keyring().has_signed(b"root", signature, "0123456789abcdef")
    assert old.has_signed(b"root", keyring().sign(b"root"), keyring().signing.current)
