"""The worker: seals what was committed and lets the reactions follow, until told to stop."""

import threading
from collections.abc import Sequence

import structlog
from django.db import InterfaceError, OperationalError, connection

from liuchi.ground.journal.folder import Busy
from liuchi.ground.journal.kinds import kinds
from liuchi.ground.journal.reactions import Reaction, run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.seals import JournalBroken

#: Seconds between two attempts while the database is away or the journal waits for its operator.
PAUSE = 3.0
_log = structlog.get_logger(__name__)


def work(reactions: Sequence[Reaction], *, stop: threading.Event, interval: float = 0.2) -> None:
    """Seal and react until `stop` is set, looking for work every `interval` seconds.

    Outlives a restart of the database. While sealing is refused (an older copy was put back) reactions rest too, so
    that nothing is done twice before an operator has looked.
    """
    _log.info("worker.started", reactions=[reaction.name for reaction in reactions])
    _warn_of_unknown_kinds(reactions)
    trouble = ""
    while not stop.is_set():
        try:
            busy = _turn(reactions)
            trouble = ""
        except (OperationalError, InterfaceError, JournalBroken) as error:
            busy, trouble = False, _report(error, trouble)
            connection.close()
        if not busy:
            stop.wait(PAUSE if trouble else interval)
    connection.close()
    _log.info("worker.stopped")


def _warn_of_unknown_kinds(reactions: Sequence[Reaction]) -> None:
    for reaction in reactions:
        for name in sorted(reaction.kinds - kinds().keys()):
            _log.warning("worker.kind_not_declared", reaction=reaction.name, kind=name)


def _turn(reactions: Sequence[Reaction]) -> bool:
    """Do one round and tell whether there was anything to do."""
    try:
        sealed = seal_once(wait=False)
    except Busy:
        sealed = 0
    return bool(run_reactions(reactions) or sealed)


def _report(error: Exception, before: str) -> str:
    """Log a trouble once while it lasts; a database's message can hold data, so only its class is told."""
    now = str(error) if isinstance(error, JournalBroken) else type(error).__name__
    if now != before:
        _log.error("worker.waiting", trouble=now)
    return now
