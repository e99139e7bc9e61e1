"""The sealer: gives committed lines their positions, in commit order, and signs each batch (ADR 0003)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from liuchi.ground.journal import lines, merkle
from liuchi.ground.journal.chain import follows
from liuchi.ground.journal.folder import Busy, Folder
from liuchi.ground.journal.models import Batch
from liuchi.ground.journal.seals import NOTHING, JournalBroken, Seal, seal_of
from liuchi.ground.journal.statements import ask, stream_lines
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.keyring import keyring

#: The advisory lock's number in the database ("seal" as bytes): one sealer per database, whatever machine it runs on.
LOCK = 0x7365616C
DATABASE_BEHIND = _(
    "The database ends with batch %(held)s, the files in %(folder)s with batch %(filed)s: an older copy of the database"
    " was put back, or it was cut. Run `liuchi journal verify`; if a restore was meant, run"
    " `liuchi journal resume-after-restore`."
)
FILES_BEHIND = _(
    "The files in %(folder)s end with batch %(filed)s, the database with batch %(held)s: put back the newest copy of"
    " the folder, or check LIUCHI_JOURNAL; if the files are lost, run `liuchi journal resume-after-restore`."
)
FORKED = _(
    "Batch %(held)s in the database is not the one filed in %(folder)s: they belong to different houses, or the"
    " database was sealed anew. Run `liuchi journal verify`."
)
NOT_OURS = _(
    "Batch %(held)s in the database was not sealed by this house, or its lines were changed."
    " Run `liuchi journal verify`."
)
OCCUPIED = _(
    "A line stands at position %(position)s, where none was sealed yet: it was put into the database past this house."
    " Run `liuchi journal verify`, which names it."
)
_log = structlog.get_logger(__name__)
_reported: set[object] = set()


def seal_once(*, limit: int = 10_000, wait: bool = True) -> int:
    """Seal up to `limit` committed lines as one batch and return how many; 0 when none is waiting.

    Each call first settles what a killed sealer left undone. Lines whose keyed hash is wrong are passed over and
    logged; `verify` names them.

    Raises:
        JournalBroken: when files and database disagree, e.g. after an older backup was restored.
        Busy: with `wait` False, when another sealer is at work.
    """
    with sealing(wait=wait) as folder:
        return _seal_batch(folder, settle(folder), limit)


@contextmanager
def sealing(*, wait: bool = True) -> Iterator[Folder]:
    """Be the only sealer within the block: the folder's lock on this machine, an advisory lock across machines.

    Raises:
        Busy: with `wait` False, when another sealer is at work.
    """
    folder = Folder(Path(settings.LIUCHI_JOURNAL))
    with folder.locked(wait=wait):
        if wait:
            ask("SELECT pg_advisory_lock(%s)", LOCK)
        elif not ask("SELECT pg_try_advisory_lock(%s)", LOCK):
            raise Busy("another machine seals this database")
        try:
            yield folder
        finally:
            if connection.connection is not None and not connection.connection.closed:
                ask("SELECT pg_advisory_unlock(%s)", LOCK)


def settle(folder: Folder) -> Seal | None:
    """Bring the files level with the database after a kill, and return the last seal (None before the first).

    Raises:
        JournalBroken: when they differ by more than a kill can explain.
    """
    filed = folder.repair()
    row = Batch.objects.order_by("-number").first()
    held = seal_of(row) if row else None
    if held == filed:
        return filed
    filed_number, held_number = (filed.number if filed else 0), (held.number if held else 0)
    if held is not None and held_number == filed_number + 1:
        return file_again(folder, filed, held)
    facts = {"held": held_number, "filed": filed_number, "folder": folder.path}
    if held_number < filed_number:
        raise JournalBroken(DATABASE_BEHIND % facts)
    raise JournalBroken((FILES_BEHIND if held_number > filed_number else FORKED) % facts)


def file_again(folder: Folder, filed: Seal | None, held: Seal) -> Seal:
    """Append a seal that the database holds and the files do not yet, after checking every line under it.

    Raises:
        JournalBroken: when the seal does not follow the filed one, is not signed by us, or its lines have changed.
    """
    if not follows(held, filed) or not held.is_signed(keyring()):
        raise JournalBroken(NOT_OURS % {"held": held.number})
    found = list(stream_lines("position >= %s AND position < %s ORDER BY position", held.first, held.next_position))
    forms = [lines.canonical(line.content) for line in found]
    leaves = [lines.leaf(line, form, line.position or 0) for line, form in zip(found, forms, strict=True)]
    if merkle.root_of(leaves) != held.root:
        raise JournalBroken(NOT_OURS % {"held": held.number})
    folder.append(held, b"".join(line.content.id.bytes + each for line, each in zip(found, leaves, strict=True)))
    _log.info("journal.filed_again", batch=held.number)
    return held


def _seal_batch(folder: Folder, last: Seal | None, limit: int) -> int:
    if not ask("SELECT 1 FROM journal_line WHERE position IS NULL ORDER BY seq LIMIT 1"):
        return 0
    with transaction.atomic(durable=True), guard.scope("maintenance", "journal.seal"):
        chosen = _pending(limit)
        if not chosen:
            return 0
        first = next_position(last)
        require_free(first)
        leaves = [lines.leaf(line, form, position) for position, (line, form) in enumerate(chosen, first)]
        seal = next_seal(last, leaves)
        _place([line for line, _ in chosen], first)
        seal.row().save(force_insert=True)
    folder.append(seal, b"".join(line.content.id.bytes + each for (line, _), each in zip(chosen, leaves, strict=True)))
    return len(chosen)


def _pending(limit: int) -> list[tuple[lines.Stored, bytes]]:
    """Return up to `limit` waiting lines that are ours with their canonical bytes, in commit order where it is known.

    A transaction that commits late simply falls into a later batch: nothing waits for it and nothing skips it.
    """
    keys, chosen = keyring(), []
    with connection.cursor() as cursor:
        # Statistics taken while many lines waited must not make the planner read the whole journal.
        cursor.execute("SET LOCAL enable_seqscan = off")
    for line in stream_lines(f"position IS NULL ORDER BY {_order()}"):
        form = lines.canonical(line.content)
        if lines.is_ours(line, form, keys):
            chosen.append((line, form))
            if len(chosen) == limit:
                break
        elif line.content.id not in _reported:
            _reported.add(line.content.id)
            _log.error("journal.line_not_ours", line=str(line.content.id), advice="run liuchi journal verify")
    return chosen


def _order() -> str:
    if ask("SHOW track_commit_timestamp") == "on":
        return "pg_xact_commit_timestamp(xmin) NULLS FIRST, seq"
    return "seq"


def next_seal(last: Seal | None, leaves: Sequence[bytes]) -> Seal:
    """Return the seal over `leaves` that follows `last`, signed."""
    return Seal(
        kind="batch",
        number=last.number + 1 if last else 1,
        epoch=last.epoch if last else 1,
        first=next_position(last),
        count=len(leaves),
        root=merkle.root_of(leaves),
        previous=last.digest() if last else NOTHING,
        sealed_at=clock.now(),
        kept=None,
        reason="",
        key="",
    ).signed(keyring(), last)


def require_free(first: int) -> None:
    """Refuse to seal from a position on when a line stands there or beyond.

    Raises:
        JournalBroken: it was put there past this house.
    """
    top = ask("SELECT max(position) FROM journal_line WHERE position IS NOT NULL") or 0
    if top >= first:
        raise JournalBroken(OCCUPIED % {"position": top})


def _place(chosen: Sequence[lines.Stored], first: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_line SET position = chosen.place + %s"
            " FROM unnest(%s::uuid[]) WITH ORDINALITY AS chosen(id, place) WHERE journal_line.id = chosen.id",
            [first - 1, [line.content.id for line in chosen]],
        )


def next_position(last: Seal | None) -> int:
    """Return the position that follows a seal; 1 before the first."""
    return last.next_position if last else 1
