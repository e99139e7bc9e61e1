"""Keeping the work-list one looks at under a name, and removing such a list."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from liuchi.doors.office.lists import list_address, list_behind, wanted_in
from liuchi.doors.office.views.work_list import address_of
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.doors.ui.kept import mark_of
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.actions.lists import LONGEST_NAME, remove_list, save_list
from liuchi.engines.cases.queries_lists import lists_for, units_shared_with
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken


class SaveForm(HouseForm):
    """A name, for whom, and whether it opens first."""

    name = PlainText(label=gettext_lazy("Name of the list"), longest=LONGEST_NAME)
    unit = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    is_default = forms.BooleanField(label=gettext_lazy("Open this list first"), required=False)

    def __init__(self, *args: object, viewer: Viewer, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        units = [(str(each.id), each.name) for each in units_shared_with(viewer)]
        self.fields["unit"].choices = [("", _("For me only")), *units]  # type: ignore[attr-defined]
        if not units:
            del self.fields["unit"]


@needs(*WORK_POWERS)
@require_http_methods(["GET", "POST"])
def save_a_list(request: HttpRequest) -> HttpResponse:
    """Ask for a name and keep the list that the address describes."""
    viewer, query = viewer_in(request), request.GET.dict()
    wanted = wanted_in(query)
    known = next((each for each in lists_for(viewer) if str(each.id) == query.get("saved")), None)
    initial = {"name": known.name, "is_default": known.is_default} if known and known.account_id == viewer.id else {}
    form = SaveForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        unit = UUID(given["unit"]) if given.get("unit") else None
        try:
            kept = save_list(by=viewer, name=given["name"], wanted=wanted, unit_id=unit, is_default=given["is_default"])
        except RuleBroken as error:
            form.refuse(error)
            status = 403 if isinstance(error, NotAllowed) else 409
        else:
            messages.success(request, _("The list “%(name)s” is kept.") % {"name": kept.name})
            return redirect(f"{reverse('work-list')}?{address_of(kept)}")
    facts = {
        "title": _("Keep this list"),
        "form": form,
        "behind": f"{reverse('work-list')}?{list_behind(list_address(query)) or 'scope=mine'}",
        "subject": _("The list is read anew each time it is opened: only what it is narrowed to is kept."),
        "made_for": mark_of(request),
        "is_ending": False,
    }
    return render(request, "office/save_list.html", facts, status=status)


@needs(*WORK_POWERS)
@require_POST
def remove_a_list(request: HttpRequest, kept: UUID) -> HttpResponse:
    """Remove a list of one's own."""
    viewer = viewer_in(request)
    if kept not in {each.id for each in lists_for(viewer) if each.account_id == viewer.id}:
        raise Http404
    row = remove_list(by=viewer, list_id=kept)
    messages.success(request, _("The list “%(name)s” was removed.") % {"name": row.name})
    return redirect(f"{reverse('work-list')}?scope=mine")
