"""One's own account: what it holds, the password, and signing out everywhere."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import landing_page
from liuchi.doors.ui.rules import signed_in
from liuchi.ground.access.actions import change_password, end_sessions
from liuchi.ground.access.models import Account
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.territory.queries import territory


class PasswordForm(HouseForm):
    """The password in force, and the new one."""

    old = forms.CharField(
        label=gettext_lazy("Password in force"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        help_text=gettext_lazy("at least 10 characters, not only digits, not a common one"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def own_account(request: HttpRequest) -> HttpResponse:
    """Show one's own account with what it holds; change the password, which ends the other sessions."""
    viewer, account = viewer_in(request), cast("Account", request.user)
    was_temporary = account.is_password_temporary
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            changed = change_password(by=viewer, account_id=account.id, **form.cleaned_data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, _("Your password is changed. Other sessions have ended."))
            return redirect(landing_page(viewer) if was_temporary else "account")
    areas = territory().areas
    facts = {
        "form": form,
        "is_temporary": was_temporary,
        "hats": [(hat, [(grant, areas.get(grant.area_id)) for grant in hat.grants]) for hat in viewer.hats],
    }
    return render(request, "ui/account.html", facts, status=422 if form.errors else 200)


@signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of one's own account but this one."""
    viewer = viewer_in(request)
    update_session_auth_hash(request, end_sessions(by=viewer, account_id=viewer.id))
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("account")
