"""Roles: what each may do, who holds it, and changing one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.access import listings
from liuchi.doors.office.access.forms import RoleForm
from liuchi.doors.office.access.pages import GRANTS, LOOK, pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.actions import set_role
from liuchi.ground.access.powers import POWERS
from liuchi.ground.access.queries_admin import role_changes, roles
from liuchi.ground.kernel.errors import RuleBroken


@needs(*LOOK)
@require_GET
def role_list(request: HttpRequest) -> HttpResponseBase:
    """Show every role with its powers and how many hold it."""
    viewer = viewer_in(request)
    if is_export(request):
        return export_response(request, listings.ROLES, roles(viewer))
    rows = [(role, [POWERS.get(power, power) for power in role.powers]) for role in roles(viewer)]
    facts = {"pages": pages_for(viewer), "rows": rows, "may_change": viewer.allows(GRANTS)}
    facts["exports"] = export_offers(request, listings.ROLES)
    return render(request, "office/access/roles.html", facts)


@needs(GRANTS)
@require_http_methods(["GET", "POST"])
def edit_role(request: HttpRequest, code: str = "") -> HttpResponse:
    """Change a role for everybody who holds it, or make a new one."""
    viewer = viewer_in(request)
    role = next((each for each in roles(viewer) if each.code == code), None)
    if code and role is None:
        raise Http404
    is_sent = request.method == "POST"
    initial = {"code": role.code, "name": role.name, "powers": role.powers} if role is not None else {}
    form = RoleForm(_sent(request, code) if is_sent else None, initial=initial)
    if is_sent and form.is_valid():
        try:
            set_role(by=viewer, **form.cleaned_data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("The role is changed for everybody who holds it."))
            return redirect("access-roles")
    facts = {
        "pages": pages_for(viewer),
        "form": form,
        "role": role,
        "changes": role_changes(viewer, role)[:20] if role is not None else [],
    }
    return render(request, "office/access/role.html", facts, status=422 if form.errors else 200)


def _sent(request: HttpRequest, code: str) -> dict[str, object]:
    """Return what was sent; the code of a role that exists stays as it is."""
    sent: dict[str, object] = {**request.POST.dict(), "powers": request.POST.getlist("powers")}
    return {**sent, "code": code} if code else sent
