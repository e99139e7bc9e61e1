import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.kernel.keyring import FILE, Keyring, KeyringBroken, create_keyring, keyring, read_keyring


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


def test_values_sealed_with_a_retired_key_when_the_current_key_changed_then_still_open(tmp_path: Path) -> None:
    old = read_keyring(create_keyring(tmp_path).parent)
    sealed = old.seal("13900000000", "people.phone")
    rotated = Keyring("k2", {**old.sealing, "k2": bytes(32)}, old.index, old.lines, old.signing)

    assert rotated.unseal(sealed, "people.phone") == "13900000000"
    assert rotated.seal("x", "y")[1:3] == b"k2"


@pytest.mark.parametrize("content", ["", "{}", '{"current": "k1"}', "[]"])
def test_read_keyring_when_the_file_is_damaged_then_says_which_file(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)

    with pytest.raises(KeyringBroken, match="restore it"):
        read_keyring(tmp_path)


def test_read_keyring_when_a_key_is_no_base64_then_broken(tmp_path: Path) -> None:
    path = create_keyring(tmp_path)
    keys = json.loads(path.read_text())
    path.write_text(json.dumps({**keys, "index": "not base64!"}))

    with pytest.raises(KeyringBroken):
        read_keyring(tmp_path)
