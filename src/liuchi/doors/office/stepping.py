"""One change at the desk: its form, what it would do where others feel it, doing it, and where one goes then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.kept import mark_of, take_kept_fields
from liuchi.doors.ui.middleware import viewer_in
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken

#: The buttons of a preview: do it, or back to what was typed.
CONFIRMED, BACK = "confirmed", "back"


@dataclass(frozen=True)
class Effect:
    """One line of a preview: what it is about, how it stands, how it would stand."""

    label: str
    before: str
    after: str


class StepForm(HouseForm):
    """The inputs of one change; `effects` tells what it would do, `act` hands it to one action."""

    has_preview = False

    def effects(self, viewer: Viewer) -> list[Effect]:  # noqa: ARG002 - for forms that show what would change
        """Return what the change would do, in words; asked once the form is valid."""
        return []

    def act(self, by: Actor) -> str | None:
        """Make the change; return the address that comes next, where it is not the page behind."""
        raise TypeError(f"{type(self).__name__} does not say what it does for {by.kind}")


@dataclass(frozen=True)
class Step:
    """What the pages of a change say: its title, whom it is about, the page behind, what is said once it is done."""

    title: str | Promise
    subject: str
    behind: str
    done: str | Promise
    is_ending: bool = False
    suggestions: Sequence[str] = ()
    note: str | Promise = ""


def take_step(
    request: HttpRequest,
    maker: Callable[..., StepForm],
    step: Step,
    initial: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form, then what it would do (where it has a preview), then do it; a refusal keeps what was typed."""
    kept = take_kept_fields(request) if request.method == "GET" else {}
    form = maker(request.POST or None, initial={**(initial or {}), **kept})
    if request.method != "POST" or BACK in request.POST:
        return _form(request, form, step, 200)
    if not form.is_valid():
        return _form(request, form, step, 422)
    try:
        if form.has_preview and CONFIRMED not in request.POST:
            return _preview(request, form, step)
        following = form.act(viewer_in(request))
    except RuleBroken as error:
        form.refuse(error)
        return _form(request, form, step, _status_of(error))
    messages.success(request, str(step.done))
    return redirect(following or step.behind)


def _status_of(error: RuleBroken) -> int:
    if isinstance(error, NotAllowed):
        return 403
    return 404 if isinstance(error, NotFound) else 409


def _form(request: HttpRequest, form: StepForm, step: Step, status: int) -> HttpResponse:
    facts = {
        "title": step.title,
        "subject": step.subject,
        "behind": step.behind,
        "is_ending": step.is_ending,
        "suggestions": step.suggestions,
        "note": step.note,
        "form": form,
        "made_for": mark_of(request),
    }
    return render(request, "office/step.html", facts, status=status)


def _preview(request: HttpRequest, form: StepForm, step: Step) -> HttpResponse:
    names = [name for name in request.POST if name in form.fields]
    facts = {
        "title": step.title,
        "subject": step.subject,
        "behind": step.behind,
        "is_ending": step.is_ending,
        "effects": form.effects(viewer_in(request)),
        "typed": [(name, value) for name in names for value in request.POST.getlist(name)],
        "on": form.cleaned_data.get("on"),
        "document": form.cleaned_data.get("document", ""),
        "made_for": mark_of(request),
    }
    return render(request, "office/step_preview.html", facts)
