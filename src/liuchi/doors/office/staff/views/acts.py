"""Changing one person's row of the roll: terms, income, lending, return, end; and putting somebody on it."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.choosing import suggested_bodies
from liuchi.doors.office.placing import uuid_in
from liuchi.doors.office.staff.forms import EndForm, IncomeForm, LendForm, ReturnForm, StaffForm, TermsForm
from liuchi.doors.office.staff.roll_forms import EmployForm
from liuchi.doors.office.stepping import Step, take_step
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.queries import organisations
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
    "terms": Act(gettext_lazy("Change the terms"), TermsForm, gettext_lazy("Noted")),
    "earns": Act(gettext_lazy("Note an income"), IncomeForm, gettext_lazy("Noted")),
    "lend": Act(gettext_lazy("Lend to another organisation"), LendForm, gettext_lazy("Noted")),
    "return": Act(gettext_lazy("Note the return"), ReturnForm, gettext_lazy("Noted")),
    "end": Act(gettext_lazy("Take off the roll"), EndForm, gettext_lazy("Noted")),
}


def offered(row: Employment, *, is_lent: bool) -> list[tuple[str, Promise]]:
    """Return the changes that fit a row as it stands, by name and title."""
    names = () if row.valid_to else ("terms", "earns", "return" if is_lent else "lend", "end")
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
    step = Step(
        title=chosen.title,
        subject=f"{name_of(row.person)} · {row.organisation.name}",
        behind=reverse("staff-member", args=[row.id]),
        done=chosen.done,
        is_ending=name == "end",
        suggestions=suggested_bodies() if name == "lend" else (),
    )
    return take_step(request, partial(chosen.form, row=row, lent=lent), step)


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Put somebody on the roll of an organisation: first which, where the address names none, then who."""
    viewer = viewer_in(request)
    chosen = uuid_in(request.GET.get("organisation", ""))
    known = list(organisations().filter(is_one_of("area_id", viewer.areas(MANAGE))).order_by("name", "id"))
    body: Organisation | None = next((each for each in known if each.id == chosen), None)
    if body is None:
        return render(request, "office/staff/where.html", {"bodies": known}, status=404 if chosen else 200)
    step = Step(
        title=_("Add somebody to the roll"),
        subject=body.name,
        behind=f"{reverse('staff')}?organisation={body.id}",
        done=_("They are on the roll."),
    )
    return take_step(request, partial(EmployForm, body=body), step)
