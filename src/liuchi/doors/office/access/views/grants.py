"""Grants: the list, a new one, ending one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.access import listings
from liuchi.doors.office.access.forms import EndGrantForm, GrantForm
from liuchi.doors.office.access.pages import AUDIT, GRANTS, pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.actions import NewGrant, end_grant, give_grant
from liuchi.ground.access.queries_admin import account_for, every_grant, grant_for, grants, roles
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.records.protected import mask_name


@needs(GRANTS, AUDIT)
@require_GET
def grant_list(request: HttpRequest) -> HttpResponseBase:
    """Show the grants in force, or those about to end."""
    viewer, is_soon = viewer_in(request), request.GET.get("show") == "soon"
    role = request.GET.get("role", "").replace("\0", "")[:40]
    if is_export(request):
        return export_response(request, listings.GRANTS, lambda by: every_grant(by, ending_soon=is_soon, role=role))
    page = grants(viewer, ending_soon=is_soon, role=role, after=_uuid(request.GET.get("after", "")))
    facts = {
        "pages": pages_for(viewer),
        "rows": [(grant, mask_name(grant.account.person.name)) for grant in page.rows],
        "is_soon": is_soon,
        "role": role,
        "next": page.next or "",
        "may_end": viewer.allows(GRANTS),
        "exports": export_offers(request, listings.GRANTS),
    }
    return render(request, "office/access/grants.html", facts)


@needs(GRANTS)
@require_http_methods(["GET", "POST"])
def new_grant(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Give a role to an account."""
    viewer = viewer_in(request)
    account = account_for(viewer, account_id)
    is_sent = request.method == "POST"
    form = GrantForm(request.POST if is_sent else None, viewer=viewer, roles=roles(viewer))
    if is_sent and form.is_valid():
        try:
            give_grant(by=viewer, grant=NewGrant(account_id=account.id, **form.arguments()))
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("The grant counts from now on."))
            return redirect("access-account", account_id=account.id)
    facts = {"pages": pages_for(viewer), "account": account, "form": form}
    return render(request, "office/access/grant_new.html", facts, status=422 if form.errors else 200)


@needs(GRANTS)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """End a grant now."""
    viewer = viewer_in(request)
    grant = grant_for(viewer, grant_id)
    is_sent = request.method == "POST"
    form = EndGrantForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        try:
            end_grant(by=viewer, grant_id=grant.id, reason=form.cleaned_data["reason"])
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("The grant has ended."))
            return redirect("access-account", account_id=grant.account_id)
    facts = {"pages": pages_for(viewer), "grant": grant, "form": form}
    return render(request, "office/access/grant_end.html", facts, status=422 if form.errors else 200)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
