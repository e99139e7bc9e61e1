"""What stands in areas that ended and nobody could place: whoever keeps the areas says where it goes on."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.territory.pages import tabs_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.territory.changing import POWER
from liuchi.ground.territory.listings import QUESTIONS
from liuchi.ground.territory.standing import open_questions, settle

#: Questions shown at once; the others come up as these are settled.
_SHOWN = 50


class SettleForm(HouseForm):
    """Which question, and the area in which it goes on."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput)
    row = forms.UUIDField(widget=forms.HiddenInput)
    area = forms.UUIDField(
        label=gettext_lazy("Goes on in"), error_messages={"required": gettext_lazy("Choose an area.")}
    )


@needs(POWER)
@never_cache
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest) -> HttpResponseBase:
    """Show the open questions after splits and closings; sent, settle one."""
    viewer, form, status = viewer_in(request), SettleForm(request.POST or None), 200
    if request.method == "POST":
        if form.is_valid():
            given = form.cleaned_data
            try:
                settle(by=viewer, code=given["code"], row_id=given["row"], area_id=given["area"])
                messages.success(request, _("Settled. It goes on in the area chosen."))
                return redirect("territory-questions")
            except RuleBroken as error:
                form.refuse(error)
                status = 403 if isinstance(error, NotAllowed) else 422
        else:
            status = 422
    found = open_questions(viewer)
    if is_export(request):
        return export_response(request, QUESTIONS, found)
    chosen = _uuid(form.data.get("area", "")) if form.is_bound else None
    facts = {
        "tabs": tabs_for(viewer),
        "form": form,
        "rows": found[:_SHOWN],
        "exports": export_offers(request, QUESTIONS) if found else [],
        "hidden": max(len(found) - _SHOWN, 0),
        "asked": form.data.get("row", "") if form.is_bound else "",
        "chosen": chosen,
    }
    return render(request, "office/territory/questions.html", facts, status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
