"""Laying lines of long ago together with their seal, so that a load of many costs no second pass over them."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from django.db import connection, transaction

from liuchi.ground.journal import lines
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.sealing import next_position, next_seal, require_free, sealing, settle
from liuchi.ground.journal.statements import ask
from liuchi.ground.kernel.copying import copy_in


def lay_sealed(drafted: Sequence[Line], write: Callable[[], object]) -> bool:
    """Write drafted lines in the order given, and with `write` what belongs to them; tell whether they were sealed.

    Within maintenance only. All of it stands or falls; the sealer is held off from the first line to the commit, so
    that positions follow the order of commits. Where other lines wait for their seal, these wait behind them.

    Raises:
        JournalBroken: as `seal_once`.
    """
    if not drafted:
        return True
    with ExitStack() as until_filed:
        with transaction.atomic(durable=True):
            write()
            folder = until_filed.enter_context(sealing())
            last = settle(folder)
            if ask("SELECT 1 FROM journal_line WHERE position IS NULL ORDER BY seq LIMIT 1"):
                copy_in(Line, drafted)
                return False
            first = next_position(last)
            require_free(first)
            _place(drafted, first)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL liuchi.maintenance = 'on'")  # lines are born unsealed otherwise
            copy_in(Line, drafted)
            leaves = [_leaf(line) for line in drafted]
            seal = next_seal(last, leaves)
            seal.row().save(force_insert=True)
        folder.append(seal, b"".join(line.id.bytes + leaf for line, leaf in zip(drafted, leaves, strict=True)))
    return True


def _place(drafted: Sequence[Line], first: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journal_line_seq') FROM generate_series(1, %s)", [len(drafted)])
        numbers = [number for (number,) in cursor.fetchall()]
    for position, (line, seq) in enumerate(zip(drafted, numbers, strict=True), first):
        line.seq, line.position = seq, position


def _leaf(line: Line) -> bytes:
    stored = lines.Stored(lines.content_of(line), line.seq, bytes(line.mac), line.position)
    return lines.leaf(stored, line.form, line.position or 0)
