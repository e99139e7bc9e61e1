"""Keeping a case from the unit that it is about, and letting it be known again."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.kinds import ACCUSED_NAMED, SECRECY_LIFTED
from liuchi.engines.cases.models import Accused, Case, CaseMove
from liuchi.engines.cases.moving import Incomplete, kept_words, require_text
from liuchi.engines.cases.secrecy import is_kept_from, somebody_is_left, units_under
from liuchi.ground.journal.actions import draft, write
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from liuchi.ground.organisations.models import Organisation

#: The names under which a case's history tells of secrecy; they are no moves of the workflow.
NAMED, LIFTED = "name_accused", "lift_secrecy"


class SecrecyRefused(RuleBroken):
    """The case cannot be kept from these units; the message says why."""

    code = "secrecy_refused"


@action
def name_accused(
    *,
    by: Actor,
    case_id: UUID,
    unit_ids: Collection[UUID],
    text: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Say which units a report is about, in place of those named before: from now on it is kept from them.

    Raises:
        Incomplete: no unit, or one that does not exist.
        SecrecyRefused: one of them has the case already, or nobody at the desk would be left to see it.
    """
    case = _held(by, case_id, version)
    units = list(Organisation.objects.filter(id__in=set(unit_ids)).order_by("code"))
    if not units or len(units) != len(set(unit_ids)):
        raise Incomplete(_("Choose the units that the report is about."), field="units")
    wanted = {unit.id for unit in units}
    under = units_under(wanted)
    if case.assignments.filter(ended_at=None, unit_id__in=under).exists() and case.ended_at is None:
        raise SecrecyRefused(_("A unit that the report is about has the case already."), field="units")
    if not somebody_is_left(case.place_id, wanted):
        raise SecrecyRefused(
            _("Nobody at the desk would be left who may see this case; turn to the discipline commission."),
            field="units",
        )
    now = at or clock.now()
    case.accused.exclude(unit_id__in=wanted).delete()
    known = set(case.accused.order_by("id").values_list("unit_id", flat=True))
    for unit_id in sorted(wanted - known):
        Accused(case=case, unit_id=unit_id, named_at=now).save(force_insert=True)
    return _write(by, case, ACCUSED_NAMED, NAMED, text, now, {"units": sorted(wanted)}, is_secret=True)


@action
def lift_secrecy(
    *, by: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Say that a report is about no unit after all, and why; from now on it is a case like others.

    Raises:
        SecrecyRefused: it is not secret.
        Incomplete: without a text.
    """
    case = _held(by, case_id, version)
    require_text(text)
    if not case.is_secret:
        raise SecrecyRefused(_("This case is not secret."))
    units = list(case.accused.order_by("unit_id").values_list("unit_id", flat=True))
    case.accused.all().delete()
    return _write(by, case, SECRECY_LIFTED, LIFTED, text, at or clock.now(), {"units": units}, is_secret=False)


def _held(by: Actor, case_id: UUID, version: int | None) -> Case:
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    if case is None or is_kept_from(by, case):
        raise NotFound(_("There is no such case."))
    if version is not None and case.version != version:
        raise Stale(_("Somebody else changed this case meanwhile. Look at what changed, then act again."))
    if not by.allows("cases.accept", case.place_id):
        raise NotAllowed(_("Only the desk says whom a report is about."))
    return case


def _write(
    by: Actor,
    case: Case,
    kind: Kind,
    name: str,
    text: str,
    now: datetime,
    data: Mapping[str, object],
    *,
    is_secret: bool,
) -> CaseMove:
    line = draft(
        kind=kind,
        by=by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=case.place_id,
        happened_at=now,
        data=data,
    )
    case.is_secret, case.version = is_secret, case.version + 1
    case.save(update_fields=["is_secret", "version"])
    row = CaseMove(
        case=case,
        line_id=line.id,
        name=name,
        from_state=case.state,
        to_state=case.state,
        actor_kind=by.kind,
        actor_id=by.id,
        internal_text=kept_words(text),
        happened_at=now,
        recorded_at=line.recorded_at,
    )
    write(line, row)
    return row
