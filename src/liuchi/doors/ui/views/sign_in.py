"""Signing in and out; in a demo also by one tap into a role."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.doors.ui.kept import has_kept_fields, lay_by
from liuchi.doors.ui.middleware import WAY, actor_of, viewer_in
from liuchi.doors.ui.nav import landing_page
from liuchi.doors.ui.returning import address_after
from liuchi.doors.ui.rules import public, signed_in
from liuchi.doors.ui.sessions import begin_session
from liuchi.ground.access.actions import record_failed_sign_in, record_sign_in, record_sign_out
from liuchi.ground.access.models import Account
from liuchi.ground.access.queries import find_account
from liuchi.ground.access.viewers import viewer_of
from liuchi.ground.organisations.queries import units

BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_UNITS = 12


class SignInForm(HouseForm):
    """User name and password."""

    username = PlainText(
        label=gettext_lazy("User name"),
        longest=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@dataclass(frozen=True)
class DemoRole:
    """One tap into a demo account: its user name, the role, and what can be done with it."""

    username: str
    name: str
    does: str


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in by user name and password."""
    form = SignInForm(request.POST) if request.method == "POST" else SignInForm()
    if request.method == "POST" and form.is_valid():
        account = authenticate(request, **form.cleaned_data)
        if isinstance(account, Account):
            return _let_in(request, account, "password")
        record_failed_sign_in(by=actor_of(request), username=form.cleaned_data["username"])
        form.add_error(None, _("The user name or the password is not right. Please try again."))
    return _page(request, form, status=422 if form.is_bound else 200)


@public
@require_POST
def sign_in_demo(request: HttpRequest) -> HttpResponse:
    """Let somebody into a demo account by one tap; outside a demo there is no such page."""
    if not settings.LIUCHI_DEMO:
        raise Http404
    username = request.POST.get("username", "").replace("\0", "")
    account = find_account(username) if username.startswith(("demo-", "handler-")) else None
    if account is None:
        messages.error(request, _("This demo account does not exist. Please choose another."))
        return redirect("sign-in")
    return _let_in(request, account, "demo")


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Let somebody out."""
    if isinstance(request.user, Account):
        record_sign_out(by=viewer_in(request), account=request.user)
    logout(request)
    messages.success(request, _("You have signed out."))
    return redirect("home")


def _let_in(request: HttpRequest, account: Account, way: str) -> HttpResponse:
    viewer = viewer_of(account)
    record_sign_in(by=viewer, account=account, way=way)
    login(request, account, backend=BACKEND)
    lay_by(request)
    request.session[WAY] = way
    begin_session(request)
    return HttpResponseRedirect(address_after(request) or reverse(landing_page(viewer)))


def _page(request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
    facts: dict[str, object] = {"form": form, "next": address_after(request), "kept_waits": has_kept_fields(request)}
    if settings.LIUCHI_DEMO:
        words = request.GET.get("unit", "").strip()[:40]
        found = [each for each in units() if words in each.name or words in each.short_name]
        facts |= {
            "roles": _demo_roles(),
            "unit_words": words,
            "units": found[:MOST_UNITS],
            "more_units": max(len(found) - MOST_UNITS, 0),
        }
    return render(request, "ui/sign_in.html", facts, status=status)


def _demo_roles() -> list[DemoRole]:
    return [
        DemoRole("demo-resident", pgettext("role", "Resident"), _("Reports, follows, rates")),
        DemoRole("demo-desk", pgettext("role", "Desk"), _("Accepts, files, closes")),
        DemoRole("demo-dispatcher", pgettext("role", "Dispatcher"), _("Gives each case to the unit in charge")),
        DemoRole("demo-handler", pgettext("role", "Handler"), _("Handles what the unit was given")),
        DemoRole("demo-checker", pgettext("role", "Checker"), _("Verifies and checks on the spot")),
        DemoRole("demo-grid-worker", pgettext("role", "Grid worker"), _("Knows a grid and the people in it")),
        DemoRole("demo-registrar", pgettext("role", "Registrar"), _("Keeps the people and homes of a community")),
        DemoRole(
            "demo-civil-affairs", pgettext("role", "Civil affairs"), _("Keeps the care register and its categories")
        ),
        DemoRole("demo-surveyor", pgettext("role", "Surveyor"), _("Keeps areas, boundaries and public assets")),
        DemoRole("demo-personnel", pgettext("role", "Personnel officer"), _("Keeps organisations, posts and staff")),
        DemoRole("demo-privacy-officer", pgettext("role", "Privacy officer"), _("Answers for personal information")),
        DemoRole("demo-duty-officer", pgettext("role", "Duty officer"), _("On duty, breaks the glass in an emergency")),
        DemoRole("demo-supervisor", pgettext("role", "Supervisor"), _("Reminds, orders, looks at answers")),
        DemoRole("demo-system-admin", pgettext("role", "System administrator"), _("Opens and closes accounts")),
        DemoRole(
            "demo-security-admin", pgettext("role", "Security administrator"), _("Gives and ends grants and keys")
        ),
        DemoRole("demo-audit-admin", pgettext("role", "Audit administrator"), _("Reads who looked at what")),
    ]
