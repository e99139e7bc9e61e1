"""What people do: remind 催办, order 督办 with a time for the answer, withdraw with a reason."""

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from liuchi.engines.cases.clocks import calendar_of
from liuchi.engines.cases.models import Case, Level, Origin, Said, Standing, Supervision, SupervisionEntry
from liuchi.engines.cases.models.supervision import OPEN_STANDINGS
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.secrecy import is_kept_from
from liuchi.engines.cases.supervision.access import may_remind, reminds_in_office, require_order
from liuchi.engines.cases.supervision.issuing import Urging, holder, issue, locked_case
from liuchi.engines.cases.supervision.queries import reminders_left
from liuchi.engines.cases.supervision.rules import BY_HAND
from liuchi.engines.cases.supervision.saying import held, note, words
from liuchi.engines.cases.supervision.telling import tell
from liuchi.ground.calendars.limits import Unit
from liuchi.ground.calendars.queries import work_calendar
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from liuchi.ground.organisations.models import Organisation


class NothingToUrge(RuleBroken):
    """The case has ended, or rests by a decision; nobody has to act on it now."""

    code = "nothing_to_urge"


class AlreadyUrged(RuleBroken):
    """The case was urged so lately, or is under an order, that another would only be noise."""

    code = "already_urged"


@action
def remind_of_case(
    *, by: Actor, case_id: UUID, version: int | None = None, text: str = "", receipt: str = ""
) -> Supervision:
    """Ask whoever has a case for more haste (催办); of one case once a day from the office, once from its reporters.

    Raises:
        NothingToUrge: the case has ended or rests.
        AlreadyUrged: it was reminded of today.
        NotAllowed: the actor neither reported the case nor has an office that reminds.
    """
    case = _open_case(case_id, version)
    if not may_remind(by, case, receipt):
        raise NotAllowed(_("Only the desk and the person who reported it may remind of a case."))
    origin = Origin.HAND if reminds_in_office(by, case) else Origin.REPORTER
    if reminders_left(case.supervisions.filter(level=Level.REMINDER).order_by("id"), origin) <= 0:
        raise AlreadyUrged(_("This case was reminded of today already. Whoever has it knows; look again tomorrow."))
    return _urge(case, Level.REMINDER, origin, by=by, text=words(text))


@action
def order_case(
    *,
    by: Actor,
    case_id: UUID,
    text: str,
    version: int | None = None,
    unit_id: UUID | None = None,
    answer_by: datetime | None = None,
) -> Supervision:
    """Order a unit with a part in a case, or else whoever has it, to act and to answer in time (督办).

    `answer_by` is the issuer's; left out, the rules' time for an answer. Without an answer by then a card follows.

    Raises:
        NothingToUrge: the case has ended or rests.
        AlreadyUrged: an order to the same addressee is open.
        Incomplete: no words, a unit without a part in the case, or a time that has passed.
    """
    case = _open_case(case_id, version)
    if is_kept_from(by, case):
        raise NotFound(_("There is no such case."))
    unit, step = holder(case)
    if unit_id is not None and (unit is None or unit.id != unit_id):
        part = case.assignments.filter(unit_id=unit_id, ended_at=None).select_related("unit").first()
        if part is None:
            raise Incomplete(_("Choose a unit that has a part in this case."), field="unit")
        unit = part.unit
    require_order(by, case.place_id, unit.id if unit else None)
    said = words(text, is_needed=True)
    if answer_by is not None and answer_by <= clock.now():
        raise Incomplete(_("Choose a time that is still to come."), field="answer_by")
    if case.supervisions.filter(level=Level.ORDER, unit=unit, standing__in=OPEN_STANDINGS).exists():
        raise AlreadyUrged(_("An order to the same addressee is open already. Look at it, or withdraw it first."))
    return _urge(case, Level.ORDER, Origin.HAND, by=by, text=said, unit=unit, step=step, answer_by=answer_by)


@action
def withdraw_supervision(*, by: Actor, supervision_id: UUID, text: str, version: int | None = None) -> SupervisionEntry:
    """Take an open supervision back, with the reason; what was told stays told.

    Raises:
        Incomplete: without a reason.
        Stale: somebody answered or changed it meanwhile.
    """
    row, case = held(supervision_id, version)
    require_order(by, case.place_id, row.unit_id)
    reason = words(text, is_needed=True)
    moment = clock.now()
    Supervision.objects.filter(id=row.id).update(standing=Standing.WITHDRAWN, ended_at=moment, version=F("version") + 1)
    return note(row, case, Said.WITHDRAW, by=by, text=reason)


def _open_case(case_id: UUID, version: int | None) -> Case:
    case = locked_case(case_id)
    if version is not None and case.version != version:
        raise Stale(_("Somebody else changed this case meanwhile. Look at what changed, then act again."))
    if case.ended_at is not None or not _somebody_acts(case):
        raise NothingToUrge(_("Nobody has to act on this case now: it has ended, or it rests."))
    return case


def _somebody_acts(case: Case) -> bool:
    return case.clocks.filter(running_since__isnull=False, stopped_at=None).exists()


def _urge(
    case: Case,
    level: Level,
    origin: Origin,
    *,
    by: Actor,
    text: str,
    unit: Organisation | None = None,
    step: str = "",
    answer_by: datetime | None = None,
) -> Supervision:
    now = clock.now()
    if not step:
        unit, step = holder(case)
    is_urgent = case.condition is not None and Unit(case.condition.limit_unit) in (Unit.URGENT_HOUR, Unit.URGENT_DAY)
    patience = next(rule.patience for rule in BY_HAND[is_urgent].rules if rule.level == level)
    due = answer_by or work_calendar(calendar_of(unit).id).due(now, patience).at
    urging = Urging(level, origin, unit, step, due, text=text, is_urgent=is_urgent)
    row = issue(case, urging, by=by, at=now, told_at=now)
    tell([row])
    return row
