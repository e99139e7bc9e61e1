"""What somebody does with a report: join one as their own, change what they said, take it back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liuchi.doors.resident.forms import EditForm
from liuchi.doors.resident.standing import receipt_for
from liuchi.doors.ui.files import NO_FILES_YET, Brought, bring_files, holder_of, is_only_about_files
from liuchi.doors.ui.kept import keep_receipt, take_kept_fields
from liuchi.doors.ui.middleware import actor_of, find_viewer
from liuchi.doors.ui.rules import public
from liuchi.engines.cases.actions.changing import edit_report, withdraw_report
from liuchi.engines.cases.actions.joining import join_case
from liuchi.engines.cases.models import Case, Report
from liuchi.engines.cases.own_reports import holds_place, may_edit
from liuchi.engines.cases.queries import own_reports, public_case
from liuchi.ground.attachments.belonging import NO_FILES, Files
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken


@public
@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a case affects one as well; one tap, with or without an account."""
    case, brought = public_case(number).case, bring_files(request)
    files = Files(brought.ids, holder_of(request)) if brought.files else NO_FILES
    try:
        receipt = join_case(
            by=actor_of(request),
            case_id=case.id,
            token=_token(request),
            text=request.POST.get("text", ""),
            receipt=receipt_for(request, number),
            files=files,
        )
    except RuleBroken as error:
        messages.error(request, str(error))
        return redirect("case", number=number)
    if receipt.is_new and find_viewer(request) is None:
        keep_receipt(request, number, receipt.code)
        return redirect("report-done")
    told = _("You are counted in, and told how it goes on.") if receipt.is_new else _("You are counted in already.")
    messages.success(request, told)
    return redirect("case", number=number)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change one's own report until the desk has filed it."""
    case = public_case(number).case
    receipt = receipt_for(request, number)
    own = [each for each in own_reports(actor_of(request), case, receipt) if each.withdrawn_at is None]
    if not own:
        raise NotAllowed(_("Only the person who reported it can do this. Open the case with your receipt code."))
    if request.method == "GET":
        if not may_edit(case):
            messages.error(request, _("The desk has filed it already; what you report now is read as a new report."))
            return redirect("case", number=number)
        first = {"text": own[0].text, "address": case.address if holds_place(own[0]) else ""}
        return _page(request, case, own[0], EditForm(initial={**first, **take_kept_fields(request)}))
    form, brought = EditForm(request.POST), bring_files(request)
    if is_only_about_files(request):
        return _page(request, case, own[0], EditForm(initial=request.POST.dict()), brought)
    if not brought.errors and form.is_valid():
        files = Files(brought.ids, holder_of(request)) if brought.files else NO_FILES
        try:
            edit_report(by=actor_of(request), case_id=case.id, receipt=receipt, files=files, **form.change())
        except RuleBroken as error:
            form.refuse(error)
            return _page(request, case, own[0], form, brought, status=409)
        messages.success(request, _("Changed. The desk reads what stands there now."))
        return redirect("case", number=number)
    return _page(request, case, own[0], form, brought, status=422)


@public
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take one's own report back."""
    case, text = public_case(number).case, request.POST.get("text", "")[:2000]
    try:
        ended = withdraw_report(by=actor_of(request), case_id=case.id, receipt=receipt_for(request, number), text=text)
    except RuleBroken as error:
        messages.error(request, str(error))
    else:
        gone_on = _("Taken back. The matter itself goes on; you are told of it no more.")
        messages.success(request, _("Taken back; the case has ended.") if ended else gone_on)
    return redirect("case", number=number)


def _token(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid4()


def _page(
    request: HttpRequest,
    case: Case,
    own: Report,
    form: EditForm,
    brought: Brought = NO_FILES_YET,
    *,
    status: int = 200,
) -> HttpResponse:
    facts: dict[str, Any] = {"case": case, "form": form, "brought": brought, "may_place": holds_place(own)}
    return render(request, "resident/edit.html", facts, status=status)
