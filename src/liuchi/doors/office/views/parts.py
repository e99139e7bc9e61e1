"""Supporting parts on the case page: who helps, what they answered, and what this viewer may do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.lists import list_behind
from liuchi.doors.office.part_forms import BACKWARD, FORMS, PartForm, label_of
from liuchi.doors.ui.files import NO_FILES_YET, Brought, ShownFile, bring_files, holder_of, is_only_about_files
from liuchi.doors.ui.kept import mark_of, take_kept_fields
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.helping import Helping, helping_in, part_in
from liuchi.engines.cases.models import Assignment, Case
from liuchi.engines.cases.queries import case_at_work
from liuchi.engines.cases.supporting import PART_MOVES
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.belonging import Files
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken


@dataclass(frozen=True)
class OpenPartMove:
    """Something this viewer may do about a part, or to begin one: its label, its form and where the form goes."""

    name: str
    label: str
    address: str
    form: PartForm
    is_back: bool
    note: str
    until: datetime | None = None
    brought: Brought = NO_FILES_YET


@dataclass(frozen=True)
class ShownPart:
    """A part with its answer and what this viewer may do about it."""

    part: Helping
    files: Sequence[ShownFile]
    moves: Sequence[OpenPartMove]


@dataclass(frozen=True)
class ShownParts:
    """The block of the case page; empty parts and moves mean that it is left out."""

    parts: Sequence[ShownPart]
    moves: Sequence[OpenPartMove]


def parts_block(request: HttpRequest, case: Case, files: Mapping[UUID, Sequence[ShownFile]]) -> ShownParts:
    """Return the supporting parts of a case that was read with the viewer's eyes."""
    viewer = viewer_in(request)
    found = helping_in(viewer, case)
    parts = [
        ShownPart(
            each,
            files.get(each.answer_id, ()) if each.answer_id else (),
            [_open(request, case, name, each) for name in each.moves],
        )
        for each in found.parts
    ]
    beginning = [_open(request, case, name, None) for name in found.moves]
    return ShownParts(parts, [move for move in beginning if not getattr(move.form, "is_empty", False)])


@needs(*WORK_POWERS)
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Bring a unit in, call it in, or ask for it."""
    if name not in FORMS or not PART_MOVES[name].begins:
        raise Http404
    return _act(request, case_at_work(viewer_in(request), number), name, None)


@needs(*WORK_POWERS)
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, part: UUID, name: str) -> HttpResponse:
    """Do something about a part; a refusal shows the form again with everything typed."""
    if name not in FORMS or PART_MOVES[name].begins:
        raise Http404
    subject = case_at_work(viewer_in(request), number)
    return _act(request, subject, name, part_in(subject, part))


def _act(request: HttpRequest, case: Case, name: str, part: Assignment | None) -> HttpResponse:
    kind, do = FORMS[name]
    viewer: Viewer = viewer_in(request)
    if request.method == "GET":
        return _page(request, name, kind(case=case, name=name, initial=take_kept_fields(request)), case, part)
    form = kind(request.POST, case=case, name=name)
    brought = bring_files(request) if kind.takes_files else NO_FILES_YET
    if is_only_about_files(request):
        form = kind(case=case, name=name, initial=request.POST.dict())
        return _page(request, name, form, case, part, brought=brought)
    status = 422
    if not brought.errors and form.is_valid():
        given = {"part_id": part.id} if part is not None else {}
        files = {"files": Files(brought.ids, holder_of(request))} if brought.files else {}
        try:
            do(by=viewer, case_id=case.id, **given, **form.arguments(), **files)
        except RuleBroken as error:
            form.refuse(error)
            status = 403 if isinstance(error, NotAllowed) else 409
        else:
            done = {"number": case.number, "done": label_of(name)}
            messages.success(request, _("%(number)s: %(done)s: done") % done)
            return redirect(_case_address(request, case))
    return _page(request, name, form, case, part, brought=brought, status=status)


def _page(
    request: HttpRequest,
    name: str,
    form: PartForm,
    case: Case,
    part: Assignment | None,
    *,
    brought: Brought = NO_FILES_YET,
    status: int = 200,
) -> HttpResponse:
    facts = {
        "title": label_of(name),
        "subject": f"{case.number} · {part.unit.name}" if part is not None else case.number,
        "asked": part.reason if part is not None else "",
        "behind": _case_address(request, case),
        "form": form,
        "is_ending": name in BACKWARD,
        "brought": brought,
        "made_for": mark_of(request),
    }
    return render(request, "office/case/part_step.html", facts, status=status)


def _open(request: HttpRequest, case: Case, name: str, part: Helping | None) -> OpenPartMove:
    behind = list_behind(request.GET.get("list", ""))
    if part is None:
        address = reverse("office-part-begin", args=[case.number, name])
    else:
        address = reverse("office-part", args=[case.number, part.id, name])
    return OpenPartMove(
        name,
        label_of(name),
        f"{address}?list={quote(behind, safe='')}" if behind else address,
        FORMS[name][0](case=case, name=name, auto_id=f"{name}_{part.id if part else case.id}_%s"),
        name in BACKWARD,
        _note(name),
        part.decline_until if part is not None and name == "decline_part" else None,
    )


def _note(name: str) -> str:
    return {
        "uphold_part": _("The part ends, and bringing the unit in counts as wrong."),
        "release_part": _("The lead need not wait for this unit any more."),
        "ask_for": _("For a unit that no list of duties names; the dispatcher decides."),
    }.get(name, "")


def _case_address(request: HttpRequest, case: Case) -> str:
    behind = list_behind(request.GET.get("list", ""))
    page = reverse("office-case", args=[case.number])
    return f"{page}?list={quote(behind, safe='')}#parts" if behind else f"{page}#parts"
