"""Breaking the glass in an emergency, putting it back, and the review that has to follow."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.access.kinds import GLASS_BROKEN, GLASS_PUT_BACK, GLASS_REVIEWED
from liuchi.ground.access.models import BreakGlass, Finding, Grant
from liuchi.ground.access.models.glass import LONGEST
from liuchi.ground.access.powers import FOR_GLASS
from liuchi.ground.access.rules import account_for_update, require_other, require_power, require_reason
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.territory.queries import territory

#: A reason shorter than this says nothing that a review could hold against what was read.
SHORTEST_REASON = 6


class GlassRefused(RuleBroken):
    """The glass cannot be broken like that."""

    code = "glass_refused"


class ReviewRefused(RuleBroken):
    """The review lacks something, or has been done."""

    code = "review_refused"


@action
def break_glass(*, by: Actor, reason: str, minutes: int, area_id: UUID, powers: Collection[str]) -> BreakGlass:
    """Take powers for an area at once, for 5 to 60 minutes; return the glass broken.

    The line `access.glass_broken` is an alarm: administrators and the privacy officer are told. While it is open every
    line the actor leaves names it. A review has to follow.

    Raises:
        NotAllowed: the actor is no person, or lacks the power access.break_glass in the area.
        NotFound: there is no such area.
        GlassRefused: powers that broken glass does not open, a time out of bounds, too short a reason, or glass that is
            broken already.
    """
    territory().area(area_id)
    require_power(by, "access.break_glass", area_id)
    if by.kind != "person" or by.id is None:
        raise NotAllowed(_("Only a person breaks glass."))
    account, moment = account_for_update(by.id), clock.now()
    _require_sound(reason, minutes, powers)
    if BreakGlass.objects.filter(account=account, ends_at__gt=moment).exists():
        raise GlassRefused(
            _("You have broken the glass already; it is open. Put it back first to take something else.")
        )
    ends_at = moment + timedelta(minutes=minutes)
    glass = BreakGlass(
        account=account,
        powers=sorted(set(powers)),
        area_id=area_id,
        reason=reason.strip(),
        broken_at=moment,
        ends_at=ends_at,
    )
    grant = Grant(
        account=account, glass=glass, area_id=area_id, purpose="emergency", valid_from=moment, valid_to=ends_at
    )
    record(
        kind=GLASS_BROKEN,
        by=by,
        subject_type="access.glass",
        subject_id=glass.id,
        place_id=area_id,
        data={"glass": glass.id, "account": account.id, "area": area_id, "powers": glass.powers, "ends_at": ends_at},
        rows=[glass, grant],
    )
    return glass


@action
def put_glass_back(*, by: Actor, glass_id: UUID) -> BreakGlass:
    """End one's own broken glass before its time, or, as a security administrator, somebody else's; return it.

    Raises:
        NotFound: there is no such glass, or its time is over.
        NotAllowed: somebody else's, without the power access.grants in the area.
    """
    moment = clock.now()
    glass = BreakGlass.objects.select_for_update(of=("self",)).filter(id=glass_id, ends_at__gt=moment).first()
    if glass is None:
        raise NotFound(_("There is no such glass, or its time is over."))
    if by.id != glass.account_id:
        require_power(by, "access.grants", glass.area_id)
    glass.ends_at = max(moment, glass.broken_at + timedelta(microseconds=1))
    glass.save(update_fields=["ends_at"])
    Grant.objects.filter(glass=glass).update(valid_to=glass.ends_at)
    facts = {"glass": glass.id, "account": glass.account_id}
    record(
        kind=GLASS_PUT_BACK,
        by=by,
        subject_type="access.glass",
        subject_id=glass.id,
        place_id=glass.area_id,
        data=facts,
    )
    return glass


@action
def review_glass(*, by: Actor, glass_id: UUID, finding: str, text: str) -> BreakGlass:
    """Say what looking at broken glass afterwards found; `finding` is a Finding. Return it.

    Raises:
        NotFound: there is no such glass.
        NotAllowed: the actor lacks the power access.audit in the area.
        NotForOneself: one's own.
        ReviewRefused: it is open still, reviewed already, or no finding.
        ReasonMissing: without words.
    """
    rows = BreakGlass.objects.select_for_update(of=("self",)).select_related("account")
    glass = rows.filter(id=glass_id).first()
    if glass is None:
        raise NotFound(_("There is no such glass, or its time is over."))
    require_power(by, "access.audit", glass.area_id)
    require_other(by, glass.account.person_id)
    moment = clock.now()
    if glass.reviewed_at is not None:
        raise ReviewRefused(_("This has been reviewed already."))
    if glass.ends_at > moment:
        raise ReviewRefused(_("The glass is open still. Review it when its time is over."))
    if finding not in Finding.values:
        raise ReviewRefused(_("Say what you found."), field="finding")
    glass.finding, glass.finding_text = finding, require_reason(text)
    glass.reviewed_at, glass.reviewed_by_id = moment, by.id if by.kind == "person" else None
    glass.save(update_fields=["finding", "finding_text", "reviewed_at", "reviewed_by"])
    facts = {"glass": glass.id, "account": glass.account_id, "finding": finding}
    record(
        kind=GLASS_REVIEWED,
        by=by,
        subject_type="access.glass",
        subject_id=glass.id,
        place_id=glass.area_id,
        data=facts,
    )
    return glass


def _require_sound(reason: str, minutes: int, powers: Collection[str]) -> None:
    if len(require_reason(reason)) < SHORTEST_REASON:
        raise GlassRefused(_("Say what the emergency is: who or what is in danger, and where."), field="reason")
    if not 5 <= minutes <= LONGEST // timedelta(minutes=1):
        raise GlassRefused(_("The glass opens for 5 to 60 minutes."), field="minutes")
    if not powers or set(powers) - set(FOR_GLASS):
        raise GlassRefused(_("Choose what you need to see."), field="powers")
