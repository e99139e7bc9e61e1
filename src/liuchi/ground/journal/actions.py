"""Writing to the journal: what every action calls."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from liuchi.ground.journal.kinds import JournalRefused, Kind, declare, require_code, require_declared
from liuchi.ground.journal.lines import canonical, content_of
from liuchi.ground.journal.models import DeadLetter, Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, describe_failure
from liuchi.ground.kernel.keyring import keyring
from liuchi.ground.kernel.writes import build, insert_together

_ACTOR_NAME = re.compile(r"[A-Za-z0-9_.:+ -]{0,80}", re.ASCII)
_ACTOR_KINDS = frozenset({"person", "system", "visitor"})


RETRIED = declare("journal.dead_letter_retried", reaction=str, line=UUID, is_resolved=bool)


class Statement(NamedTuple):
    """What a line is to state, in the words of `draft`: for rooms in which some lines are drafted and others laid."""

    kind: Kind
    by: Actor
    subject_type: str
    subject_id: UUID
    place_id: UUID | None
    data: Mapping[str, object]
    happened_at: datetime


class AlreadyResolved(RuleBroken):
    """The dead letter has succeeded before; running its effect again would double it."""

    code = "already_resolved"


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
    line = build(
        Line,
        kind=require_declared(kind).name,
        **said_by(by),
        place_id=place_id,
        subject_type=require_code(subject_type, "subject_type"),
        subject_id=_uuid(subject_id),
        data=kind.check(data or {}),
        scheme_version=require_code(scheme_version, "scheme_version") if scheme_version else "",
        happened_at=happened_at or recorded_at,
        recorded_at=recorded_at,
    )
    line.form = canonical(content_of(line))
    line.mac = keyring().authenticate(line.form)
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


@action
def retry_dead_letter(*, by: Actor, dead_letter_id: UUID, reactions: Sequence[Reaction]) -> DeadLetter:
    """Try the effect of a dead letter once more and return the letter; `resolved_at` is set when it succeeded.

    Effect and mark are one transaction. After a failure the effect is undone and the letter shows the new error.
    Lines after it have run meanwhile: an effect that needs its place in the order cannot be retried like this.

    Raises:
        NotAllowed: when the actor lacks the power `operate_journal`.
        NotFound: when there is no such letter, or nobody named its reaction.
        AlreadyResolved: when it has succeeded before.
    """
    if not by.allows("operate_journal"):
        raise NotAllowed(_("Only an operator of the journal may do this."))
    letter = DeadLetter.objects.select_for_update(of=("self",)).select_related("line").filter(pk=dead_letter_id).first()
    reaction = next((each for each in reactions if letter is not None and each.name == letter.reaction), None)
    if letter is None or reaction is None:
        raise NotFound(_("There is no such dead letter, or its reaction no longer exists."))
    if letter.resolved_at is not None:
        raise AlreadyResolved(_("This dead letter has been resolved already."))
    _try_again(reaction, letter)
    facts = {"reaction": reaction.name, "line": letter.line_id, "is_resolved": letter.resolved_at is not None}
    record(kind=RETRIED, by=by, subject_type="dead_letter", subject_id=letter.pk, data=facts)
    return letter


def _try_again(reaction: Reaction, letter: DeadLetter) -> None:
    letter.attempts, letter.last_at = letter.attempts + 1, clock.now()
    try:
        with transaction.atomic():
            apply_once(reaction, letter.line)
    except Exception as error:  # noqa: BLE001 - whatever the effect raises is the outcome of the retry
        letter.error = describe_failure(error)
    else:
        letter.resolved_at = letter.last_at
    letter.save(update_fields=["attempts", "last_at", "error", "resolved_at"])


def said_by(by: Actor) -> dict[str, Any]:
    """Return what lines hold of whoever acts, by column.

    Raises:
        JournalRefused: nobody can act like this.
    """
    return {
        "actor_kind": _actor_kind(by),
        "actor_id": by.id,
        "actor_name": _actor_name(by),
        "on_behalf_of": by.on_behalf_of,
    }


def _actor_kind(by: Actor) -> str:
    if by.kind not in _ACTOR_KINDS:
        raise JournalRefused(f"{by.kind!r} is no kind of actor; it is one of {sorted(_ACTOR_KINDS)}")
    if by.kind == "person" and by.id is None:
        raise JournalRefused("a person acts under an account; the actor has no id")
    return by.kind


def _actor_name(by: Actor) -> str:
    """Return the name of a part of the house; people are named by id only."""
    name = str(getattr(by, "name", "")) if by.kind == "system" else ""
    if name and not _ACTOR_NAME.fullmatch(name):
        raise JournalRefused("a system actor's name is up to 80 ASCII letters, digits, spaces and _.:+-")
    return name


def _uuid(value: object) -> UUID:
    if isinstance(value, UUID):
        return value
    raise JournalRefused(f"subject_id is a {type(value).__name__}; give the subject's UUID")
