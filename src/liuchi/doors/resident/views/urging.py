"""Asking for more haste: the reporter's one tap, once a day, when the promised time has passed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liuchi.doors.ui.kept import find_receipt
from liuchi.doors.ui.middleware import actor_of
from liuchi.doors.ui.rules import public
from liuchi.engines.cases.models import Case, Origin
from liuchi.engines.cases.queries import public_case
from liuchi.engines.cases.supervision.actions.by_hand import remind_of_case
from liuchi.engines.cases.supervision.queries import reminders_left, supervisions_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import RuleBroken


@public
@never_cache
@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """Ask whoever has the case for more haste."""
    case, receipt = public_case(number).case, find_receipt(request, number)
    try:
        remind_of_case(by=actor_of(request), case_id=case.id, receipt=receipt)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Whoever has your case has been told that you are waiting."))
    return redirect("case", number=number)


def may_urge(case: Case, *, is_own: bool) -> bool:
    """Tell whether the page offers the reporter to ask for more haste: the time has passed, not asked yet today."""
    is_late = case.ended_at is None and case.due_at is not None and case.due_at < clock.now()
    return is_own and is_late and reminders_left(supervisions_of(case), Origin.REPORTER) > 0
