"""Writing to the journal: what every action calls."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import models

from liuchi.ground.journal.kinds import JournalRefused, Kind, require_code, require_declared
from liuchi.ground.journal.lines import canonical, content_of
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.keyring import keyring
from liuchi.ground.kernel.writes import insert_together

_ACTOR_NAME = re.compile(r"[A-Za-z0-9_.:+ -]{0,80}", re.ASCII)
_ACTOR_KINDS = frozenset({"person", "system", "visitor"})


class LineOutsideAction(RuntimeError):
    """A journal line was to be written where no action runs; move the call into the room's `actions`."""


def draft(
    *,
    kind: Kind,
    by: Actor,
    subject_type: str,
    subject_id: UUID,
    place_id: UUID | None = None,
    data: Mapping[str, object] | None = None,
    happened_at: datetime | None = None,
    scheme_version: str = "",
) -> Line:
    """Return a line that is not written yet, keyed hash included, so that other rows may point at its id.

    `happened_at` is the moment of the event (aware; offline work reports an earlier one); now when left out.
    `place_id` names an area, `subject_type` a noun of the room ("case"), `data` exactly the fields `kind` declares.

    Raises:
        JournalRefused: an undeclared kind or field, free text, a float, a moment without a time zone.
    """
    recorded_at = clock.now()
    if happened_at is not None and happened_at.tzinfo is None:
        raise JournalRefused("happened_at needs a moment with a time zone")
    line = Line(
        kind=require_declared(kind).name,
        actor_kind=_actor_kind(by),
        actor_id=by.id,
        actor_name=_actor_name(by),
        on_behalf_of=by.on_behalf_of,
        place_id=place_id,
        subject_type=require_code(subject_type, "subject_type"),
        subject_id=_uuid(subject_id),
        data=kind.check(data or {}),
        scheme_version=require_code(scheme_version, "scheme_version") if scheme_version else "",
        happened_at=happened_at or recorded_at,
        recorded_at=recorded_at,
    )
    line.mac = keyring().authenticate(canonical(content_of(line)))
    return line


def write(line: Line, *rows: models.Model) -> Line:
    """Insert a drafted line and the new `rows` that belong to it with one statement, inside the action that is running.

    Raises:
        LineOutsideAction: when no action is running.
    """
    scope = guard.current_scope()
    if scope is None or scope.kind != "action":
        raise LineOutsideAction(f"{line.kind}: only an action writes to the journal")
    insert_together(line, *rows)
    scope.lines += 1
    return line


def record(
    *,
    kind: Kind,
    by: Actor,
    subject_type: str,
    subject_id: UUID,
    place_id: UUID | None = None,
    data: Mapping[str, object] | None = None,
    happened_at: datetime | None = None,
    scheme_version: str = "",
    rows: Sequence[models.Model] = (),
) -> Line:
    """Write the action's one journal line, together with the new `rows`, in one statement.

    Raises:
        JournalRefused: as `draft`.
        LineOutsideAction: when no action is running.
    """
    line = draft(
        kind=kind,
        by=by,
        subject_type=subject_type,
        subject_id=subject_id,
        place_id=place_id,
        data=data,
        happened_at=happened_at,
        scheme_version=scheme_version,
    )
    return write(line, *rows)


def _actor_kind(by: Actor) -> str:
    if by.kind not in _ACTOR_KINDS:
        raise JournalRefused(f"{by.kind!r} is no kind of actor; it is one of {sorted(_ACTOR_KINDS)}")
    if by.kind == "person" and by.id is None:
        raise JournalRefused("a person acts under an account; the actor has no id")
    return by.kind


def _actor_name(by: Actor) -> str:
    """Return the name of a part of the house; people are named by id only."""
    name = str(getattr(by, "name", "")) if by.kind == "system" else ""
    if not _ACTOR_NAME.fullmatch(name):
        raise JournalRefused("a system actor's name is up to 80 ASCII letters, digits, spaces and _.:+-")
    return name


def _uuid(value: object) -> UUID:
    if isinstance(value, UUID):
        return value
    raise JournalRefused(f"subject_id is a {type(value).__name__}; give the subject's UUID")
