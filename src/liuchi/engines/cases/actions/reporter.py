"""What the reporter does when a case is closed: rate it, or say that it is not solved."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import has_rated, reports_by
from liuchi.engines.cases.models import CaseMove
from liuchi.engines.cases.moving import Incomplete, begin, finish, require_text
from liuchi.engines.cases.reopening import REOPEN_WITHIN, take_up_again
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken


class RatingRefused(RuleBroken):
    """The case was rated before."""

    code = "rating_refused"


class ReopenRefused(RuleBroken):
    """Too long ago."""

    code = "reopen_refused"


@action
def rate_case(
    *,
    by: Actor,
    case_id: UUID,
    rating: int,
    text: str = "",
    receipt: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Rate a closed case from 1 (非常不满意) to 5 (非常满意), once per closing (GB/T 39734: one rating per matter).

    Each of those who reported it may; the case shows the rating that came first, figures count all.

    Raises:
        Incomplete: a rating outside 1 to 5.
        RatingRefused: it was rated already.
    """
    turn = begin(by=by, case_id=case_id, name="rate", version=version, at=at, receipt=receipt)
    if rating not in range(1, 6):
        raise Incomplete(_("Choose one of the five grades."), field="rating")
    if has_rated(by, turn.case, receipt):
        raise RatingRefused(_("This case has been rated already. Thank you."))
    if turn.case.rating is None:
        turn.set(rating=rating, rated_at=turn.at)
    own = reports_by(by, turn.case, receipt).first()
    return finish(turn, internal_text=text, data={"rating": rating}, report=own)


@action
def reopen_case(
    *, by: Actor, case_id: UUID, text: str, receipt: str = "", version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Reopen a closed case because it is not solved; it goes to the dispatcher with a fresh case clock.

    Raises:
        Incomplete: without a text.
        ReopenRefused: more than 30 days after closing.
    """
    turn = begin(by=by, case_id=case_id, name="reopen", version=version, at=at, receipt=receipt)
    require_text(text)
    if turn.case.ended_at is not None and turn.at - turn.case.ended_at > REOPEN_WITHIN:
        raise ReopenRefused(_("This case was closed more than 30 days ago. Please report it anew."))
    take_up_again(turn)
    return finish(turn, internal_text=text, report=reports_by(by, turn.case, receipt).first())
