"""Letting one case take in another that is about the same matter, and undoing it (并案)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.leading import comes_first, was_promised
from liuchi.engines.cases.models import MERGED_AWAY, Assignment, AssignmentRole, Case, CaseMove, Report, State
from liuchi.engines.cases.moving import begin, finish, require_text
from liuchi.engines.cases.secrecy import is_kept_from
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken


class MergeRefused(RuleBroken):
    """These two cases cannot become one, or not this way round."""

    code = "merge_refused"


@action
def merge_case(
    *,
    by: Actor,
    case_id: UUID,
    lead_id: UUID,
    version: int | None = None,
    text: str = "",
    at: datetime | None = None,
) -> CaseMove:
    """End a case as merged into `lead_id`; its reports and reporters go with it and are told.

    The promise that comes first stays: only the case that was promised later (or reported later, where neither is
    filed) ends. Its clocks stop and are judged, and count in no figure: the lead's do. `text` is for colleagues.

    Raises:
        MergeRefused: the lead has ended, is the same case, was promised later, or others are merged into this one.
        NotAllowed: the actor does not decide at the desk for both places.
    """
    cases = _hold(case_id, lead_id)
    turn = begin(by=by, case_id=case_id, name="merge", version=version, at=at)
    lead = _lead(cases, by, case_id, lead_id)
    _refuse_wrong_way_round(turn.case, lead)
    _refuse_across_secrecy(turn.case, lead, by)
    if turn.case.merged.exists():
        raise MergeRefused(_("Other cases are merged into this one. Undo that first, or merge the other way round."))
    moved = Report.objects.filter(case=turn.case).update(case=lead, came_with=turn.case)
    lead_part = Assignment.objects.filter(case=turn.case, role=AssignmentRole.LEAD, ended_at=None)
    lead_part.update(ended_at=turn.at, outcome=MERGED_AWAY)
    turn.set(ended_at=turn.at, merged_into=lead)
    return finish(turn, internal_text=text, data={"lead": lead.id, "reports": moved})


@action
def unmerge_case(
    *, by: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Undo a merging of a case that was not filed yet; it waits to be accepted anew. `text` says why.

    Raises:
        MergeRefused: the case had been filed, or the lead has ended meanwhile.
        Incomplete: without a text.
    """
    return _unmerge("unmerge", by=by, case_id=case_id, text=text, version=version, at=at)


@action
def unmerge_filed_case(
    *, by: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Undo a merging of a filed case; it waits for dispatch, and its promise runs on as though nothing had been.

    Raises:
        MergeRefused: the case had not been filed, or the lead has ended meanwhile.
        Incomplete: without a text.
    """
    return _unmerge("unmerge_filed", by=by, case_id=case_id, text=text, version=version, at=at)


def _refuse_across_secrecy(case: Case, lead: Case, by: Actor) -> None:
    """Refuse to join what is kept from some with what is not, or with what is kept from others."""
    if is_kept_from(by, lead):
        raise NotFound(_("There is no such case."))
    about = [set(each.accused.values_list("unit_id", flat=True)) for each in (case, lead)]
    if case.is_secret != lead.is_secret or about[0] != about[1]:
        raise MergeRefused(_("One of these cases is secret, or about another unit; they stay apart."))


def _unmerge(name: str, *, by: Actor, case_id: UUID, text: str, version: int | None, at: datetime | None) -> CaseMove:
    lead_id = Case.objects.filter(id=case_id).values_list("merged_into_id", flat=True).first()
    cases = _hold(case_id, *([lead_id] if lead_id else []))
    turn = begin(by=by, case_id=case_id, name=name, version=version, at=at)
    require_text(text)
    if was_promised(turn.case) != (name == "unmerge_filed"):
        raise MergeRefused(_("The case goes back to where it stood before it was merged. Reload the page."))
    lead = _lead(cases, by, case_id, turn.case.merged_into_id)
    back = Report.objects.filter(came_with=turn.case).update(case=turn.case, came_with=None)
    turn.set(ended_at=None, merged_into=None, unit=None)
    turn.unit = None
    return finish(turn, internal_text=text, data={"lead": lead.id, "reports": back})


def _hold(*case_ids: UUID) -> dict[UUID, Case]:
    """Lock cases in one order, so that two who merge crosswise wait for each other and do not stop each other."""
    rows: Iterable[Case] = Case.objects.select_for_update(of=("self",)).filter(id__in=case_ids).order_by("id")
    return {case.id: case for case in rows}


def _lead(cases: dict[UUID, Case], by: Actor, case_id: UUID, lead_id: UUID | None) -> Case:
    lead = cases.get(lead_id) if lead_id is not None else None
    if lead is None or lead.id == case_id:
        raise MergeRefused(_("Choose another case."), field="lead")
    if not by.allows("cases.accept", lead.place_id):
        raise NotAllowed(_("You do not decide at the desk of that case's place."))
    if lead.ended_at is not None:
        raise MergeRefused(_("%(number)s has ended meanwhile.") % {"number": lead.number}, field="lead")
    return lead


def _refuse_wrong_way_round(case: Case, lead: Case) -> None:
    if not comes_first(lead, case):
        raise MergeRefused(
            _("%(number)s was promised or reported earlier; merge the other way round, so that the promise stays.")
            % {"number": case.number},
            field="lead",
        )
    if lead.state in {State.ENDING, State.PROPOSED}:
        raise MergeRefused(
            _("Whether %(number)s ends is being decided. Wait for that.") % {"number": lead.number}, field="lead"
        )
