"""Pages by which the desk merges cases, undoes it, and makes several cases of one message."""

from uuid import UUID, uuid4

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
from liuchi.engines.cases.actions.merging import merge_case, unmerge_case, unmerge_filed_case
from liuchi.engines.cases.actions.splitting import split_off
from liuchi.engines.cases.leading import comes_first, was_promised
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.queries import case_at_work, reports_of
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken

LONGEST = 2000


class CaseStep(StepForm):
    """A change of one case, as it was read."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    subject: Case
    viewer: Viewer


class MergeForm(CaseStep):
    """Which other case is about the same matter. The one that was promised earlier goes on, whichever is named."""

    other = PlainText(
        label=gettext_lazy("Number of the other case"),
        longest=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("The one that was promised or reported earlier goes on; the other ends in it."),
    )
    text = PlainText(label=gettext_lazy("Note for colleagues"), required=False, longest=LONGEST, rows=2)

    def act(self, by: Actor) -> str:
        """Merge the later into the earlier, and go on to that one's page."""
        subject, given = self.subject, self.cleaned_data
        try:
            other = case_at_work(self.viewer, given["other"].strip())
        except NotFound as error:
            raise _NoSuchCase(str(error), field="other") from error
        if comes_first(other, subject):
            merge_case(by=by, case_id=subject.id, lead_id=other.id, version=given["version"], text=given["text"])
            return _page(other)
        merge_case(by=by, case_id=other.id, lead_id=subject.id, text=given["text"])
        return _page(subject)


class UnmergeForm(CaseStep):
    """Why two cases are not one matter after all."""

    text = PlainText(label=gettext_lazy("Why they are not the same (internal)"), longest=LONGEST, rows=3)

    def act(self, by: Actor) -> str:
        """Undo the merging."""
        undo = unmerge_filed_case if was_promised(self.subject) else unmerge_case
        undo(by=by, case_id=self.subject.id, text=self.cleaned_data["text"], version=self.cleaned_data["version"])
        return _page(self.subject)


class SplitForm(CaseStep):
    """One demand of a message."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    text = PlainText(
        label=gettext_lazy("The demand that becomes a case of its own"),
        longest=LONGEST,
        rows=5,
        help_text=gettext_lazy(
            "The whole message stands here: leave what this demand is about, in the reporter's words."
        ),
    )

    def act(self, by: Actor) -> str:
        """Make it a case of its own; the first one's page comes next, for there may be more."""
        given = self.cleaned_data
        split_off(by=by, case_id=self.subject.id, token=given["token"], text=given["text"], version=given["version"])
        return _page(self.subject)


class _NoSuchCase(RuleBroken):
    code = "no_such_case"


@needs("cases.accept")
@never_cache
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Merge this case with another."""
    return _take(request, number, MergeForm, _("Merge with another case"), _("The cases are merged."))


@needs("cases.accept")
@never_cache
@require_http_methods(["GET", "POST"])
def unmerge(request: HttpRequest, number: str) -> HttpResponse:
    """Undo the merging of this case."""
    return _take(request, number, UnmergeForm, _("Undo the merging"), _("The case is on its own again."))


@needs("cases.accept")
@never_cache
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, number: str) -> HttpResponse:
    """Make one demand of this message a case of its own."""
    done = _("The demand is a case of its own now. Are there more?")
    return _take(request, number, SplitForm, _("Several demands: make one a case of its own"), done)


def _take(request: HttpRequest, number: str, form: type[CaseStep], title: str, done: str) -> HttpResponse:
    viewer = viewer_in(request)
    subject = case_at_work(viewer, number)
    of_this_case = type(form.__name__, (form,), {"subject": subject, "viewer": viewer})
    initial: dict[str, object] = {"version": subject.version, "other": request.GET.get("other", "")[:30]}
    if form is SplitForm:
        initial |= {"token": UUID(int=uuid4().int), "text": _message(subject)}
    named = subject.condition.case_class.name if subject.condition else _("Not yet classified")
    return take_step(request, of_this_case, Step(title, f"{named} {subject.number}", _page(subject), done), initial)


def _message(subject: Case) -> str:
    return next((report.text for report in reports_of(subject) if not report.is_joined), "")[:LONGEST]


def _page(case: Case) -> str:
    return reverse("office-case", args=[case.number])
