"""Accounts: the list, a new one, and everything about one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.access import listings
from liuchi.doors.office.access.forms import CloseForm, NewAccountForm, ResetForm, SearchForm
from liuchi.doors.office.access.pages import ACCOUNTS, GLASS, GRANTS, KEYS, LOOK, pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.actions import close_account, end_sessions, open_account, reset_password
from liuchi.ground.access.queries_admin import (
    account_for,
    accounts,
    every_account,
    grants_of,
    signings_of,
    staff_to_open_for,
)
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.records.protected import mask_name


@needs(*LOOK, KEYS, GLASS)
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the first page of the section that is open to the viewer."""
    return redirect(pages_for(viewer_in(request))[0].page)


@needs(*LOOK)
@require_GET
def account_list(request: HttpRequest) -> HttpResponseBase:
    """Show accounts, by user name."""
    viewer = viewer_in(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:40]
    if is_export(request):
        return export_response(request, listings.ACCOUNTS, lambda by: every_account(by, words))
    page = accounts(viewer, words=words, after=request.GET.get("after", "").replace("\0", "")[:60])
    facts = {
        "pages": pages_for(viewer),
        "rows": [(account, mask_name(account.person.name)) for account in page.rows],
        "words": words,
        "next": page.next,
        "search": SearchForm(initial={"q": words}),
        "may_open": viewer.allows(ACCOUNTS),
        "exports": export_offers(request, listings.ACCOUNTS),
    }
    return render(request, "office/access/accounts.html", facts)


@needs(ACCOUNTS)
@never_cache
@require_http_methods(["GET", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Open an account for somebody found among the staff; its password is shown once."""
    viewer = viewer_in(request)
    words = (request.POST.get("q") or request.GET.get("q", "")).replace("\0", "").strip()[:40]
    found = staff_to_open_for(viewer, words)
    people = [
        (str(each.person_id), f"{each.person.name} · {each.post.organisation} {each.post.title}") for each in found
    ]
    is_sent = request.method == "POST"
    form = NewAccountForm(request.POST if is_sent else None, people=people)
    if is_sent and form.is_valid():
        try:
            account, password = open_account(
                by=viewer, person_id=UUID(form.cleaned_data["person"]), username=form.cleaned_data["username"]
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return _told_once(request, account.username, password)
    facts = {"pages": pages_for(viewer), "form": form, "words": words, "people": people}
    return render(request, "office/access/account_new.html", facts, status=422 if form.errors else 200)


@needs(*LOOK)
@require_GET
def show_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show an account: whose it is, what it holds and held, when it signed in."""
    return _page(request, account_id)


@needs(ACCOUNTS)
@require_POST
def close(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Close an account for good."""
    form = CloseForm(request.POST, auto_id="close_%s")
    if form.is_valid():
        try:
            close_account(by=viewer_in(request), account_id=account_id, reason=form.cleaned_data["reason"])
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("The account is closed."))
            return redirect("access-account", account_id=account_id)
    return _page(request, account_id, status=422, closing=form)


@needs(ACCOUNTS)
@never_cache
@require_POST
def reset(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Set a temporary password, shown once."""
    viewer = viewer_in(request)
    form = ResetForm(request.POST, auto_id="reset_%s")
    if form.is_valid():
        try:
            password = reset_password(by=viewer, account_id=account_id, reason=form.cleaned_data["reason"])
        except RuleBroken as error:
            form.refuse(error)
        else:
            return _told_once(request, account_for(viewer, account_id).username, password)
    return _page(request, account_id, status=422, resetting=form)


@needs(ACCOUNTS)
@require_POST
def end_all(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """End every session of an account."""
    try:
        end_sessions(by=viewer_in(request), account_id=account_id)
    except RuleBroken as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Every session of this account has ended."))
    return redirect("access-account", account_id=account_id)


def _told_once(request: HttpRequest, username: str, secret: str) -> HttpResponse:
    facts = {"pages": pages_for(viewer_in(request)), "username": username, "secret": secret}
    return render(request, "office/access/told_once.html", facts)


def _page(request: HttpRequest, account_id: UUID, status: int = 200, **forms: HouseForm) -> HttpResponse:
    viewer = viewer_in(request)
    account = account_for(viewer, account_id)
    moment = clock.now()
    facts = {
        "pages": pages_for(viewer),
        "account": account,
        "name": mask_name(account.person.name),
        "grants": [(grant, grant.valid_to is None or grant.valid_to > moment) for grant in grants_of(viewer, account)],
        "signings": signings_of(viewer, account),
        "may_close": viewer.allows(ACCOUNTS) and account.is_active,
        "may_grant": viewer.allows(GRANTS) and account.is_active,
        "closing": forms.get("closing") or CloseForm(auto_id="close_%s"),
        "resetting": forms.get("resetting") or ResetForm(auto_id="reset_%s"),
    }
    return render(request, "office/access/account.html", facts, status=status)
