"""Keeping a case from the unit that it is about: the desk says which, or that it is about none."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.stepping import Step, StepForm, take_step
from liuchi.doors.ui.forms import PlainText
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.actions.secret import lift_secrecy, name_accused
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.queries import case_at_work
from liuchi.engines.cases.secrecy import left_out_units
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.organisations.queries import units

LONGEST = 2000


class _OfCase(StepForm):
    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case


class NameForm(_OfCase):
    """Which units the report is about."""

    units = forms.MultipleChoiceField(
        label=gettext_lazy("Which units is it about?"),
        error_messages={"required": gettext_lazy("Choose the units that the report is about.")},
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They and everything under them see nothing of the case, and are not given it."),
    )
    text = PlainText(label=gettext_lazy("Note for colleagues"), required=False, longest=LONGEST, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(unit), name) for unit, name in units().values_list("id", "name")]
        self.fields["units"].choices = offered  # type: ignore[attr-defined]
        self.fields["units"].initial = [str(unit.id) for unit in left_out_units(self.case)]

    def act(self, by: Actor) -> None:
        """Keep the case from them."""
        given = self.cleaned_data
        chosen = [UUID(unit) for unit in given["units"]]
        name_accused(by=by, case_id=self.case.id, unit_ids=chosen, text=given["text"])


class LiftForm(_OfCase):
    """Why it is about no unit."""

    text = PlainText(label=gettext_lazy("Why the report is about no unit"), longest=LONGEST, rows=2)

    def act(self, by: Actor) -> None:
        """Let the case be known."""
        lift_secrecy(by=by, case_id=self.case.id, text=self.cleaned_data["text"])


@needs("cases.accept")
@never_cache
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest, number: str) -> HttpResponse:
    """Say which units a report is about."""
    case = _case(request, number)
    step = Step(
        _("Keep it from the unit that it is about"),
        case.number,
        _address(case),
        _("The case is kept from these units."),
    )
    return take_step(request, lambda *args, **kwargs: NameForm(*args, case=case, **kwargs), step)


@needs("cases.accept")
@never_cache
@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a report is about no unit."""
    case = _case(request, number)
    step = Step(
        _("It is about no unit"), case.number, _address(case), _("The case is not secret any more."), is_ending=True
    )
    return take_step(request, lambda *args, **kwargs: LiftForm(*args, case=case, **kwargs), step)


def _case(request: HttpRequest, number: str) -> Case:
    viewer = viewer_in(request)
    case = case_at_work(viewer, number)
    if not viewer.allows("cases.accept", case.place_id):
        raise NotAllowed(_("Only the desk says whom a report is about."))
    return case


def _address(case: Case) -> str:
    return reverse("office-case", args=[case.number])
