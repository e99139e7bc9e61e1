"""One person on the roll: posts now and before, terms, secondments; what they earn, once and for a purpose."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.office.staff.views.acts import offered
from liuchi.doors.ui import reveals
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.purposes import CORRECTING, REQUESTED, SUPERVISION
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people.models import Employment, Income
from liuchi.ground.people.staff import held_by, incomes_of, is_lent_too_long, name_of, secondments_of, staff_member
from liuchi.ground.people.staffing import MANAGE, SEE

#: What somebody's income may be looked at for.
PURPOSES = (CORRECTING, REQUESTED, SUPERVISION)


@needs(SEE)
@never_cache
@require_GET
def member(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Show one person on the roll."""
    return _page(request, staff_member(viewer_in(request), employment_id))


@needs(MANAGE)
@never_cache
@require_POST
def reveal_income(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Show what somebody earns once; who looked and what for stays in the journal."""
    viewer = viewer_in(request)
    row = staff_member(viewer, employment_id)
    if not viewer.allows(MANAGE, row.organisation.area_id):
        raise NotAllowed(_("Only whoever manages the staff of this place may look at incomes."))
    form = reveals.form_in(request, PURPOSES)
    if not form.is_valid():
        return _page(request, row, sent=form, status=422)
    if form.cleaned_data["of"] != row.id:
        raise NotFound(_("There is no such person on the roll."))
    reveals.leave_line(
        request,
        form,
        subject_type="people.employment",
        field="people.income",
        person_id=row.person_id,
        place_id=row.organisation.area_id,
    )
    return _page(request, row, incomes=list(incomes_of(viewer, row.id)))


def _page(
    request: HttpRequest,
    row: Employment,
    *,
    sent: reveals.RevealForm | None = None,
    incomes: Sequence[Income] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_in(request)
    holdings = list(held_by(viewer, row.person.merged_into_id or row.person_id))
    may_manage = viewer.allows(MANAGE, row.organisation.area_id)
    lent = [(each, is_lent_too_long(each)) for each in secondments_of(viewer, row.id)]
    is_lent = any(each.returned_on is None for each, _is_late in lent)
    address, label = reverse("staff-income", args=[row.id]), _("Show the income")
    facts = {
        "row": row,
        "name": name_of(row.person),
        "holdings": holdings,
        "lent": lent,
        "acts": offered(row, is_lent=is_lent) if may_manage else [],
        "reveal": reveals.ask(address=address, of=row.id, label=label, purposes=PURPOSES, sent=sent)
        if may_manage and incomes is None
        else None,
        "may_manage": may_manage,
        "incomes": incomes,
    }
    return render(request, "office/staff/member.html", facts, status=status)
