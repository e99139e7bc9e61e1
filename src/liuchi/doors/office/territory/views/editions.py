"""Taking over a year's edition of the statistical divisions: a file, what it would change, and the change."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.territory.fields import DayField
from liuchi.doors.office.territory.pages import tabs_for
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.territory.actions import import_edition
from liuchi.ground.territory.changing import POWER
from liuchi.ground.territory.divisions import Divisions, divisions_in
from liuchi.ground.territory.editions import EditionPlan, plan_edition
from liuchi.ground.territory.queries import territory, today

#: The file travels signed in the page between preview and confirmation; larger ones are for the command line.
_LARGEST = 1_000_000
_SALT = "territory.edition"
_FRESH = 3600


class EditionForm(HouseForm):
    """A file of divisions, since when it holds, and whether it lists everything."""

    file = forms.FileField(label=gettext_lazy("File (JSON, or CSV with code and name)"), required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    on = DayField(
        label=gettext_lazy("In force from"),
        required=False,
        help_text=gettext_lazy("Empty: as the file says, else today."),
    )
    is_complete = forms.BooleanField(
        label=gettext_lazy("The file is complete: what it no longer lists closes"), required=False, initial=True
    )
    document = PlainText(label=gettext_lazy("By which document"), required=False, longest=120)


@needs(POWER)
@never_cache
@require_http_methods(["GET", "POST"])
def take_edition(request: HttpRequest) -> HttpResponse:
    """Show the form; sent, show what the file would change; confirmed, change it."""
    is_sent = request.method == "POST"
    form = EditionForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    facts: dict[str, Any] = {"tabs": tabs_for(viewer_in(request)), "form": form, "plan": None, "kept": "", "on": None}
    if is_sent and form.is_valid():
        try:
            content, name = _content(form)
            read = divisions_in(content, name)
            on = form.cleaned_data["on"] or read.edition or today()
            if "confirm" in request.POST:
                return _taken(request, form, read, on)
            facts |= {"plan": _planned(form, read, on), "kept": _kept(content, name), "on": on}
        except RuleBroken as error:
            form.refuse(error)
            status = 403 if isinstance(error, NotAllowed) else 422
            return render(request, "office/territory/editions.html", facts, status=status)
    status = 422 if form.errors else 200
    return render(request, "office/territory/editions.html", facts, status=status)


def _kept(content: bytes, name: str) -> str:
    return signing.dumps([name, content.decode("latin-1")], salt=_SALT, compress=True)


def _planned(form: EditionForm, read: Divisions, on: date) -> EditionPlan:
    return plan_edition(territory(on), read.areas, is_complete=form.cleaned_data["is_complete"])


def _taken(request: HttpRequest, form: EditionForm, read: Divisions, on: date) -> HttpResponse:
    given = form.cleaned_data
    plan = import_edition(
        by=viewer_in(request),
        areas=read.areas,
        on=on,
        is_complete=given["is_complete"],
        document=given["document"],
    )
    count = len(plan.added) + len(plan.changed) + len(plan.closed)
    messages.success(request, ngettext("%(n)d area changed.", "%(n)d areas changed.", count) % {"n": count})
    return redirect("territory-history")


class FileMissing(RuleBroken):
    """There is no file, or the page was open too long to know it still."""

    code = "file_missing"


def _content(form: EditionForm) -> tuple[bytes, str]:
    """Return the content and the name of the file sent, or of the one shown before.

    Raises:
        FileMissing: there is none, or it is too large for this page.
    """
    file = form.cleaned_data["file"]
    if file is not None:
        if file.size > _LARGEST:
            raise FileMissing(_("This file is too large for the page; use the command line."), field="file")
        return file.read(), file.name
    try:
        name, content = signing.loads(form.cleaned_data["kept"], salt=_SALT, max_age=_FRESH)
    except signing.BadSignature as error:
        raise FileMissing(_("Choose a file."), field="file") from error
    return str(content).encode("latin-1"), str(name)
