"""Supervision at the desk: the list, and what is done about one case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.office.supervising import FORMS, TONES, Sent, make_form, office_words, supervision_of, why
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.files import NO_FILES_YET, bring_files, holder_of, is_only_about_files
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import SUPERVISION_READERS, WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.models import Case, Level, Standing, Supervision
from liuchi.engines.cases.queries import case_at_work, public_place
from liuchi.engines.cases.supervision.actions.answering import accept_answer, answer_supervision, send_back_answer
from liuchi.engines.cases.supervision.actions.by_hand import order_case, remind_of_case, withdraw_supervision
from liuchi.engines.cases.supervision.listings import SUPERVISIONS
from liuchi.engines.cases.supervision.queries import (
    SHOWN,
    Filters,
    all_supervisions,
    counts_by_level,
    supervised_units,
    supervision_for,
    supervisions,
)
from liuchi.ground.attachments.belonging import Files
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

NAMES = ("shown", "level", "unit", "town", "after")
ON_CASES: Mapping[str, Callable[..., object]] = {"remind": remind_of_case, "order": order_case}
ON_SUPERVISIONS: Mapping[str, Callable[..., object]] = {
    "answer": answer_supervision,
    "accept": accept_answer,
    "send-back": send_back_answer,
    "withdraw": withdraw_supervision,
}
DONE: Mapping[str, str | Promise] = {
    "remind": gettext_lazy("Reminded"),
    "order": gettext_lazy("Ordered; an answer is due"),
    "answer": gettext_lazy("Answered; whoever ordered has been told"),
    "accept": gettext_lazy("The answer is accepted"),
    "send-back": gettext_lazy("The answer went back"),
    "withdraw": gettext_lazy("Withdrawn"),
}
SHOWN_WORDS: Mapping[str, str | Promise] = {
    "open": gettext_lazy("Still open"),
    "late": gettext_lazy("No answer in time"),
    "answered": gettext_lazy("Answered, to be looked at"),
    "ended": gettext_lazy("Done with"),
}


@dataclass(frozen=True)
class Choice:
    """A link that narrows the list."""

    label: str
    address: str
    is_chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Row:
    """One reminder, order or card in the list."""

    row: Supervision
    title: str
    place: str
    to: str
    why: str
    tone: str
    is_late: bool


@needs(*SUPERVISION_READERS)
@require_GET
def supervision_list(request: HttpRequest) -> HttpResponseBase:
    """Show a page of reminders, orders and cards, or hand out all of them as a file."""
    viewer = viewer_in(request)
    query = {name: request.GET.get(name, "") for name in NAMES}
    filters = _filters(query)
    if is_export(request):
        return export_response(request, SUPERVISIONS, lambda by: all_supervisions(by, filters))
    page = supervisions(viewer, filters)
    counts = counts_by_level(viewer, filters)
    facts = {
        "rows": [_row(each) for each in page.rows],
        "filters": filters,
        "shown": [
            Choice(str(label), _address(query, shown=name, after=""), filters.shown == name)
            for name, label in SHOWN_WORDS.items()
        ],
        "levels": _levels(query, filters, counts),
        "units": supervised_units(viewer),
        "towns": territory().of_kind(AreaKind.TOWN),
        "next": _address(query, after=str(page.next_key)) if page.next_key else "",
        "first": _address(query, after=""),
        "is_later_page": filters.after is not None,
        "is_narrowed": bool(filters.level or filters.unit_id or filters.town_id or filters.shown != "open"),
        "exports": export_offers(request, SUPERVISIONS),
    }
    return render(request, "office/supervision/list.html", facts)


@needs(*WORK_POWERS, "cases.supervise")
@require_GET
def case_supervision(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was urged about one case, what was answered, and what this reader may do."""
    return _page(request, case_at_work(viewer_in(request), number), None)


@needs(*WORK_POWERS, "cases.supervise")
@never_cache
@require_POST
def urge(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Remind of a case, or order; a refusal shows the page with everything typed."""
    if act not in ON_CASES:
        raise Http404
    case = case_at_work(viewer_in(request), number)
    form = make_form(act, case, None, request.POST)
    return _do(request, case, Sent(act, form), lambda given: ON_CASES[act](case_id=case.id, **given))


@needs(*WORK_POWERS, "cases.supervise")
@never_cache
@require_POST
def respond(request: HttpRequest, number: str, supervision: UUID, act: str) -> HttpResponse:
    """Answer, judge an answer, or withdraw; a refusal shows the page with everything typed."""
    if act not in ON_SUPERVISIONS:
        raise Http404
    case = case_at_work(viewer_in(request), number)
    row = supervision_for(viewer_in(request), supervision)
    if row is None or row.case_id != case.id:
        raise NotFound(_("There is no such reminder, order or card."))
    form = make_form(act, case, row, request.POST)
    brought = bring_files(request) if FORMS[act].takes_files else NO_FILES_YET
    sent = Sent(act, form, row.id, brought)
    if is_only_about_files(request) or brought.errors:
        return _page(request, case, sent, status=422 if brought.errors else 200)
    files = {"files": Files(brought.ids, holder_of(request))} if brought.files else {}
    return _do(request, case, sent, lambda given: ON_SUPERVISIONS[act](supervision_id=row.id, **given, **files))


def _do(request: HttpRequest, case: Case, sent: Sent, act: Callable[[dict[str, Any]], object]) -> HttpResponse:
    if not sent.form.is_valid():
        return _page(request, case, sent, status=422)
    try:
        act({"by": viewer_in(request), **sent.form.arguments()})
    except RuleBroken as error:
        sent.form.refuse(error)
        return _page(request, case, sent, status=403 if isinstance(error, NotAllowed) else 409)
    messages.success(request, _("%(number)s: %(done)s") % {"number": case.number, "done": DONE[sent.act]})
    return redirect(reverse("office-case", args=[case.number]) + "#supervision")


def _page(request: HttpRequest, case: Case, sent: Sent | None, status: int = 200) -> HttpResponse:
    facts = {"case": case, "place": public_place(case), "supervision": supervision_of(request, case, sent)}
    return render(request, "office/supervision/case.html", facts, status=status)


def _row(row: Supervision) -> Row:
    case = row.case
    title = case.condition.case_class.name if case.condition else _("Not yet classified")
    late = row.standing == Standing.OPEN and row.level != Level.REMINDER and row.answer_due_at < clock.now()
    to = row.unit.short_name if row.unit else office_words(row.step)
    return Row(row, title, public_place(case), to, why(row), TONES[row.level], late)


def _levels(query: Mapping[str, str], filters: Filters, counts: Mapping[str, int]) -> list[Choice]:
    total = Choice(_("All"), _address(query, level="", after=""), not filters.level, sum(counts.values()))
    return [total] + [
        Choice(str(level.label), _address(query, level=level.value, after=""), filters.level == level, counts[level])
        for level in Level
        if counts.get(level)
    ]


def _filters(query: Mapping[str, str]) -> Filters:
    return Filters(
        shown=query["shown"] if query["shown"] in SHOWN else "open",
        level=query["level"] if query["level"] in Level.values else "",
        unit_id=_uuid(query["unit"]),
        town_id=_uuid(query["town"]),
        after=_uuid(query["after"]),
    )


def _address(query: Mapping[str, str], **changes: str) -> str:
    return urlencode({name: value for name, value in {**query, **changes}.items() if value})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
