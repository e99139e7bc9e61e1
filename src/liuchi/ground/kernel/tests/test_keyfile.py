import json
import stat
import threading
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liuchi.ground.kernel.keyfile import FILE, KeyRefused, Use, add_key, create_keyring, read_keyfile, retire_key

NOW = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
SOON, LATER = NOW + timedelta(seconds=10), NOW + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_keyring(tmp_path)
    return tmp_path


def _write_old(folder: Path) -> dict[str, object]:
    """Write a key file in its first shape, which named sealing keys only."""
    key = {
        name: b64encode(name.encode().ljust(32, b".")).decode() for name in ("k1", "k2", "index", "lines", "signing")
    }
    old: dict[str, object] = {"current": "k1", "sealing": {"k1": key["k1"], "k2": key["k2"]}, "web": "secret"}
    old |= {name: key[name] for name in ("index", "lines", "signing")}
    (folder / FILE).write_text(json.dumps(old))
    return old


def test_old_file_when_read_then_its_keys_are_the_first_and_what_they_made_still_opens(tmp_path: Path) -> None:
    _write_old(tmp_path)

    ring = read_keyfile(tmp_path).ring(NOW)

    assert (ring.sealing.current, set(ring.sealing.known), ring.index.current) == ("k1", {"k1", "k2"}, "i1")
    assert ring.digest("a", "x") == ring.blind("a", "x")
    assert len(ring.blind("a", "x")) == 32
    assert ring.unseal(ring.seal("a", "x"), "x") == "a"
    assert ring.has_signed(b"m", ring.sign(b"m"), ring.signing.current)


def test_old_file_when_a_key_is_added_then_takes_the_new_shape_and_keeps_everything(tmp_path: Path) -> None:
    _write_old(tmp_path)
    before = read_keyfile(tmp_path).ring(NOW)

    add_key(tmp_path, "index", SOON)

    kept = json.loads((tmp_path / FILE).read_text())
    ring = read_keyfile(tmp_path).ring(LATER)
    assert (kept["web"], set(kept["sealing"])) == ("secret", {"k1", "k2"})
    assert ring.unseal(before.seal("a", "x"), "x") == "a"
    assert ring.digest("a", "x") == before.digest("a", "x")
    assert (ring.index.current, before.blind("a", "x") in ring.blinds("a", "x")) == ("i2", True)


@pytest.mark.parametrize("use", ["sealing", "index", "signing"])
def test_key_when_added_then_is_known_at_once_and_current_at_its_time(folder: Path, use: Use) -> None:
    old = read_keyfile(folder).current(use, NOW).name

    new = add_key(folder, use, SOON).name

    file = read_keyfile(folder)
    assert (file.current(use, NOW).name, file.current(use, SOON).name) == (old, new)
    assert set(getattr(file.ring(NOW), use).known) == {old, new}
    assert getattr(file.ring(SOON), use).current == new
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_key_when_another_waits_then_refused(folder: Path) -> None:
    add_key(folder, "sealing", LATER)

    with pytest.raises(KeyRefused, match="newer sealing key"):
        add_key(folder, "sealing", SOON)


def test_index_keys_when_one_is_about_to_begin_then_writers_take_care(folder: Path) -> None:
    add_key(folder, "index", SOON)
    file = read_keyfile(folder)

    moments = [SOON - timedelta(seconds=9), SOON - timedelta(seconds=3), SOON, LATER]
    assert [file.ring(moment).is_index_changing for moment in moments] == [False, True, True, True]


def test_key_when_retired_then_gone_but_a_signers_public_half_stays(folder: Path) -> None:
    before = read_keyfile(folder).ring(NOW)
    for use in ("sealing", "index", "signing"):
        add_key(folder, use, SOON)
    old = before.signing.current

    retire_key(folder, "sealing", "k1", LATER)
    retire_key(folder, "index", "i1", LATER)
    retire_key(folder, "signing", old, LATER)

    ring = read_keyfile(folder).ring(LATER)
    assert (set(ring.sealing.known), set(ring.index.known)) == ({"k2"}, {"i2"})
    assert old not in ring.signing.known
    assert ring.has_signed(b"m", before.sign(b"m"), old)
    assert not ring.has_signed(b"m", before.sign(b"m"))
    assert ring.is_older_signer(old, ring.signing.current)
    assert not ring.is_older_signer(ring.signing.current, old)
    assert before.sealing.known["k1"].hex() not in (folder / FILE).read_text()


@pytest.mark.parametrize(("name", "why"), [("k1", "no sealing key"), ("k2", "current"), ("k3", "waits"), ("x", "no")])
def test_key_when_it_cannot_be_retired_then_refused(folder: Path, name: str, why: str) -> None:
    add_key(folder, "sealing", SOON)
    retire_key(folder, "sealing", "k1", LATER)
    add_key(folder, "sealing", LATER + timedelta(days=1))

    with pytest.raises(KeyRefused, match=why):
        retire_key(folder, "sealing", name, LATER)


def test_names_when_keys_come_and_go_then_are_never_given_twice(folder: Path) -> None:
    add_key(folder, "sealing", SOON)
    retire_key(folder, "sealing", "k1", LATER)

    assert add_key(folder, "sealing", LATER).name == "k3"


def test_signer_when_a_seal_was_made_with_a_newer_key_then_no_older_one_follows(folder: Path) -> None:
    old = read_keyfile(folder).current("signing", NOW).name
    new = add_key(folder, "signing", SOON).name
    file = read_keyfile(folder)

    assert file.ring(NOW).signer_after("") == old
    assert file.ring(NOW).signer_after(new) == new
    assert file.ring(LATER).signer_after(old) == new


def test_file_when_many_change_it_at_once_then_nothing_is_lost(folder: Path) -> None:
    threads = [threading.Thread(target=add_key, args=(folder, use, SOON)) for use in ("sealing", "index", "signing")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(keys) for keys in read_keyfile(folder).uses.values()] == [2, 2, 2]
    assert [each.name for each in folder.iterdir()] == [FILE]
