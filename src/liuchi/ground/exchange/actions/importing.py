"""Bringing a file in, step by step: received, its columns set, started. What takes long the worker does in between."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from liuchi.ground.exchange import kinds
from liuchi.ground.exchange.access import require_import, require_own
from liuchi.ground.exchange.intake import store_file
from liuchi.ground.exchange.keeping import KEY_FIELD, forget_files, forget_rows
from liuchi.ground.exchange.mapping import fingerprint, read_mapping, refuse_incomplete, write_mapping
from liuchi.ground.exchange.models import Import, SavedMapping, State
from liuchi.ground.exchange.numbers import new_number
from liuchi.ground.exchange.registers import Register, register_of
from liuchi.ground.exchange.rows import RowReader
from liuchi.ground.exchange.sealed_files import new_key
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.jobs import defer
from liuchi.ground.records.protected import seal

ADVANCE = "exchange.advance"
_LONGEST_NAME = 200
#: How many rows a register takes that takes files whole.
MOST_WHOLE = 20_000


class WrongMoment(RuleBroken):
    """The import does not stand where this could be done."""

    code = "wrong_moment"


class NotWhole(RuleBroken):
    """A register that takes a file entirely or not at all was given one with rows that cannot be read."""

    code = "not_whole"


@action
def receive_file(
    *,
    by: Actor,
    register: str,
    filename: str,
    pieces: Iterable[bytes],
    options: Mapping[str, Any] | None = None,
    is_waited_for: bool = False,
) -> Import:
    """Store a file for a register, sealed, and have it read; return the import. `options` overrides what is detected.

    `is_waited_for`: the caller advances the import itself. Journal: `exchange.file_received`.

    Raises:
        NotAllowed: the actor lacks exchange.import or the register's own power.
        UnreadableFile: the file is larger than is taken.
    """
    wanted = register_of(register)
    require_import(by, wanted)
    one = Import(
        number=new_number("IM"),
        register=wanted.code,
        filename=PurePath(filename).name[-_LONGEST_NAME:],
        language=translation.get_language() or "zh-hans",
        options=dict(options or {}),
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=_part_of(by),
        received_at=clock.now(),
        beat_at=clock.now(),
    )
    key = new_key()
    one.key_sealed = seal(key, KEY_FIELD, one.id)
    try:
        one.size, one.digest = store_file(one.id, key, pieces)
        _record(kinds.FILE_RECEIVED, by, one, rows=[one], size=one.size)
    except BaseException:
        forget_files(one.id)
        raise
    if not is_waited_for:
        defer(ADVANCE, import_id=str(one.id))
    return one


@action
def choose_reading(*, by: Actor, import_id: UUID, options: Mapping[str, Any], is_waited_for: bool = False) -> Import:
    """Have a file read anew, with another encoding, delimiter, sheet or row of headings.

    Raises:
        NotFound: there is no such import of this actor.
        WrongMoment: rows have been run already, or the file is gone.
    """
    one, _register = _held(by, import_id, State.READ, State.CHECKED, State.STOPPED, State.CHECKING)
    if one.done:
        raise WrongMoment(_("Rows of this file have been brought in already."))
    one.options = {name: value for name, value in options.items() if value not in (None, "")}
    one.state, one.mapping, one.trouble, one.beat_at = State.RECEIVED, None, None, clock.now()
    one.findings, one.bad, one.checked = {}, 0, 0
    fields = ["options", "state", "mapping", "trouble", "beat_at", "findings", "bad", "checked"]
    one.save(update_fields=fields)
    _record(kinds.READING_CHOSEN, by, one)
    if not is_waited_for:
        defer(ADVANCE, import_id=str(one.id))
    return one


@action
def set_mapping(
    *,
    by: Actor,
    import_id: UUID,
    document: Mapping[str, Any],
    is_kept: bool = True,
    is_checked: bool = True,
    is_waited_for: bool = False,
) -> Import:
    """Say which heading is which column, and have all rows checked; `is_kept` remembers it for files of this source.

    Without `is_checked` the rows are checked only as they are run: faster, and faulty ones are refused all the same.

    Raises:
        NotFound: there is no such import of this actor.
        MappingRefused: the mapping does not fit register or file, or leaves out what is required.
        WrongMoment: rows have been run already.
    """
    one, register = _held(by, import_id, State.READ, State.CHECKED, State.CHECKING)
    mapping = read_mapping(document, register)
    refuse_incomplete(register, mapping, one.headings)
    RowReader(register, mapping, one.headings)
    one.mapping = write_mapping(mapping)
    one.state = State.CHECKING if is_checked or register.is_whole else State.CHECKED
    one.findings, one.bad, one.checked, one.beat_at = {}, 0, 0, clock.now()
    one.save(update_fields=["mapping", "state", "findings", "bad", "checked", "beat_at"])
    if is_kept:
        SavedMapping.objects.update_or_create(
            register=register.code,
            fingerprint=fingerprint(register, one.headings),
            defaults={"document": one.mapping, "actor_id": by.id, "saved_at": clock.now()},
        )
    _record(kinds.COLUMNS_SET, by, one, columns=len(mapping))
    if not is_waited_for:
        defer(ADVANCE, import_id=str(one.id))
    return one


@action
def start_import(*, by: Actor, import_id: UUID, is_waited_for: bool = False) -> Import:
    """Bring the rows in that can be read; the others are refused. An import that was stopped goes on where it was.

    Raises:
        NotFound: there is no such import of this actor.
        NotWhole: the register takes a file entirely or not at all, and rows want correcting.
        WrongMoment: it has not been checked, or has ended.
    """
    one, register = _held(by, import_id, State.CHECKED, State.STOPPED)
    if one.state == State.STOPPED and one.started_at is None:
        raise WrongMoment(_("This file has not been checked."))
    if register.is_whole and one.total > MOST_WHOLE:
        raise NotWhole(
            _("“%(register)s” takes files of at most %(most)d rows.") % {"register": register.title, "most": MOST_WHOLE}
        )
    if register.is_whole and one.bad:
        raise NotWhole(
            _("“%(register)s” takes a file entirely or not at all: correct the %(bad)d rows first.")
            % {"register": register.title, "bad": one.bad}
        )
    one.state, one.trouble, one.started_at, one.beat_at = State.RUNNING, None, clock.now(), clock.now()
    one.save(update_fields=["state", "trouble", "started_at", "beat_at"])
    _record(kinds.IMPORT_STARTED, by, one, total=one.total, refused=one.bad)
    if not is_waited_for:
        defer(ADVANCE, import_id=str(one.id))
    return one


@action
def stop_import(*, by: Actor, import_id: UUID) -> Import:
    """Stop a running import after the batch in hand; what was brought in stays and can be taken back.

    Raises:
        NotFound: there is no such import of this actor.
        WrongMoment: it is not running.
    """
    one, _register = _held(by, import_id, State.RUNNING)
    one.state, one.ended_at = State.STOPPED, clock.now()
    one.save(update_fields=["state", "ended_at"])
    _record(kinds.IMPORT_STOPPED, by, one, done=one.done)
    return one


@action
def take_back_import(*, by: Actor, import_id: UUID) -> Import:
    """Have the worker take back what an import wrote: all of it, or nothing; what stands in the way is noted.

    Raises:
        NotFound: there is no such import of this actor.
        WrongMoment: it has not ended, or wrote nothing.
    """
    one, _register = _held(by, import_id, State.DONE, State.STOPPED)
    if not one.created + one.changed:
        raise WrongMoment(_("This import has changed nothing."))
    one.state, one.trouble, one.beat_at = State.UNDOING, None, clock.now()
    one.save(update_fields=["state", "trouble", "beat_at"])
    _record(kinds.UNDO_ASKED, by, one)
    defer(ADVANCE, import_id=str(one.id))
    return one


@action
def forget_import(*, by: Actor, import_id: UUID) -> Import:
    """Delete the uploaded file and all rows of it; counts stay, and taking back is no longer possible.

    Raises:
        NotFound: there is no such import of this actor.
        WrongMoment: it is at work.
    """
    resting = (State.READ, State.CHECKED, State.DONE, State.STOPPED, State.UNDONE)
    one, _register = _held(by, import_id, *resting)
    forget_rows([one.id])
    _record(kinds.IMPORT_FORGOTTEN, by, one)
    return one


def _held(by: Actor, import_id: UUID, *states: State) -> tuple[Import, Register]:
    """Lock an import of the actor that stands in one of `states`, its file still there."""
    one = require_own(by, Import.objects.select_for_update().filter(id=import_id).first())
    register = register_of(one.register)
    require_import(by, register)
    if one.state not in states or one.key_sealed is None:
        raise WrongMoment(_("This cannot be done now: the import is “%(state)s”.") % {"state": State(one.state).label})
    return one, register


def _part_of(by: Actor) -> str:
    """Return what tells an actor from itself in another capacity: a part of the house by name, a person by the hat."""
    return str(getattr(by, "name", "") if by.kind == "system" else getattr(getattr(by, "hat", None), "key", ""))


def _record(kind: Kind, by: Actor, one: Import, *, rows: Iterable[Import] = (), **facts: int) -> None:
    data = {"register": one.register, **facts}
    record(kind=kind, by=by, subject_type="exchange.import", subject_id=one.id, data=data, rows=list(rows))
