"""Reactions: what follows from journal lines. Exactly one effect per line and reaction, in the order of sealing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet

from liuchi.ground.journal.kinds import require_code
from liuchi.ground.journal.lines import require_ours
from liuchi.ground.journal.models import Checkpoint, DeadLetter, Line
from liuchi.ground.journal.statements import ask
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.errors import describe_failure
from liuchi.ground.kernel.keyring import keyring

#: Positions looked through at once; those that do not concern a reaction are passed over in one step.
WINDOW = 10_000
_LONGEST_PAUSE = timedelta(minutes=5)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Reaction:
    """One effect of certain `kinds` of lines, by name. A new reaction starts at position 0: it reads the whole history.

    `name` is stable (the checkpoint hangs on it); `run` is called inside a transaction that also moves the checkpoint,
    so it writes to the database only, through actions or directly; `attempts` are made before the line is laid aside.
    """

    name: str
    kinds: frozenset[str]
    run: Callable[[Line], None]
    attempts: int = 5

    def __post_init__(self) -> None:
        require_code(self.name, "a reaction's name")


def run_reactions(reactions: Sequence[Reaction], *, limit: int = 1000) -> int:
    """Let each reaction take up to `limit` sealed lines and return how many were taken (or laid aside) in all.

    A failing line is tried again later, ever more rarely, and holds up only its own reaction; after `attempts` it
    becomes a dead letter and the reaction goes on. Two workers may run this at once: one of them does each line.
    """
    top = ask("SELECT max(position) FROM journal_line WHERE position IS NOT NULL") or 0
    read = {each.reaction: each for each in Checkpoint.objects.all()}
    return sum(_run_reaction(each, read.get(each.name) or _begin(each), top, limit) for each in reactions)


def apply_once(reaction: Reaction, line: Line) -> None:
    """Run the effect of one line within the transaction in force, open for writing in the reaction's name.

    Raises:
        NotOurs: the line is forged; an effect would turn it into genuine lines of this house.
    """
    require_ours(line, keyring())
    with guard.scope("reaction", reaction.name):
        reaction.run(line)


def _run_reaction(reaction: Reaction, checkpoint: Checkpoint, top: int, limit: int) -> int:
    if _is_paused(checkpoint):
        return 0
    taken, position = 0, checkpoint.position
    while position < top:
        end = min(position + WINDOW, top)
        for line in _matching(reaction, position, end)[: limit - taken]:
            if not _take(reaction, line):
                return taken
            taken += 1
        if taken == limit:
            return taken
        _pass_over(reaction, end)
        position = end
    return taken


def _begin(reaction: Reaction) -> Checkpoint:
    with guard.scope("reaction", reaction.name):
        Checkpoint.objects.bulk_create([Checkpoint(reaction=reaction.name)], ignore_conflicts=True)
    return Checkpoint.objects.get(pk=reaction.name)


def _matching(reaction: Reaction, after: int, end: int) -> QuerySet[Line]:
    found = Line.objects.filter(position__gt=after, position__lte=end, kind__in=reaction.kinds)
    return found.order_by("position")


def _is_paused(checkpoint: Checkpoint) -> bool:
    return checkpoint.retry_at is not None and checkpoint.retry_at > clock.now()


def _take(reaction: Reaction, line: Line) -> bool:
    """Run one line's effect and move the checkpoint, both or neither; tell whether the reaction may go on."""
    position, session = line.position or 0, connection.connection
    try:
        with transaction.atomic(durable=True):
            checkpoint = _lock(reaction)
            if checkpoint is None or _is_paused(checkpoint):
                return False
            if checkpoint.position < position:
                apply_once(reaction, line)
                _move(checkpoint, position)
    except Exception as error:
        if connection.connection is not session:
            raise  # the database went away: no fault of this line
        return _note_failure(reaction, line, error)
    return True


def _lock(reaction: Reaction) -> Checkpoint | None:
    """Return the locked checkpoint, or None while another worker holds it."""
    return Checkpoint.objects.select_for_update(skip_locked=True).filter(pk=reaction.name).first()


def _move(checkpoint: Checkpoint, position: int) -> None:
    checkpoint.position, checkpoint.attempts, checkpoint.retry_at = position, 0, None
    with guard.scope("reaction", checkpoint.reaction):
        checkpoint.save(update_fields=["position", "attempts", "retry_at"])


def _pass_over(reaction: Reaction, position: int) -> None:
    """Move the checkpoint past lines that do not concern the reaction; losing this in a crash costs a second look."""
    with transaction.atomic(durable=True):
        checkpoint = _lock(reaction)
        if checkpoint is not None and checkpoint.position < position:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off")
            _move(checkpoint, position)


def _note_failure(reaction: Reaction, line: Line, error: Exception) -> bool:
    """Count a failed attempt; after the last one lay the line aside. Tell whether the reaction may go on."""
    failure = describe_failure(error)
    _log.warning("journal.reaction_failed", reaction=reaction.name, line=str(line.pk), error=failure)
    with transaction.atomic(durable=True), guard.scope("reaction", reaction.name):
        checkpoint = _lock(reaction)
        if checkpoint is None or checkpoint.position >= (line.position or 0):
            return False
        checkpoint.attempts += 1
        if checkpoint.attempts >= reaction.attempts:
            _lay_aside(reaction, line, failure, checkpoint.attempts)
            _move(checkpoint, line.position or 0)
            return True
        checkpoint.retry_at = clock.now() + min(timedelta(seconds=2**checkpoint.attempts), _LONGEST_PAUSE)
        checkpoint.save(update_fields=["attempts", "retry_at"])
        return False


def _lay_aside(reaction: Reaction, line: Line, failure: str, attempts: int) -> None:
    now = clock.now()
    DeadLetter.objects.create(
        reaction=reaction.name, line=line, error=failure, attempts=attempts, first_at=now, last_at=now
    )
    _log.error("journal.dead_letter", reaction=reaction.name, line=str(line.pk), error=failure)
