"""Who may see a case, and who may make which move."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from liuchi.engines.cases.kinds import CASE_JOINED, CASE_REPORTED
from liuchi.engines.cases.models import Assignment, AssignmentRole, Case, Report, State
from liuchi.engines.cases.receipts import receipt_index
from liuchi.engines.cases.secrecy import open_to
from liuchi.engines.cases.supporting import PART_WORK, PartMove, Whose
from liuchi.engines.cases.workflow import HANDLING_MOVES, Move, Part, moves_in
from liuchi.ground.access.keys import keys_of_system
from liuchi.ground.access.queries import accounts_of
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Actor, Historian
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.queries import same_person

#: Which power makes a case at this state somebody's work.
WORK_POWERS = {
    State.RECEIVED: "cases.accept",
    State.VERIFYING: "cases.check",
    State.FILED: "cases.dispatch",
    State.DISPUTED: "cases.decide",
    State.EXTENDING: "cases.decide",
    State.PAUSING: "cases.decide",
    State.ENDING: "cases.end",
    State.PROPOSED: "cases.end",
    State.CHECKING: "cases.check",
    State.CHECKED: "cases.accept",
}
#: Where a case is work of the unit that leads, whoever decides on a wish of it meanwhile, and while it rests.
AT_UNIT = (State.HANDLING, State.EXTENDING, State.PAUSING, State.PAUSED)


#: With which powers somebody works on cases at all.
CASE_POWERS = ("cases.see", "cases.handle", *WORK_POWERS.values())


def units_worked_in(viewer: Viewer) -> frozenset[UUID]:
    """Return the units in which `viewer` works on cases, under the hat they wear."""
    return frozenset().union(*(viewer.organisations(power) for power in CASE_POWERS))


def visible_to(viewer: Viewer) -> Q:
    """Return the condition that a case may be seen by `viewer`: its area, its unit's part, or its own report."""
    return at_work(viewer) | same_person("reports__reporter", viewer.person_id)


def at_work(viewer: Viewer) -> Q:
    """Return the condition that `viewer` meets a case in office: by area or by a unit's part, not as its reporter.

    What is secret stays unknown to the unit that it is about.
    """
    by_part = Q(assignments__unit_id__in=viewer.organisations("cases.handle"))
    return (is_one_of("place_id", viewer.areas("cases.see")) | by_part) & open_to(viewer)


def meets(viewer: Viewer) -> Q:
    """Return the condition that `viewer` may open the case in office: by area, by a unit's part, or as work that waits.

    Who meets a case there reads what was said inside the house about it; nobody else may find it by such words.
    """
    part = Assignment.objects.filter(case=OuterRef("pk"), unit_id__in=viewer.organisations("cases.handle"))
    return (is_one_of("place_id", viewer.areas("cases.see")) | Q(Exists(part)) | work_of(viewer)) & open_to(viewer)


def works_on(viewer: Viewer, case: Case) -> bool:
    """Tell whether `viewer` meets a case that was read with their eyes in office: by its area or by its unit."""
    powers = ("cases.see", *WORK_POWERS.values())
    return viewer.allows_in("cases.handle", case.unit_id) or any(viewer.allows(each, case.place_id) for each in powers)


def may_reach_reporter(viewer: Viewer, case: Case) -> bool:
    """Tell whether `viewer` may look at a reporter's name and phone: the desk of the place, and the unit that leads."""
    return viewer.allows("cases.accept", case.place_id) or (
        case.unit_id is not None and viewer.allows_in("cases.handle", case.unit_id)
    )


def work_of(viewer: Viewer) -> Q:
    """Return the condition that a case waits for `viewer` to move it."""
    units = viewer.organisations("cases.handle")
    waiting = Q(state__in=AT_UNIT, unit_id__in=units)
    if units:
        waiting |= helped_by(units)
    for state, power in WORK_POWERS.items():
        areas = viewer.areas(power)
        if areas:
            waiting |= Q(state=state) & is_one_of("place_id", areas)
    deciding = viewer.areas("cases.decide")
    if deciding:
        declined = Assignment.objects.filter(ended_at=None, declined_at__isnull=False).order_by().values("case_id")
        waiting |= Q(id__in=declined) & is_one_of("place_id", deciding)
    return waiting & open_to(viewer)


def helped_by(units: Collection[UUID]) -> Q:
    """Return the condition that one of `units` has a supporting part in a case that it has still to answer."""
    open_to_units = Assignment.objects.filter(
        unit_id__in=units, role=AssignmentRole.SUPPORT, ended_at=None, declined_at=None
    )
    return Q(id__in=open_to_units.order_by().values("case_id"))


def may_move(by: Actor, move: Move, case: Case, receipt: str = "") -> bool:
    """Tell whether `by` may make `move` with `case` as far as power, place and part go."""
    match move.part:
        case Part.REPORTER:
            return by.allows(move.power) and _is_reporter(by, case, receipt)
        case Part.UNIT:
            return isinstance(by, Viewer | Historian) and by.allows_in(move.power, case.unit_id)
        case Part.UNOPENED:
            return by.allows(move.power, case.place_id) and not _is_begun(case)
        case Part.NOT_HANDLER:
            return by.allows(move.power, case.place_id) and not had_a_part(by, case)
        case Part.JUDGE:
            return by.allows(move.power, case.place_id) and not had_a_part(by, case, "dispatch")
        case Part.CLOCK:
            return by.kind == "system"
        case Part.APPROVER:
            return by.allows(move.power, case.place_id) and not had_a_part(by, case, "dispatch", "propose_ending")
        case Part.PLACE:
            return by.allows(move.power, case.place_id)


def require_move(by: Actor, move: Move, case: Case, receipt: str = "") -> None:
    """Refuse a move that `by` may not make.

    Raises:
        NotAllowed: with the reason in words.
    """
    if may_move(by, move, case, receipt):
        return
    if move.part == Part.NOT_HANDLER and by.allows(move.power, case.place_id):
        raise NotAllowed(_("You had a part in handling this case; somebody else has to check and close it."))
    if move.part == Part.UNOPENED and by.allows(move.power, case.place_id):
        raise NotAllowed(
            _("The unit has opened the case; it can no longer be taken back. The unit can say that it is not theirs.")
        )
    if move.part == Part.JUDGE and by.allows(move.power, case.place_id):
        raise NotAllowed(_("You dispatched or handled this case; somebody else has to decide."))
    if move.part == Part.APPROVER and by.allows(move.power, case.place_id):
        raise NotAllowed(_("You proposed this or had a part in the case; somebody else has to approve."))
    if move.part == Part.REPORTER:
        raise NotAllowed(_("Only the person who reported it can do this. Open the case with your receipt code."))
    raise NotAllowed(_("“%(move)s” is not among what you may do with this case.") % {"move": move.label})


def may_move_part(by: Actor, move: PartMove, case: Case, part: Assignment | None = None) -> bool:
    """Tell whether `by` may do `move` about a supporting part as far as power, place and part go."""
    match move.whose:
        case Whose.DISPATCHER:
            return by.allows(move.power, case.place_id)
        case Whose.LEAD:
            return isinstance(by, Viewer) and by.allows_in(move.power, case.unit_id)
        case Whose.UNIT:
            return isinstance(by, Viewer) and part is not None and by.allows_in(move.power, part.unit_id)
        case Whose.JUDGE:
            return by.allows(move.power, case.place_id) and not had_a_part(by, case, "dispatch", "bring_in")


def require_part_move(by: Actor, move: PartMove, case: Case, part: Assignment | None) -> None:
    """Refuse what `by` may not do about a part.

    Raises:
        NotAllowed: with the reason in words.
    """
    if may_move_part(by, move, case, part):
        return
    if move.whose == Whose.JUDGE and by.allows(move.power, case.place_id):
        raise NotAllowed(_("You dispatched or handled this case; somebody else has to decide."))
    raise NotAllowed(_("“%(move)s” is not among what you may do with this case.") % {"move": move.label})


def moves_open_to(by: Actor, case: Case, receipt: str = "") -> list[Move]:
    """Return the moves that `by` may make with `case` where it stands now."""
    moves = [move for move in moves_in(case.state) if may_move(by, move, case, receipt)]
    is_called = any(move.name == "reopen_on_call" for move in moves) and waits_for_call(case)
    moves = [move for move in moves if move.name != "reopen_on_call" or is_called]
    return [move for move in moves if not (move.name == "rate" and has_rated(by, case, receipt))]


def reports_by(by: Actor, case: Case, receipt: str = "") -> QuerySet[Report]:
    """Return the reports in a case that `by` made and did not withdraw, oldest first.

    Made signed in, with a receipt, or by another system with its key: that system speaks for those who told it.
    """
    theirs = Q(receipt_index=receipt_index(receipt)) if receipt else Q(pk=None)
    if isinstance(by, Viewer):
        theirs |= same_person("reporter", by.person_id)
        if by.key_id is not None:
            theirs |= Q(id__in=_brought_with(by.key_id, case))
    return case.reports.filter(theirs, withdrawn_at=None).order_by("received_at", "id")


def _brought_with(key_id: UUID, case: Case) -> QuerySet[Line, UUID]:
    """Return the ids of reports now in `case` that came with a key, or with another one of the same system."""
    merged = case.reports.exclude(came_with=None).order_by().values("came_with_id")
    lines = Line.objects.filter(
        Q(subject_id=case.id) | Q(subject_id__in=merged),
        kind__in=(CASE_REPORTED.name, CASE_JOINED.name),
        on_behalf_of__in=keys_of_system(key_id),
    )
    return lines.order_by().values_list(Cast(KeyTextTransform("report", "data"), UUIDField()), flat=True)


def has_rated(by: Actor, case: Case, receipt: str = "") -> bool:
    """Tell whether `by` rated a case since it was closed; each of those who reported it may, once."""
    if case.rating is None or case.ended_at is None:
        return False
    rated = case.moves.filter(name="rate", happened_at__gte=case.ended_at)
    return rated.filter(report_id__in=reports_by(by, case, receipt).values("id")).exists()


def waits_for_call(case: Case) -> bool:
    """Tell whether the closing at which a case stands was drawn for a call-back that was not made yet."""
    waiting = case.call_backs.filter(ended_at=None)
    return case.ended_at is not None and waiting.filter(closing__happened_at=case.ended_at).exists()


def is_reporter(by: Actor, case: Case, receipt: str = "") -> bool:
    """Tell whether `by` reported a case, signed in or with this receipt."""
    return _is_reporter(by, case, receipt)


def _is_reporter(by: Actor, case: Case, receipt: str) -> bool:
    return (bool(receipt) or isinstance(by, Viewer)) and reports_by(by, case, receipt).exists()


def had_a_part(by: Actor, case: Case, *moves: str) -> bool:
    """Tell whether somebody handles for a unit of the case under any hat, or handled it, or made one of `moves`."""
    if not isinstance(by, Viewer):
        return False
    mine: frozenset[UUID] = by.organisations_under_any_hat("cases.handle")
    return (bool(mine) and Assignment.objects.filter(case=case, unit_id__in=mine).exists()) or case.moves.filter(
        name__in={*HANDLING_MOVES, *PART_WORK, *moves}, actor_id__in=accounts_of(by.person_id).values("id")
    ).exists()


def _is_begun(case: Case) -> bool:
    """Tell whether the unit has opened the case, or anything was done with it, since it was dispatched."""
    if case.assignments.filter(ended_at=None, opened_at__isnull=False).exists():
        return True
    last = case.moves.exclude(name__in=("relocate", "supplement")).order_by("id").values_list("name", flat=True).last()
    return last != "dispatch"
