"""One step with many cases: choosing, the shared inputs, and what becomes of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liuchi.doors.office.bulk_forms import FORMS, SharedForm, chosen_in
from liuchi.doors.office.lists import list_behind, way_back
from liuchi.doors.ui.kept import mark_of
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.doors.ui.timeline import TOLD
from liuchi.engines.cases.actions.bulk import MOST, begin_bulk
from liuchi.engines.cases.bulk import go_on, left_of
from liuchi.engines.cases.models import BulkRun
from liuchi.engines.cases.queries_bulk import ChosenCase, cases_of_run, chosen_cases, own_run
from liuchi.engines.cases.workflow import MOVES, Move
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken

#: Why a step cannot be taken back, and what can be done instead.
FOR_GOOD: Mapping[str, Promise] = {
    "send_to_verify": gettext_lazy(
        "It cannot be taken back: the checker says what was found, and the case comes back."
    ),
    "refuse": gettext_lazy("It cannot be taken back: the reporters have been told. They may report it again."),
    "take_back": gettext_lazy("The cases wait for dispatch again."),
    "return_to_desk": gettext_lazy("It cannot be taken back: the desk has the cases now, and may file them anew."),
    "close": gettext_lazy("It cannot be taken back: the reporters have been told. They may reopen them for 30 days."),
}


@dataclass(frozen=True)
class Undo:
    """What takes a run back: the move, its label, and until when it may be made at the latest."""

    move: str
    label: str
    until: datetime
    cases: Sequence[str]


@needs(*WORK_POWERS)
@never_cache
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Show what was chosen with the shared inputs; with `begin`, ask for the run and make the first moves."""
    viewer, name = viewer_in(request), request.POST.get("move", "")
    behind = list_behind(request.GET.get("list", ""))
    chosen = chosen_in(request.POST.getlist("case"))
    move = MOVES.get(name)
    if move is None or name not in FORMS or not chosen or len(chosen) > MOST:
        messages.warning(request, _why_not(name, len(chosen)))
        return redirect(way_back(behind))
    is_sent = "begin" in request.POST
    form = FORMS[name](request.POST if is_sent else None, auto_id="bulk_%s")
    status = 422 if form.errors else 200
    if is_sent and form.is_valid():
        try:
            run = begin_bulk(by=viewer, token=form.cleaned_data["token"], move=name, cases=chosen, given=form.given())
            go_on(by=viewer, run=run)
        except RuleBroken as error:
            form.refuse(error)
            status = 403 if isinstance(error, NotAllowed) else 409
        else:
            return redirect(_address(run, behind))
    return render(
        request, "office/bulk/choose.html", _asked(request, viewer, move, chosen, form, behind), status=status
    )


@needs(*WORK_POWERS)
@never_cache
@require_http_methods(["GET", "POST"])
def bulk_run(request: HttpRequest, run: UUID) -> HttpResponse:
    """Show what became of each case; sent, go on with those left for about a second."""
    viewer = viewer_in(request)
    found = own_run(viewer, run)
    behind = list_behind(request.GET.get("list", ""))
    if request.method == "POST":
        if found.ended_at is None:
            go_on(by=viewer, run=found)
        return redirect(_address(found, behind))
    rows = cases_of_run(viewer, found)
    settled = {each.id for each in rows} - {case_id for case_id, _version in left_of(found)}
    done = [each for each in rows if each.is_done]
    facts = {
        "run": found,
        "label": MOVES[found.move].label,
        "told": TOLD[found.move][0],
        "rows": [each for each in rows if each.id in settled],
        "done": len(done),
        "refused": len(settled) - len(done),
        "left": len(rows) - len(settled),
        "total": len(rows),
        "undo": _undo(viewer, found, done),
        "for_good": FOR_GOOD.get(found.move, ""),
        "list": behind,
        "back": way_back(behind),
        "address": _address(found, behind),
    }
    return render(request, "office/bulk/run.html", facts)


def _asked(
    request: HttpRequest,
    viewer: Viewer,
    move: Move,
    chosen: Sequence[tuple[UUID, int]],
    form: SharedForm,
    behind: str,
) -> dict[str, object]:
    rows = chosen_cases(viewer, [case_id for case_id, _version in chosen])
    versions = dict(chosen)
    return {
        "move": move,
        "rows": [(each, f"{each.id.hex}.{versions[each.id]}", each.state in move.sources) for each in rows],
        "fitting": sum(each.state in move.sources for each in rows),
        "form": form,
        "for_good": FOR_GOOD.get(move.name, ""),
        "undone_within": _minutes(move),
        "list": behind,
        "back": way_back(behind),
        "made_for": mark_of(request),
    }


def _undo(viewer: Viewer, run: BulkRun, done: Sequence[ChosenCase]) -> Undo | None:
    """Return what takes the done moves of a run back; None where nothing does, or not any more."""
    move = MOVES[run.move]
    undo = MOVES.get(move.undone_by)
    if undo is None or undo.bounds is None or undo.bounds.within is None or not viewer.allows(undo.power):
        return None
    until = run.begun_at + _length(undo)
    still = [f"{each.id.hex}.{each.version}" for each in done if each.state in undo.sources]
    return Undo(undo.name, str(undo.label), until, still) if still and clock.now() <= until else None


def _why_not(name: str, count: int) -> str:
    if not count:
        return _("Choose at least one case.")
    if name not in FORMS:
        return _("Choose the step to make with the cases you chose.")
    return _("Choose at most %(most)d cases at once; these are %(count)d.") % {"most": MOST, "count": count}


def _length(undo: Move) -> timedelta:
    """Return within what after the move it is undone: a continuous limit, as long by night."""
    if undo.bounds is None or undo.bounds.within is None:
        return timedelta(0)
    return timedelta(microseconds=undo.bounds.within.microseconds(hours_in_work_day=Decimal(24)))


def _minutes(move: Move) -> int:
    undo = MOVES.get(move.undone_by)
    return int(_length(undo).total_seconds() // 60) if undo is not None else 0


def _address(run: BulkRun, behind: str) -> str:
    address = reverse("bulk-run", args=[run.id])
    return f"{address}?list={quote(behind, safe='')}" if behind else address
