"""One time-out: what the unit says of it, and what is decided; and the list of those that wait."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.appeals.forms import AppealForm, DecisionForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.actions.appeal import appeal_timeout, reject_appeal, uphold_appeal
from liuchi.engines.cases.appeals import appealable, appeals_of, appeals_waiting, may_decide
from liuchi.engines.cases.models import Case, CaseClock
from liuchi.engines.cases.queries import case_at_work, clocks_of
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken

#: So many are listed; who has more to decide decides on these first.
SHOWN = 100


@needs("cases.decide")
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """List the appeals that wait for a decision."""
    return render(request, "office/appeals/appeals.html", {"appeals": appeals_waiting(viewer_in(request))[:SHOWN]})


@needs(*WORK_POWERS)
@never_cache
@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, number: str, clock: UUID) -> HttpResponse:
    """Show one time-out with the form that is this viewer's, and take what they say."""
    viewer = viewer_in(request)
    case = case_at_work(viewer, number)
    measured = next((each for each in clocks_of(case) if each.id == clock and each.is_overdue), None)
    if measured is None:
        raise NotFound(_("There is no such time-out."))
    form = _form_for(request, case, measured)
    status = 200
    if request.method == "POST":
        if form is None:
            raise NotAllowed(_("There is nothing here for you to say or decide."))
        status = 422
        if form.is_valid():
            try:
                done = _act(request, form, measured)
            except RuleBroken as error:
                form.refuse(error)
                status = 403 if isinstance(error, NotAllowed) else 409
            else:
                messages.success(request, done)
                return redirect("office-case", number=case.number)
    facts = {"case": case, "clock": measured, "appeal": appeals_of(case).get(clock), "form": form}
    return render(request, "office/appeals/appeal.html", facts, status=status)


def _form_for(request: HttpRequest, case: Case, measured: CaseClock) -> AppealForm | DecisionForm | None:
    """Return the form that is the viewer's, filled with what was sent; None where there is nothing for them to do."""
    viewer, found = viewer_in(request), appeals_of(case).get(measured.id)
    sent = request.POST if request.method == "POST" else None
    initial = {"version": case.version}
    if found is None and measured.id in appealable(viewer, case):
        return AppealForm(sent, initial=initial)
    if found is not None and may_decide(viewer, case, [found]):
        return DecisionForm(sent, initial=initial)
    return None


def _act(request: HttpRequest, form: AppealForm | DecisionForm, measured: CaseClock) -> str:
    by, given = viewer_in(request), dict(form.cleaned_data)
    if isinstance(form, AppealForm):
        appeal_timeout(by=by, clock_id=measured.id, **given)
        return _("Your appeal is sent; somebody else decides.")
    if given.pop("decision") == "uphold":
        uphold_appeal(by=by, clock_id=measured.id, **given)
        return _("The time-out is excused.")
    reject_appeal(by=by, clock_id=measured.id, **given)
    return _("The time-out counts.")
