"""What is said about a supervision that stands: held under lock, appended, with its line."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.models import Case, Said, Supervision, SupervisionEntry
from liuchi.engines.cases.models.supervision import OPEN_STANDINGS
from liuchi.engines.cases.moving import LONGEST_WORDS, Incomplete
from liuchi.engines.cases.supervision.issuing import locked_case
from liuchi.engines.cases.supervision.kinds import SAID, SUBJECT
from liuchi.ground.journal.actions import draft, write
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken, Stale
from liuchi.ground.kernel.texts import plain_text, says_something

#: What photos of an answer are attached to.
ENTRY = "cases.supervision_entry"


class NotOpen(RuleBroken):
    """The supervision has ended; the message says how."""

    code = "supervision_not_open"


def held(supervision_id: UUID, version: int | None) -> tuple[Supervision, Case]:
    """Return an open supervision and its case, both under lock.

    Raises:
        NotFound: there is none.
        Stale: it changed since `version` was read.
        NotOpen: it has ended.
    """
    case_id = Supervision.objects.filter(id=supervision_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound(_("There is no such reminder, order or card."))
    case = locked_case(case_id)
    row = Supervision.objects.select_for_update(of=("self",)).select_related("unit__calendar").get(id=supervision_id)
    if row.standing not in OPEN_STANDINGS:
        raise NotOpen(
            _("This has ended: %(standing)s. Reload the page to see what came of it.")
            % {"standing": row.get_standing_display()}
        )
    if version is not None and row.version != version:
        raise Stale(_("Somebody else answered or changed this meanwhile. Look at what changed, then act again."))
    return row, case


def words(text: str, *, is_needed: bool = False) -> str:
    """Return a text as it is kept.

    Raises:
        Incomplete: it is empty where words are needed, or too long.
    """
    kept = plain_text(text)
    if is_needed and not says_something(kept):
        raise Incomplete(_("Write a few words so that the others understand."), field="text")
    if len(kept) > LONGEST_WORDS:
        raise Incomplete(
            _("Please use at most %(most)d characters; this text has %(count)d.")
            % {"most": LONGEST_WORDS, "count": len(kept)},
            field="text",
        )
    return kept


def note(row: Supervision, case: Case, said: Said, *, by: Actor, text: str) -> SupervisionEntry:
    """Append what was said, with the action's line."""
    line = draft(
        kind=SAID[said],
        by=by,
        subject_type=SUBJECT,
        subject_id=row.id,
        place_id=case.place_id,
        data={"case": case.id},
    )
    entry = SupervisionEntry(
        supervision=row,
        line_id=line.id,
        said=said,
        text=text,
        actor_kind=by.kind,
        actor_id=by.id,
        happened_at=clock.now(),
    )
    write(line, entry)
    return entry
