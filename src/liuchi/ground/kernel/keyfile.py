"""The key file: made once, read again whenever it changes, and changed by whole replacement only.

Every process looks at most once a second whether the file has changed. A new key is announced in the file some seconds
before it becomes current, so that everybody knows it before anybody uses it.
"""

import fcntl
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from liuchi.ground.kernel.keys import (
    FIRST_INDEX_KEY,
    Keyring,
    KeyringBroken,
    Keys,
    public_half,
    signing_name,
)

FILE: Final = "keyring.json"
Use = Literal["sealing", "index", "signing"]
USES: Final[tuple[Use, ...]] = get_args(Use)
#: So many seconds before a new index key becomes current, writers already take care of each other.
CARE: Final = 3.0
_INITIAL: Final = {"sealing": "k", "index": "i"}
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class KeyRefused(ValueError):
    """The key cannot be added, retired or found; the message says why."""


@dataclass(frozen=True)
class Key:
    """One key in the file: its secret (None once retired), its public half if it signs, and since when it is used."""

    name: str
    secret: bytes | None
    starts: datetime = _ALWAYS
    public: bytes | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True)
class KeyFile:
    """What the key file says."""

    uses: Mapping[Use, tuple[Key, ...]]
    lines: bytes
    digests: bytes

    def current(self, use: Use, moment: datetime) -> Key:
        """Return the key of `use` that is current at `moment`: the one that started last."""
        living = [key for key in self.uses[use] if key.secret is not None]
        started = [key for key in living if key.starts <= moment]
        return max(started, key=lambda key: key.starts) if started else min(living, key=lambda key: key.starts)

    def ring(self, moment: datetime) -> Keyring:
        """Return the keys as they are in force at `moment`."""
        soon = [key for key in self.uses["index"] if key.secret and (key.starts - moment).total_seconds() <= CARE]
        return Keyring(
            sealing=self._keys("sealing", moment),
            index=self._keys("index", moment),
            signing=self._keys("signing", moment),
            verifying={key.name: key.public for key in self.uses["signing"] if key.public is not None},
            lines=self.lines,
            digests=self.digests,
            is_index_changing=len(soon) > 1,
        )

    def moments(self) -> list[datetime]:
        """Return the moments at which the ring changes by itself, in order."""
        return sorted(key.starts for keys in self.uses.values() for key in keys if key.starts.year > 1)

    def find(self, name: str) -> bytes | None:
        """Return the sealing key or the public half of the signing key with this name, or None."""
        for key in self.uses["sealing"]:
            if key.name == name and key.secret is not None:
                return key.secret
        return next((key.public for key in self.uses["signing"] if key.name == name), None)

    def _keys(self, use: Use, moment: datetime) -> Keys:
        known = {key.name: key.secret for key in self.uses[use] if key.secret is not None}
        return Keys(self.current(use, moment).name, known)


def create_keyring(folder: Path) -> Path:
    """Write a new key file (mode 0600) into `folder` unless one is there; return its path."""
    path = folder / FILE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signing = secrets.token_bytes(32)
    keys = {
        "sealing": {"k1": {"key": _text(secrets.token_bytes(32))}},
        "index": {FIRST_INDEX_KEY: {"key": _text(secrets.token_bytes(32))}},
        "signing": {signing_name(public_half(signing)): {"key": _text(signing)}},
        "lines": _text(secrets.token_bytes(32)),
        "digests": _text(secrets.token_bytes(32)),
        "web": secrets.token_urlsafe(50),
    }
    fresh = _written(folder, keys)
    try:
        os.link(fresh, path)  # a link, unlike a rename, never replaces keys that another process wrote first
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path


def read_keyfile(folder: Path) -> KeyFile:
    """Read the key file of `folder`, also one from before keys could change.

    Raises:
        KeyringBroken: when it is missing or damaged.
    """
    path = folder / FILE
    try:
        return _parsed(_modern(json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyringBroken(
            f"the key file {path} cannot be read ({error}); restore it from where keys are kept"
        ) from error


def add_key(folder: Path, use: Use, starts: datetime) -> Key:
    """Add a new key of `use` that becomes current at `starts`; return it.

    Raises:
        KeyRefused: when another key of this use waits for its time already.
        KeyringBroken: when the file is missing or damaged.
    """
    secret = secrets.token_bytes(32)
    public = public_half(secret) if use == "signing" else None
    with _changing(folder) as keys:
        now = read_keyfile(folder).uses[use]
        if any(key.starts >= starts for key in now):
            raise KeyRefused(f"a newer {use} key is there already; let it become current first")
        name = signing_name(public) if public else _next_name(use, keys)
        keys[use][name] = {"key": _text(secret), "from": starts.isoformat()}
    return Key(name, secret, starts, public)


def retire_key(folder: Path, use: Use, name: str, at: datetime) -> None:
    """Take the secret of a key out of the file; of a signing key the public half stays, so that its seals verify.

    Whether anything still needs the key is for the caller to see.

    Raises:
        KeyRefused: when there is no such key, it is the current one, or it waits to become current.
        KeyringBroken: when the file is missing or damaged.
    """
    with _changing(folder) as keys:
        file = read_keyfile(folder)
        current = file.current(use, at)
        key = next((each for each in file.uses[use] if each.name == name and each.secret is not None), None)
        if key is None:
            raise KeyRefused(f"there is no {use} key {name}")
        if key.starts >= current.starts:
            raise KeyRefused(f"{name} is the current {use} key; rotate first" if key is current else f"{name} waits")
        kept = {"public": _text(key.public)} if key.public else {}
        keys[use][name] = {**kept, "from": keys[use][name].get("from"), "retired_at": at.isoformat()}


def _next_name(use: Use, keys: Mapping[str, Any]) -> str:
    initial = _INITIAL[use]
    numbers = [int(name[1:]) for name in keys[use] if name[:1] == initial and name[1:].isdigit()]
    return f"{initial}{max(numbers, default=0) + 1}"


def _modern(keys: dict[str, Any]) -> dict[str, Any]:
    """Return the file's content in its present shape; the first one held one index and one signing key."""
    if "current" not in keys:
        return keys
    sealing = {name: {"key": key} for name, key in keys["sealing"].items() if name != keys["current"]}
    signing = signing_name(public_half(b64decode(keys["signing"])))
    return {
        "sealing": {**sealing, keys["current"]: {"key": keys["sealing"][keys["current"]]}},
        "index": {FIRST_INDEX_KEY: {"key": keys["index"]}},
        "signing": {signing: {"key": keys["signing"]}},
        "lines": keys["lines"],
        # What was hashed with the index key and is kept nowhere else (receipts) must go on being found.
        "digests": keys["index"],
        **{name: keys[name] for name in keys if name not in {"current", "sealing", "index", "signing", "lines"}},
    }


def _parsed(keys: Mapping[str, Any]) -> KeyFile:
    uses: dict[Use, tuple[Key, ...]] = {}
    for use in USES:
        named = (_key(use, name, entry, place) for place, (name, entry) in enumerate(keys[use].items()))
        uses[use] = tuple(sorted(named, key=lambda key: key.starts))
    if not all(any(key.secret for key in each) for each in uses.values()):
        raise ValueError("a use without a key")
    return KeyFile(uses, b64decode(keys["lines"], validate=True), b64decode(keys["digests"], validate=True))


def _key(use: Use, name: str, entry: Mapping[str, Any], place: int) -> Key:
    secret = b64decode(entry["key"], validate=True) if entry.get("key") else None
    public = b64decode(entry["public"], validate=True) if entry.get("public") else None
    if use == "signing" and secret is not None:
        public = public_half(secret)
    # Keys without a moment were there from the beginning; where there are several, the last one was the current.
    starts = datetime.fromisoformat(entry["from"]) if entry.get("from") else _ALWAYS.replace(microsecond=place)
    retired = datetime.fromisoformat(entry["retired_at"]) if entry.get("retired_at") else None
    return Key(name, secret, starts, public, retired)


@contextmanager
def _changing(folder: Path) -> Iterator[dict[str, Any]]:
    """Give the file's content to be changed, and replace the file with it; one process at a time."""
    path = folder / FILE
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        read_keyfile(folder)
        keys = _modern(json.loads(path.read_text(encoding="utf-8")))
        yield keys
        fresh = _written(folder, keys)
        there = path.stat()
        if os.geteuid() == 0:
            os.chown(fresh, there.st_uid, there.st_gid)
        fresh.rename(path)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(folder: Path, keys: Mapping[str, Any]) -> Path:
    fresh = folder / f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _text(key: bytes) -> str:
    return b64encode(key).decode()
