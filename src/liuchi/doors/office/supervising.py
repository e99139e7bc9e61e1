"""What the case page and the pages of supervision show of it: rows, answers, and the forms open to this reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from liuchi.doors.ui.files import NO_FILES_YET, Brought, ShownFile, files_of
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.words import limit_words
from liuchi.engines.cases.clocks import calendar_of
from liuchi.engines.cases.models import Case, Level, Origin, Standing, State, Supervision, SupervisionEntry
from liuchi.engines.cases.models.supervision import OPEN_STANDINGS
from liuchi.engines.cases.supervision.access import may_answer, may_order, reminds_in_office
from liuchi.engines.cases.supervision.issuing import holder
from liuchi.engines.cases.supervision.queries import orders_waiting, reminders_left, supervisions_of
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.calendars.limits import Limit, Unit
from liuchi.ground.calendars.queries import work_calendar
from liuchi.ground.kernel import clock

LONGEST = 2000
TONES: Mapping[str, str] = {Level.REMINDER: "now", Level.ORDER: "soon", Level.YELLOW: "soon", Level.RED: "late"}
#: Working days that an issuer may give for an answer.
DAYS = (1, 2, 3, 5)


class VersionForm(HouseForm):
    """The inputs of an act; `version` is what was read, and the action refuses when it changed meanwhile."""

    takes_files = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes beside the actor and the subject."""
        return dict(self.cleaned_data)


class RemindForm(VersionForm):
    """Asking for more haste; nothing has to be typed."""

    text = PlainText(label=gettext_lazy("Words with the reminder"), required=False, longest=LONGEST, rows=2)


class AnswerByForm(VersionForm):
    """Words, and by when an answer is due."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("Answer within"),
        coerce=int,
        empty_value="0",
        required=False,
        choices=[
            (0, gettext_lazy("the usual time")),
            *((n, ngettext_lazy("%(n)d working day", "%(n)d working days", n) % {"n": n}) for n in DAYS),
        ],
    )

    def arguments(self) -> dict[str, Any]:
        """Return the moment that the chosen working days lead to."""
        given = dict(self.cleaned_data)
        days = int(given.pop("days"))
        given["answer_by"] = (
            work_calendar(calendar_of(None).id).due(clock.now(), Limit(Decimal(days), Unit.WORK_DAY)).at
            if days
            else None
        )
        return given


class OrderForm(AnswerByForm):
    """An order: to whom, what, and by when an answer is due."""

    unit = forms.ChoiceField(label=gettext_lazy("Addressee"), required=False)
    text = PlainText(label=gettext_lazy("What is ordered"), longest=LONGEST, rows=3)
    field_order = ("version", "unit", "text", "days")

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(units) > 1:
            self.fields["unit"].choices = units  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]

    def arguments(self) -> dict[str, Any]:
        """Return the unit by its id; None for whoever has the case."""
        given = super().arguments()
        unit = given.pop("unit", "")
        return {**given, "unit_id": UUID(unit) if unit else None}


class AnswerForm(VersionForm):
    """An answer, with photos where they help."""

    takes_files = True
    text = PlainText(label=gettext_lazy("Why it took so long, and what you do now"), longest=LONGEST, rows=3)


class AcceptForm(VersionForm):
    """The answer is enough."""

    text = PlainText(label=gettext_lazy("Note for colleagues"), required=False, longest=LONGEST, rows=2)


class SendBackForm(AnswerByForm):
    """The answer is not enough."""

    text = PlainText(label=gettext_lazy("What is missing"), longest=LONGEST, rows=2)
    field_order = ("version", "text", "days")


class WithdrawForm(VersionForm):
    """Taking it back."""

    text = PlainText(label=gettext_lazy("Why it is withdrawn"), longest=LONGEST, rows=2)


@dataclass(frozen=True)
class Act:
    """Something this reader may do: its name in the address, label and form."""

    name: str
    label: str | Promise
    form: VersionForm
    is_back: bool = False
    is_open: bool = False
    prefix: str = ""
    brought: Brought = NO_FILES_YET


@dataclass(frozen=True)
class Told:
    """One thing that was said about a supervision."""

    title: str
    text: str
    at: datetime
    files: Sequence[ShownFile] = ()


@dataclass(frozen=True)
class ShownSupervision:
    """One reminder, order or card as pages show it."""

    row: Supervision
    tone: str
    to: str
    why: str
    is_late: bool
    told: Sequence[Told]
    acts: Sequence[Act]


@dataclass(frozen=True)
class Sent:
    """A form that was sent and refused: of which act, on which supervision (None: on the case)."""

    act: str
    form: VersionForm
    of: UUID | None = None
    brought: Brought = NO_FILES_YET


@dataclass(frozen=True)
class Shown:
    """Everything the block of supervision shows."""

    rows: Sequence[ShownSupervision] = ()
    acts: Sequence[Act] = ()
    open: int = 0


FORMS: Mapping[str, type[VersionForm]] = {
    "remind": RemindForm,
    "order": OrderForm,
    "answer": AnswerForm,
    "accept": AcceptForm,
    "send-back": SendBackForm,
    "withdraw": WithdrawForm,
}
LABELS: Mapping[str, str | Promise] = {
    "remind": gettext_lazy("Remind"),
    "order": gettext_lazy("Order"),
    "answer": gettext_lazy("Answer"),
    "accept": gettext_lazy("Accept the answer"),
    "send-back": gettext_lazy("Send the answer back"),
    "withdraw": gettext_lazy("Take it back"),
}


def supervision_of(request: HttpRequest, case: Case, sent: Sent | None = None) -> Shown:
    """Return what this reader sees of a case's supervision, and may do about it."""
    viewer = viewer_in(request)
    rows = list(supervisions_of(case))
    entries = [entry for row in rows for entry in row.entries.all()]
    files = files_of(request, entries) if entries else {}
    shown = [_shown(viewer, case, row, files, sent) for row in rows]
    waiting = sum(row.standing in OPEN_STANDINGS and row.level != Level.REMINDER for row in rows)
    return Shown(shown[::-1], _acts_on_case(viewer, case, rows, sent), waiting)


def units_of(case: Case) -> list[tuple[str, str]]:
    """Return whom an order may be for: whoever has the case, and the units with a part in it."""
    unit, step = holder(case)
    first = unit.name if unit else office_words(step)
    parts = case.assignments.filter(ended_at=None).select_related("unit").order_by("role", "assigned_at")
    return [("", first), *((str(part.unit_id), part.unit.name) for part in parts if part.unit_id != case.unit_id)]


def waiting_orders(viewer: Viewer) -> list[tuple[str, int]]:
    """Return how many orders and cards wait for an answer from the viewer's units, the hardest level first."""
    counts = orders_waiting(viewer)
    return [(str(level.label), counts[level]) for level in reversed(Level) if level in counts]


def office_words(step: str) -> str:
    """Return who has a step that is no unit's."""
    if step not in State.values:
        return _("Whoever coordinates the district's cases")
    return _("Whoever has it: %(state)s") % {"state": State(step).label}


def make_form(name: str, case: Case, row: Supervision | None, *args: Any) -> VersionForm:
    """Return the form of an act, blank or bound to what was sent."""
    given: dict[str, Any] = {"auto_id": f"{name}_{row.id.hex[-8:] if row else 'case'}_%s"}
    if name == "order":
        given["units"] = units_of(case)
    made = FORMS[name](*args, **given)
    made.fields["version"].initial = row.version if row else case.version
    return made


def _acts_on_case(viewer: Viewer, case: Case, rows: Sequence[Supervision], sent: Sent | None) -> list[Act]:
    if case.ended_at is not None:
        return []
    open_to = []
    if reminds_in_office(viewer, case) and reminders_left(rows, Origin.HAND):
        open_to.append("remind")
    unit, _step = holder(case)
    if may_order(viewer, case.place_id, unit.id if unit else None):
        open_to.append("order")
    if sent is not None and sent.of is None and sent.act not in open_to:
        open_to.append(sent.act)
    return [_act(name, case, None, sent) for name in open_to]


def _acts_on(viewer: Viewer, case: Case, row: Supervision, sent: Sent | None) -> list[Act]:
    open_to = []
    if row.standing in OPEN_STANDINGS:
        judges = may_order(viewer, case.place_id, row.unit_id)
        if row.standing == Standing.OPEN and row.level != Level.REMINDER and may_answer(viewer, row, case.place_id):
            open_to.append("answer")
        if row.standing == Standing.ANSWERED and judges:
            open_to += ["accept", "send-back"]
        if judges and row.level != Level.REMINDER:
            open_to.append("withdraw")
    if sent is not None and sent.of == row.id and sent.act not in open_to:
        open_to.append(sent.act)
    return [_act(name, case, row, sent) for name in open_to]


def _act(name: str, case: Case, row: Supervision | None, sent: Sent | None) -> Act:
    is_sent = sent is not None and sent.act == name and sent.of == (row.id if row else None)
    made = sent.form if is_sent and sent is not None else make_form(name, case, row)
    brought = sent.brought if is_sent and sent is not None else NO_FILES_YET
    is_open = is_sent or name in {"answer", "accept"}
    prefix = f"{name}-{row.id.hex[-8:] if row else 'case'}-"
    return Act(name, LABELS[name], made, name in {"withdraw", "send-back"}, is_open, prefix, brought)


def _shown(
    viewer: Viewer,
    case: Case,
    row: Supervision,
    files: Mapping[UUID, Sequence[ShownFile]],
    sent: Sent | None,
) -> ShownSupervision:
    said = [_told(entry, files) for entry in row.entries.all()]
    is_late = row.standing == Standing.OPEN and row.level != Level.REMINDER and row.answer_due_at < clock.now()
    to = row.unit.name if row.unit else office_words(row.step)
    return ShownSupervision(row, TONES[row.level], to, why(row), is_late, said, _acts_on(viewer, case, row, sent))


def _told(entry: SupervisionEntry, files: Mapping[UUID, Sequence[ShownFile]]) -> Told:
    return Told(entry.get_said_display(), entry.text, entry.happened_at, files.get(entry.id, ()))


def why(row: Supervision) -> str:
    """Return why a supervision came: by how much which clock was over, in its own units; no answer; or by whom."""
    if row.origin == Origin.REPORTER:
        return _("The reporter asks for more haste")
    if row.origin == Origin.HAND:
        return _("By hand")
    if row.clock is None:
        return _("No answer in time")
    unit = Unit(row.clock.limit_unit)
    calendar = work_calendar(row.clock.calendar_version_id)
    hours = calendar.elapsed(min(row.clock.due_at, row.issued_at), row.issued_at, unit)
    in_days = hours >= (Decimal(24) if unit.is_continuous else calendar.office_hours.hours)
    length = Decimal(24) if unit.is_continuous else calendar.office_hours.hours
    names = (Unit.URGENT_DAY, Unit.URGENT_HOUR) if unit.is_continuous else (Unit.WORK_DAY, Unit.WORK_HOUR)
    amount = round(hours / length if in_days else hours, 1).normalize()
    return _("By rule: overdue by %(span)s") % {"span": limit_words(amount, names[0] if in_days else names[1])}
