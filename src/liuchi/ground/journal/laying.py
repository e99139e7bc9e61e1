"""Laying lines of long ago together with their seal, so that a load of many costs no second pass over them."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from liuchi.ground.journal import lines
from liuchi.ground.journal.actions import Statement, said_by
from liuchi.ground.journal.kinds import id_text, require_code, require_declared
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.sealing import next_position, next_seal, require_free, sealing, settle
from liuchi.ground.journal.statements import ask
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.copying import copy_words, escaped, words_of
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.keyring import keyring
from liuchi.ground.kernel.writing import id_words, json_object

_TABLE: Final = Line._meta.db_table  # noqa: SLF001 - Django's own public name
_COLUMNS: Final = (*lines.Content._fields[:2], *lines.Content._fields[6:], *lines.Content._fields[2:6], "mac")


class LaidLine(NamedTuple):
    """A line in words: what `draft` would draft, for COPY."""

    id: UUID
    recorded_at: datetime
    form: bytes
    mac: bytes
    words: str


class Scribe:
    """Puts into words what one actor does, as `draft` would draft it; what is always the same of them only once."""

    def __init__(self, by: Actor) -> None:
        """Take in who acts.

        Raises:
            JournalRefused: nobody can act like this.
        """
        actor = said_by(by).values()
        self._form, self._words = lines.actor_form(*actor), words_of(actor)

    def line(self, said: Statement) -> LaidLine:
        """Return the line of a statement by this actor, recorded now.

        Raises:
            JournalRefused: as `draft`.
        """
        kind, recorded_at, line_id = require_declared(said.kind), clock.now(), new_id()
        subject_type = require_code(said.subject_type, "subject_type")
        data = json_object(kind.check(said.data))
        happened, recorded = clock.written(said.happened_at), clock.written(recorded_at)
        subject, place = id_text(said.subject_id), r"\N" if said.place_id is None else id_text(said.place_id)
        about = lines.subject_form(said.place_id, subject_type, said.subject_id)
        written_id = id_words(line_id)
        form = lines.form_of(written_id, kind.name, self._form, about, data, "", happened, recorded)
        mac = keyring().authenticate(form)
        words = (
            f"{written_id}\t{kind.name}\t{place}\t{subject_type}\t{subject}\t"
            f"{escaped(data)}\t\t{happened}\t{recorded}\t{self._words}\t\\\\x{mac.hex()}"
        )
        return LaidLine(line_id, recorded_at, form, mac, words)


def lay_waiting(drafted: Sequence[LaidLine]) -> None:
    """Write lines in the order given, within maintenance; the sealer will find them."""
    copy_words(_TABLE, _COLUMNS, (f"{line.words}\n" for line in drafted))


def lay_sealed(drafted: Sequence[LaidLine], write: Callable[[], object]) -> bool:
    """Write lines in the order given, and with `write` what belongs to them; tell whether they were sealed.

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
                lay_waiting(drafted)
                return False
            first = next_position(last)
            require_free(first)
            leaves = _lay_at(drafted, first)
            seal = next_seal(last, leaves)
            seal.row().save(force_insert=True)
        folder.append(seal, b"".join(line.id.bytes + leaf for line, leaf in zip(drafted, leaves, strict=True)))
    return True


def _lay_at(drafted: Sequence[LaidLine], first: int) -> list[bytes]:
    """Write lines with their positions and return their leaves."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL liuchi.maintenance = 'on'")  # lines are born unsealed otherwise
        cursor.execute("SELECT nextval('journal_line_seq') FROM generate_series(1, %s)", [len(drafted)])
        numbers = [number for (number,) in cursor.fetchall()]
    placed = list(zip(drafted, numbers, range(first, first + len(drafted)), strict=True))
    words = (f"{line.words}\t{seq}\t{position}\n" for line, seq, position in placed)
    copy_words(_TABLE, (*_COLUMNS, "seq", "position"), words)
    return [lines.leaf_of(seq, line.mac, line.form, position) for line, seq, position in placed]
