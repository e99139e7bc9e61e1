"""Changing one person's row of the roll: lending, return, end."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.choosing import suggested_bodies
from liuchi.doors.office.staff.forms import EndForm, LendForm, ReturnForm, StaffForm
from liuchi.doors.ui.kept import mark_of, take_kept_fields
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.people.models import Employment
from liuchi.ground.people.staff import name_of, secondments_of, staff_member
from liuchi.ground.people.staffing import MANAGE


@dataclass(frozen=True)
class Act:
    """A change that the page of a person offers: its title, its form, what is said once it is done."""

    title: Promise
    form: type[StaffForm]
    done: Promise


ACTS = {
    "lend": Act(gettext_lazy("Lend to another organisation"), LendForm, gettext_lazy("Noted")),
    "return": Act(gettext_lazy("Note the return"), ReturnForm, gettext_lazy("Noted")),
    "end": Act(gettext_lazy("Take off the roll"), EndForm, gettext_lazy("Noted")),
}


def offered(row: Employment, *, is_lent: bool) -> list[tuple[str, Promise]]:
    """Return the changes that fit a row as it stands, by name and title."""
    names = () if row.valid_to else ("return" if is_lent else "lend", "end")
    return [(name, ACTS[name].title) for name in names]


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, employment_id: UUID, name: str) -> HttpResponse:
    """Show the form of one change, then make it; a refusal keeps what was typed."""
    if name not in ACTS:
        raise Http404
    viewer, chosen = viewer_in(request), ACTS[name]
    row = staff_member(viewer, employment_id)
    if not viewer.allows(MANAGE, row.organisation.area_id):
        raise NotAllowed(_("You may not change staff here. Ask whoever manages the staff of this place."))
    lent = secondments_of(viewer, row.id).filter(returned_on=None).first()
    if name not in {each for each, _title in offered(row, is_lent=lent is not None)}:
        raise NotFound(_("This has been done already. Look at the page of the person again."))
    kept = take_kept_fields(request) if request.method == "GET" else {}
    form, status = chosen.form(request.POST or None, row=row, lent=lent, initial=kept), 200
    behind = reverse("staff-member", args=[row.id])
    if request.method == "POST" and form.is_valid():
        try:
            form.act(viewer)
        except RuleBroken as error:
            form.refuse(error)
            status = 403 if isinstance(error, NotAllowed) else 409
        else:
            messages.success(request, str(chosen.done))
            return redirect(behind)
    facts = {
        "title": chosen.title,
        "subject": f"{name_of(row.person)} · {row.organisation.name}",
        "behind": behind,
        "is_ending": name == "end",
        "suggestions": suggested_bodies() if name == "lend" else (),
        "form": form,
        "made_for": mark_of(request),
    }
    return render(request, "office/form.html", facts, status=422 if form.errors and status == 200 else status)
