"""Bringing a server up: one starter at a time, one keeper per data directory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import liuchi
from liuchi.embedded import locks
from liuchi.embedded.accounts import Account
from liuchi.embedded.cluster import USER
from liuchi.embedded.errors import KINDS, StartFailed, explained
from liuchi.embedded.places import Places
from liuchi.embedded.probe import Answer, ask
from liuchi.embedded.programs import programs_for

KEEPER = "liuchi.embedded.keeper"
PAUSE = 0.02
AFTER_SILENCE = 0.2
KEPT = ("PATH", "TZ", "LANG", "LC_", "LD_", "PYTHON", "COVERAGE_")
"""How the names of variables begin that the keeper is given; the last is for the tests, which measure it too."""


@dataclass(frozen=True)
class Wish:
    """What kind of server is wanted, should one have to be started."""

    places: Places
    account: Account
    settings: Mapping[str, str]
    min_free: int


def is_ready(places: Places) -> bool:
    """Return whether a keeper lives and its server answers a real connection at this moment."""
    with explained(places.server):
        return locks.is_held(places.keeper_lock) and ask(places.socket, USER) is Answer.READY


def bring_up(wish: Wish, deadline: float) -> None:
    """Return when the server answers, having started it if need be; the caller holds users.lock.

    Raises an `EmbeddedError` when it cannot be started, `StartFailed` also when `deadline` (monotonic) passes first.
    """
    places = wish.places
    if is_ready(places):
        return
    with explained(places.server), locks.locked(places.start_lock, locks.EXCLUSIVE, deadline) as is_mine:
        while not is_ready(places):
            if not is_mine or time.monotonic() > deadline:
                raise StartFailed(f"The server of {places.data} does not answer. {places.log} may say why.")
            if locks.is_held(places.keeper_lock):
                # It is reviving its server, or about to end.
                time.sleep(PAUSE)
            else:
                _launch_keeper(wish)


def _launch_keeper(wish: Wish) -> None:
    order = {
        "data": str(wish.places.data),
        "programs": str(programs_for(wish.account)),
        "uid": wish.account.uid,
        "gid": wish.account.gid,
        "settings": dict(wish.settings),
        "min_free": wish.min_free,
    }
    done = subprocess.run(
        [sys.executable, "-P", "-m", KEEPER, json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        cwd="/",
        env=_environment(),
        start_new_session=True,
    )
    _hear(done.stdout.decode(errors="replace"), wish.places)


def _environment() -> dict[str, str]:
    """Return what the keeper needs of ours: as another account, it has no business with our secrets."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    return kept | {"PYTHONPATH": str(Path(liuchi.__path__[0]).parent)}


def _hear(said: str, places: Places) -> None:
    if not said:
        # Killed before it could answer: the caller looks again, but not in a frenzy.
        time.sleep(AFTER_SILENCE)
        return
    try:
        answer = json.loads(said.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise StartFailed(f"The keeper of {places.data} failed: {said}") from None
    if answer:
        raise KINDS[answer["error"]](answer["message"])
