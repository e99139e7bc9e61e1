"""A case as the public sees it, and what its reporter may do with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.resident.forms import GRADES, RatingForm, ReopenForm
from liuchi.doors.resident.standing import receipt_for, standing_of
from liuchi.doors.resident.views.urging import may_urge
from liuchi.doors.ui.files import files_of
from liuchi.doors.ui.kept import drop_receipt, take_kept_fields
from liuchi.doors.ui.middleware import actor_of
from liuchi.doors.ui.rules import public
from liuchi.doors.ui.timeline import entries, pledge_of, stages
from liuchi.engines.cases.access import moves_open_to
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.jurisdictions import zone_at
from liuchi.engines.cases.models import State
from liuchi.engines.cases.queries import PublicCase, clocks_of, own_reports, public_case
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import RuleBroken


@public
@never_cache
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case."""
    return _page(request, number)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Rate a closed case."""
    if request.method == "GET":
        kept = take_kept_fields(request)
        return _page(request, number, rating=RatingForm(initial=kept)) if kept else redirect("case", number=number)
    form = RatingForm(request.POST)
    if form.is_valid():
        case_id = _own_case(request, number).case.id
        given = {"rating": int(form.cleaned_data["rating"]), "text": form.cleaned_data["text"]}
        try:
            rate_case(by=actor_of(request), case_id=case_id, receipt=receipt_for(request, number), **given)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("Thank you for your rating."))
            return redirect("case", number=number)
    return _page(request, number, rating=form, status=422)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a closed case is not solved."""
    if request.method == "GET":
        kept = take_kept_fields(request)
        return _page(request, number, reopening=ReopenForm(initial=kept)) if kept else redirect("case", number=number)
    form = ReopenForm(request.POST)
    if form.is_valid():
        case_id, text = _own_case(request, number).case.id, form.cleaned_data["text"]
        try:
            reopen_case(by=actor_of(request), case_id=case_id, receipt=receipt_for(request, number), text=text)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("It is taken up again, with a new time limit."))
            return redirect("case", number=number)
    return _page(request, number, reopening=form, status=422)


@public
@require_POST
def forget(request: HttpRequest, number: str) -> HttpResponse:
    """Forget on this device that a case was reported or opened with its code from here."""
    drop_receipt(request, number)
    messages.success(request, _("Removed from this device. With number and code you open it again."))
    return redirect("home")


def _own_case(request: HttpRequest, number: str) -> PublicCase:
    """Return a case as its reader may see it: a secret one opens to its reporter only."""
    return public_case(number, actor_of(request), receipt_for(request, number))


def _result(shown: PublicCase) -> str:
    """Return what the unit answered last, once it was found to be solved."""
    if shown.case.state not in {State.CHECKED, State.CLOSED}:
        return ""
    return next((move.public_text for move in reversed(shown.moves) if move.name == "hand_in"), "")


def _page(
    request: HttpRequest,
    number: str,
    *,
    rating: RatingForm | None = None,
    reopening: ReopenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = _own_case(request, number)
    actor, receipt, subject = actor_of(request), receipt_for(request, number), shown.case
    open_moves = {move.name for move in moves_open_to(actor, subject, receipt)}
    own = own_reports(actor, subject, receipt)
    files = files_of(request, shown.moves, own) if own else {}
    told = entries(shown.moves, inside=False, own={report.id for report in own}, files=files)
    facts = {
        **standing_of(actor, subject, own),
        "shown": shown,
        "case": subject,
        "stages": stages(subject),
        "pledge": pledge_of(subject, clocks_of(subject), clock.now()),
        "entries": told,
        "refusal": told[-1] if subject.state in {State.REFUSED, State.DISMISSED} else None,
        "result": _result(shown),
        "own": own,
        "own_files": [each for report in own for each in files.get(report.id, ())],
        "may_urge": may_urge(subject, is_own=bool(own)),
        "opened_by_code": bool(receipt),
        "grade": dict(GRADES).get(str(subject.rating), ""),
        "rating": rating or RatingForm() if "rate" in open_moves or rating else None,
        "reopening": reopening or ReopenForm() if "reopen" in open_moves or reopening else None,
    }
    with timezone.override(zone_at(subject.place_id)):
        return render(request, "resident/case.html", facts, status=status)
