"""The case page: everything known, and one form for each move open to this viewer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.appeals.shown import appeals_shown
from liuchi.doors.office.ending_forms import ALL_MOVES
from liuchi.doors.office.file_forms import RemoveFileForm
from liuchi.doors.office.forms import Look, MoveForm
from liuchi.doors.office.gathering import gathered, listed
from liuchi.doors.office.lists import list_behind, way_back
from liuchi.doors.office.reporters import Reporter, reporters_of
from liuchi.doors.office.supervising import supervision_of
from liuchi.doors.office.views.parts import parts_block
from liuchi.doors.ui import reveals
from liuchi.doors.ui.files import (
    NO_FILES_YET,
    Brought,
    ShownFile,
    bring_files,
    files_of,
    holder_of,
    is_only_about_files,
)
from liuchi.doors.ui.kept import mark_of, take_kept_fields
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.doors.ui.timeline import TOLD, entries, pledge_of, stages
from liuchi.engines.cases.access import may_reach_reporter, moves_open_to
from liuchi.engines.cases.actions.opening import note_opening
from liuchi.engines.cases.allowances import Allowance, allowance, due_if_extended
from liuchi.engines.cases.explaining import explain_deadline
from liuchi.engines.cases.jurisdictions import zone_at
from liuchi.engines.cases.models import Case, CaseClock, CaseMove, Report, State
from liuchi.engines.cases.nearby import components_near
from liuchi.engines.cases.queries import case_at_work, clocks_of, moves_of, public_place, reports_of
from liuchi.engines.cases.secrecy import left_out_units
from liuchi.engines.cases.workflow import BESIDE_HANDLING
from liuchi.ground.access.purposes import ANSWER, CLARIFY, LOCATE
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.actions import remove_attachment
from liuchi.ground.attachments.belonging import Files
from liuchi.ground.attachments.queries import attachments_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken

LONGEST_WORDS = 40
PURPOSES = (CLARIFY, LOCATE, ANSWER)
#: In which order moves are offered: the way forward first.
FORWARD = ("file", "dispatch", "verify", "hand_in", "pass_check", "close")
#: What the way forward is once a checker found nothing of the kind.
NOT_FOUND_FORWARD = ("refuse",)
#: Moves that send a case back or end it unsolved; their buttons look different.
BACKWARD = frozenset(
    {"refuse", "return_to_desk", "decline", "reject_decline", "refuse_extension", "refuse_pause", "fail_check"}
    | {"take_back"}
    | {"ask_ending", "propose_ending", "approve_ending", "reject_ending"}
)


@dataclass(frozen=True)
class OpenMove:
    """A move this viewer may make now: its name, label and form."""

    name: str
    label: str
    form: MoveForm
    is_first: bool
    is_back: bool
    brought: Brought = NO_FILES_YET
    allowance: Allowance | None = None
    new_due: datetime | None = None


@dataclass(frozen=True)
class Shown:
    """What one showing of the page adds: a form sent and refused, fields kept over a sign-in, a reporter revealed."""

    sent: tuple[str, MoveForm] | None = None
    kept: tuple[str, dict[str, str]] | None = None
    after_sign_in: bool = False
    news_since: int | None = None
    revealed: Reporter | None = None
    reveal_form: reveals.RevealForm | None = None
    brought: tuple[str, Brought] | None = None
    status: int = 200


@needs(*WORK_POWERS)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case to somebody who works on it; the unit that has it to handle has opened it then."""
    subject, viewer = _case(request, number), viewer_in(request)
    if subject.state == State.HANDLING and viewer.allows_in("cases.handle", subject.unit_id):
        note_opening(by=viewer, case_id=subject.id)
    return _page(request, subject, Shown())


@needs(*WORK_POWERS)
@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Make one move with a case; a refusal shows the page again with everything typed."""
    if name not in ALL_MOVES:
        raise Http404
    subject = _case(request, number)
    if request.method == "GET":
        kept = take_kept_fields(request)
        if not kept:
            return redirect(_address(request, subject))
        return _page(request, subject, Shown(kept=(name, kept), after_sign_in=True))
    if "search" in request.POST or "suggested" in request.POST:
        return _page(request, subject, Shown(kept=(name, request.POST.dict())))
    kind, act = ALL_MOVES[name]
    look = _look(request, subject, reports_of(subject), list(moves_of(subject)))
    form = kind(request.POST, look=look, auto_id=f"{name}_%s")
    brought = bring_files(request) if kind.takes_files else NO_FILES_YET
    if is_only_about_files(request):
        return _page(request, subject, Shown(kept=(name, request.POST.dict()), brought=(name, brought)))
    if not brought.errors and form.is_valid():
        files = {"files": Files(brought.ids, holder_of(request))} if brought.files else {}
        try:
            act(by=viewer_in(request), case_id=subject.id, **form.arguments(), **files)
        except RuleBroken as error:
            form.refuse(error)
            subject = _case(request, number)
            status = 403 if isinstance(error, NotAllowed) else 409
            since = form.cleaned_data.get("version")
            shown = Shown(sent=(name, form), brought=(name, brought), news_since=since, status=status)
            return _page(request, subject, shown)
        messages.success(request, _("%(number)s: %(done)s") % {"number": number, "done": TOLD[name][0]})
        return redirect(_address(request, subject))
    return _page(request, subject, Shown(sent=(name, form), brought=(name, brought), status=422))


@needs(*WORK_POWERS)
@never_cache
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show a reporter's name and phone once; who looked and what for stays in the journal."""
    subject, viewer = _case(request, number), viewer_in(request)
    if not may_reach_reporter(viewer, subject):
        raise NotAllowed(_("Only the desk and the unit in charge may look at the reporter's name and phone."))
    form = reveals.form_in(request, PURPOSES)
    reports = {report.id: report for report in reports_of(subject)}
    report = reports.get(form.cleaned_data["of"]) if form.is_valid() else None
    if report is None:
        return _page(request, subject, Shown(reveal_form=form, status=422))
    reveals.leave_line(
        request,
        form,
        subject_type="cases.report",
        field="contact",
        person_id=report.reporter_id,
        place_id=subject.place_id,
    )
    return _page(request, subject, Shown(revealed=reporters_of([report], plain=True)[0]))


@needs("cases.accept")
@require_POST
def remove_file(request: HttpRequest, number: str, attachment: UUID) -> HttpResponse:
    """Take a photo or file away that should not be here; that there was one stays."""
    subject = _case(request, number)
    form = RemoveFileForm(request.POST)
    found = attachments_of([each.id for group in (reports_of(subject), moves_of(subject)) for each in group])
    known = {row.id for rows in found.values() for row in rows}
    if attachment not in known or not form.is_valid():
        raise NotFound(_("There is no such file."))
    remove_attachment(
        by=viewer_in(request), attachment_id=attachment, place_id=subject.place_id, reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("The file was removed."))
    return redirect(_address(request, subject))


def _case(request: HttpRequest, number: str) -> Case:
    viewer = viewer_in(request)
    return case_at_work(viewer, number)


def _look(request: HttpRequest, subject: Case, reports: Iterable[Report], past: Sequence[CaseMove]) -> Look:
    words = request.GET.get("q") or request.POST.get("suggested") or request.POST.get("q") or ""
    words, known = words.replace("\0", "").strip()[:LONGEST_WORDS], list(reports)
    said = " ".join(report.text for report in known)
    return Look(subject, words, said, past, viewer_in(request), [each.id for each in known], _chosen(known))


def _chosen(reports: Iterable[Report]) -> set[str]:
    return {each.matter for each in reports if each.matter}


def _address(request: HttpRequest, subject: Case) -> str:
    behind = list_behind(request.GET.get("list", ""))
    page = reverse("office-case", args=[subject.number])
    return f"{page}?list={quote(behind, safe='')}" if behind else page


def _reporters(
    request: HttpRequest,
    subject: Case,
    reports: Iterable[Report],
    shown: Shown,
    files: Mapping[UUID, Sequence[ShownFile]],
) -> list[tuple[Reporter, reveals.Asked | None]]:
    """Return the reports, each with the question to be answered before its reporter is shown; None where nobody may."""
    behind = list_behind(request.GET.get("list", ""))
    address = reverse("office-reveal", args=[subject.number]) + (f"?list={quote(behind, safe='')}" if behind else "")
    may = may_reach_reporter(viewer_in(request), subject)
    label = _("Show name and phone")
    return [
        (
            each,
            reveals.ask(address=address, of=each.report_id, label=label, purposes=PURPOSES, sent=shown.reveal_form)
            if may and each.has_contact
            else None,
        )
        for each in reporters_of(reports, files=files)
    ]


def _moves(viewer: Viewer, subject: Case, shown: Shown, look: Look, clocks: Sequence[CaseClock]) -> list[OpenMove]:
    forward = NOT_FOUND_FORWARD if look.was_not_found() else FORWARD
    open_moves = [each for each in moves_open_to(viewer, subject) if each.name in ALL_MOVES]
    open_moves.sort(key=lambda each: each.name not in forward)
    sent = shown.sent or ("", None)
    wanted = sent[0] or (shown.kept[0] if shown.kept else "") or ("file" if look.words else "")
    wanted = wanted or (open_moves[0].name if open_moves else "")
    made, new_due = [], due_if_extended(clocks)
    for each in open_moves:
        initial = shown.kept[1] if shown.kept and shown.kept[0] == each.name else {}
        form = sent[1] if sent[0] == each.name and sent[1] is not None else None
        form = form or ALL_MOVES[each.name][0](look=look, auto_id=f"{each.name}_%s", initial=initial)
        brought = shown.brought[1] if shown.brought and shown.brought[0] == each.name else NO_FILES_YET
        is_first, is_back = each.name == wanted, each.name in BACKWARD
        left = allowance(each, subject, look.past, clock.now())
        made.append(OpenMove(each.name, str(each.label), form, is_first, is_back, brought, left, new_due))
    return made


def _page(request: HttpRequest, subject: Case, shown: Shown) -> HttpResponse:
    viewer = viewer_in(request)
    clocks = list(clocks_of(subject))
    reports = list(reports_of(subject))
    past = list(moves_of(subject))
    look = _look(request, subject, reports, past)
    moves = _moves(viewer, subject, shown, look, clocks)
    files = files_of(request, past, reports)
    told = entries(past, inside=True, files=files)
    facts = {
        "case": subject,
        "place": public_place(subject),
        "stages": stages(subject),
        "entries": told,
        "news": told[shown.news_since :] if shown.news_since is not None else [],
        "clocks": clocks,
        "limit_rule": next((why for each in clocks if (why := explain_deadline(each, clock.now())).source), None),
        "appeals": appeals_shown(viewer, subject, clocks),
        "parts": parts_block(request, subject, files),
        "withheld": subject.is_secret and not may_reach_reporter(viewer, subject),
        "accused": left_out_units(subject),
        "may_name_accused": viewer.allows("cases.accept", subject.place_id),
        "step_clock": _step_clock(subject, clocks),
        "components": components_near(viewer, subject),
        "gathered": gathered(viewer, subject, reports, past),
        "pledge": pledge_of(subject, clocks, clock.now()),
        "reporters": _reporters(request, subject, listed(reports), shown, files),
        "supervision": supervision_of(request, subject),
        "remove_file": RemoveFileForm(auto_id=False) if viewer.allows("cases.accept", subject.place_id) else None,
        "revealed": shown.revealed,
        "moves": moves,
        "asked": next((told[place] for place in _asking(subject, past)), None),
        "lost": _lost(shown, {each.name for each in moves}),
        "made_for": mark_of(request),
        "was_kept": shown.after_sign_in,
        "words": look.words,
        "list": list_behind(request.GET.get("list", "")),
        "back": way_back(list_behind(request.GET.get("list", ""))),
    }
    with timezone.override(zone_at(subject.place_id)):
        return render(request, "office/case.html", facts, status=shown.status)


def _asking(subject: Case, past: Sequence[CaseMove]) -> list[int]:
    """Return where in the history stands what the unit asks for, if somebody has to decide on it now."""
    if subject.state not in BESIDE_HANDLING | {State.PROPOSED}:
        return []
    return [
        place for place, move in enumerate(past) if move.to_state == subject.state and move.from_state != subject.state
    ][-1:]


def _step_clock(subject: Case, clocks: Iterable[CaseClock]) -> CaseClock | None:
    """Return the clock of the step the case is in; another may run beside it."""
    return next((each for each in clocks if each.step == subject.state and not each.stopped_at), None)


def _lost(shown: Shown, names: set[str]) -> dict[str, list[str]] | None:
    """Return why a move is no longer open, and what was typed for it, so that no words are lost; None if it is open."""
    why = [_("Somebody else changed this case meanwhile. Look at what changed, then act again.")]
    fields: Mapping[str, Any]
    if shown.sent is not None and shown.sent[0] not in names:
        form = shown.sent[1]
        fields, why = form.data, [str(error) for error in form.non_field_errors()] or why
    elif shown.kept is not None and shown.kept[0] not in names:
        fields = shown.kept[1]
    else:
        return None
    return {"why": why, "typed": [str(fields[key]) for key in ("text", "internal_text") if fields.get(key)]}
