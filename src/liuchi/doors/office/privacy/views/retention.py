"""How long records are kept: periods, what is held back, trials and runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.office.privacy.forms import HoldForm, LiftForm, PeriodForm, StartForm
from liuchi.doors.office.privacy.listings import RUN
from liuchi.doors.office.privacy.pages import pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.records.actions.retention import (
    lift_hold,
    make_trial,
    place_hold,
    set_period,
    start_run,
)
from liuchi.ground.records.declared import declared
from liuchi.ground.records.due import ending_types
from liuchi.ground.records.inventory import retention_text
from liuchi.ground.records.models import RetentionCount, RetentionRun, RunKind
from liuchi.ground.records.queries import (
    RETENTION,
    counts_of,
    holds_in_force,
    periods_set,
    retention_runs,
    run_for,
)


@dataclass(frozen=True)
class CountRow:
    """One record type in a report: its name in words, the numbers, and why what is kept is kept."""

    count: RetentionCount
    title: str
    why: str


@dataclass(frozen=True)
class RunRow:
    """One run in the list, with its sums."""

    run: RetentionRun
    due: int
    done: int
    held: int
    can_follow: bool


@needs(RETENTION)
@require_GET
def show_retention(request: HttpRequest) -> HttpResponse:
    """Show periods, holds and the newest runs."""
    return _page(request)


@needs(RETENTION)
@require_POST
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Make a trial, start a run, set a period, place or lift a hold."""
    if name == "trial":
        run = make_trial(by=viewer_in(request))
        messages.success(request, _("Counted. Nothing has been touched."))
        return redirect("privacy-run", run_id=run.id)
    if name not in _ACTS:
        raise NotFound(_("There is no such page."))
    make, do, told = _ACTS[name]
    form = make(request.POST)
    if form.is_valid():
        try:
            do(by=viewer_in(request), **form.cleaned_data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, str(told()))
            return redirect("privacy-retention")
    return _page(request, status=422, **{name: form})


@needs(RETENTION)
@require_GET
def show_run(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Show the report of a run, or hand it out as a file."""
    viewer = viewer_in(request)
    run = run_for(viewer, run_id)
    rows = [_row(count) for count in counts_of(viewer, run)]
    if is_export(request):
        return export_response(request, RUN, rows)
    facts = {
        "run": run,
        "rows": rows,
        "is_trial": run.kind == RunKind.TRIAL,
        "due": sum(row.count.due for row in rows),
        "follower": run.followers.order_by("started_at").first(),
        "exports": export_offers(request, RUN),
    }
    return render(request, "office/privacy/run.html", facts)


def _types() -> list[tuple[str, str]]:
    return [(each.name, str(each.title)) for each in ending_types()]


def _period_form(data: Any = None) -> PeriodForm:
    return PeriodForm(data, types=_types(), auto_id="period_%s")


def _hold_form(data: Any = None) -> HoldForm:
    return HoldForm(data, auto_id="hold_%s")


_ACTS: dict[str, tuple[Callable[..., HouseForm], Callable[..., object], Callable[[], str]]] = {
    "start": (StartForm, start_run, lambda: _("The worker puts away what the trial counted.")),
    "period": (_period_form, set_period, lambda: _("The period is set.")),
    "hold": (_hold_form, place_hold, lambda: _("Everything about this person is kept until the hold is lifted.")),
    "lift": (LiftForm, lift_hold, lambda: _("The hold is lifted.")),
}


def _page(request: HttpRequest, status: int = 200, **forms: HouseForm) -> HttpResponse:
    viewer = viewer_in(request)
    set_periods = periods_set(viewer)
    facts = {
        "privacy_pages": pages_for(viewer),
        "runs": [_run_row(run) for run in retention_runs(viewer)],
        "types": [
            (each, retention_text(each, period.days if (period := set_periods.get(each.name)) else None), period)
            for each in ending_types()
        ],
        "holds": [
            (hold, forms["lift"] if _is_of(forms.get("lift"), hold.id) else LiftForm(initial={"hold_id": hold.id}))
            for hold in holds_in_force(viewer)
        ],
        "period": forms.get("period") or _period_form(),
        "hold": forms.get("hold") or _hold_form(),
        "trouble": forms.get("start"),
    }
    return render(request, "office/privacy/retention.html", facts, status=status)


def _is_of(form: HouseForm | None, hold_id: UUID) -> bool:
    return form is not None and form["hold_id"].value() == str(hold_id)


def _run_row(run: RetentionRun) -> RunRow:
    counts = list(run.counts.all())
    return RunRow(
        run=run,
        due=sum(count.due for count in counts),
        done=sum(count.done for count in counts),
        held=sum(count.held for count in counts),
        can_follow=run.kind == RunKind.TRIAL and not run.followers.all(),
    )


def _row(count: RetentionCount) -> CountRow:
    found = declared().get(count.type_name)
    return CountRow(
        count=count,
        title=str(found.title) if found else count.type_name,
        why=retention_text(found, count.days) if found else "",
    )
