"""The keys in force in this process: read from the file, and read again when it changes."""

import os
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import structlog
from django.conf import settings

from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.keyfile import CARE, FILE, KeyFile, create_keyring, read_keyfile
from liuchi.ground.kernel.keys import Keyring, KeyringBroken

__all__ = ["FILE", "Keyring", "KeyringBroken", "create_keyring", "forget_keyring", "keyring", "pin_keyring"]

#: Seconds between two looks whether the key file has changed.
LOOK: Final = 1.0
_log = structlog.get_logger(__name__)


class _Spell(NamedTuple):
    """A ring and the time in which it is in force."""

    ring: Keyring
    since: datetime | None
    until: datetime | None


@dataclass
class _Held:
    """What this process has read: the file with its mark, when it last looked, and the ring last handed out."""

    folder: Path
    file: KeyFile
    mark: tuple[int, int, int] | None
    looked: float
    before: KeyFile | None = None
    spell: _Spell | None = None


_lock = threading.Lock()
_held: _Held | None = None


def keyring() -> Keyring:
    """Return the installation's keyring (`settings.LIUCHI_KEYS`) as it is in force now.

    Inside an action that has pinned it (`pin_keyring`) it stays the same until the action's end.
    """
    scope = guard.current_scope()
    if scope is not None and isinstance(scope.keys, Keyring):
        return scope.keys
    return _ring(_look())


def pin_keyring() -> Keyring:
    """Let the action that is running see the keys as they are now until its end; return them."""
    ring = _ring(_look(at_once=True))
    scope = guard.current_scope()
    if scope is not None:
        scope.keys = ring
    return ring


def forget_keyring() -> None:
    """Read the key file anew at the next use; for tests that put another in its place."""
    global _held  # noqa: PLW0603 - one keyring per process
    with _lock:
        _held = None


def _look(*, at_once: bool = False) -> _Held:
    """Return what is held, after a look at the file if the last one was a while ago, or `at_once`."""
    global _held  # noqa: PLW0603 - one keyring per process
    folder, now = Path(settings.LIUCHI_KEYS), time.monotonic()
    held = _held
    if held is not None and held.folder == folder and not at_once and now - held.looked < LOOK:
        return held
    with _lock:
        held = _held
        if held is None or held.folder != folder:
            mark = _mark(folder)
            _held = held = _Held(folder, read_keyfile(folder), mark, now)
        elif (mark := _mark(folder)) != held.mark:
            _held = held = _read_again(held, mark, now)
        else:
            held.looked = now
        return held


def _read_again(held: _Held, mark: tuple[int, int, int] | None, now: float) -> _Held:
    """Return the changed file as held; one that cannot be read changes nothing for a process that has its keys."""
    try:
        return _Held(held.folder, read_keyfile(held.folder), mark, now, before=held.file)
    except KeyringBroken as error:
        _log.error("keys.unreadable", trouble=str(error))
        return replace(held, mark=mark, looked=now)


def _mark(folder: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(folder / FILE)  # noqa: PTH116 - asked every second by everybody
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino, found.st_size)


def _ring(held: _Held) -> Keyring:
    """Return the ring in force now; worked out again when a key's time has come."""
    spell = held.spell
    if spell is not None and spell.since is None and spell.until is None:
        return spell.ring
    moment = clock.now()
    if spell is None or not _is_within(spell, moment):
        turns = [turn for at in held.file.moments() for turn in (_earlier(at), at)]
        spell = held.spell = _Spell(
            replace(held.file.ring(moment), find=_find),
            max((turn for turn in turns if turn <= moment), default=None),
            min((turn for turn in turns if turn > moment), default=None),
        )
    return spell.ring


def _is_within(spell: _Spell, moment: datetime) -> bool:
    return (spell.since is None or spell.since <= moment) and (spell.until is None or moment < spell.until)


def _earlier(moment: datetime) -> datetime:
    return moment - timedelta(seconds=CARE)


def _find(name: str) -> bytes | None:
    """Look for a key that the ring does not know: in the file as it is now, then in the file as it was before.

    The latter is for a value that was read from the database a moment before its key was retired.
    """
    held = _look(at_once=True)
    return held.file.find(name) or (held.before.find(name) if held.before else None)
