"""What files of recorded cases may be brought in: each row is replayed through the workflow's own moves."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.engines.cases.actions.replayed import POWER, note_origins, withdraw_cases
from liuchi.engines.cases.models import Case, CaseOrigin, Channel, FilingCondition, Flaw, Jurisdiction
from liuchi.engines.cases.replay.acting import act
from liuchi.engines.cases.replay.opening import ensure_jurisdiction, ensure_places, ensure_units, read_opening
from liuchi.engines.cases.replay.record import CLOSED, HANDLING, RECEIVED, Told
from liuchi.ground.exchange.columns import Choice, Code, Column, Moment, Number, ReadBy, Text
from liuchi.ground.exchange.registers import (
    Entry,
    Outcome,
    Problem,
    Register,
    Result,
    Source,
    Touched,
    Values,
    Written,
    unchanged,
)
from liuchi.ground.exchange.restoring import marks_of
from liuchi.ground.kernel.actors import Actor, Historian
from liuchi.ground.kernel.errors import NotFound

_MATTER: Final = re.compile(r"(component|event)-([0-9]{4,6})(?:/([0-9]{1,2}))?")
_OF_FLAW: Final[Mapping[str, str]] = {
    Flaw.CLOSED_BEFORE_MADE: "closed_at",
    Flaw.HANDLED_BEFORE_MADE: "handled_at",
    Flaw.HANDLED_AFTER_CLOSED: "handled_at",
    Flaw.NOT_CLOSED: "status",
    Flaw.STILL_OPEN: "status",
    Flaw.NO_DUE: "due_at",
    Flaw.OTHER_DUE: "due_at",
    Flaw.NO_PLACE: "place",
    Flaw.NO_POINT: "longitude",
    Flaw.NO_ADDRESS: "address",
    Flaw.NO_UNIT: "unit",
    Flaw.NO_RESULT: "result",
    Flaw.NO_MATTER: "matter",
}


def _zone(text: str) -> ZoneInfo:
    if text not in available_timezones():
        raise ValueError(_("Expected a time zone such as Asia/Shanghai."))
    return ZoneInfo(text)


def _told(values: Values) -> Told:
    """Return a row as a record; a matter that the mapping does not translate goes where everything else goes."""
    zone: ZoneInfo = values["timezone"]

    def moment(name: str) -> datetime | None:
        local: datetime | None = values.get(name)
        return local.replace(tzinfo=zone) if local is not None and local.tzinfo is None else local

    made = moment("made_at")
    assert made is not None  # noqa: S101 - the column is required
    is_known = _MATTER.fullmatch(values["matter"]) is not None
    longitude, latitude = values.get("longitude"), values.get("latitude")
    words = [values.get(name) or "" for name in ("text", "detail", "spot")]
    return Told(
        jurisdiction=values["jurisdiction"],
        number=values["number"],
        text=" · ".join(word for word in words if word) or values["number"],
        matter=values["matter"] if is_known else values["otherwise"],
        channel=values.get("channel") or Channel.API,
        status=values["status"],
        made_at=made,
        handled_at=moment("handled_at"),
        closed_at=moment("closed_at"),
        due_at=moment("due_at"),
        unit=values.get("unit") or "",
        place=values.get("place") or "",
        part=values.get("part") or "",
        address=values.get("address") or "",
        point=(float(longitude), float(latitude)) if longitude is not None and latitude is not None else None,
        result=values.get("result") or "",
        is_otherwise=not is_known,
    )


def _problems(told: Told) -> list[Problem]:
    return [_problem(flaw) for flaw in told.flaws()]


def _problem(flaw: Flaw) -> Problem:
    return Problem(flaw.value, str(flaw.label), _OF_FLAW[flaw], is_note=True)


def prepare(by: Actor, document: Mapping[str, Any]) -> None:
    """Open the jurisdiction that a mapping describes, where it does and there is none yet."""
    if "jurisdiction" in document:
        ensure_jurisdiction(by=by, opening=read_opening(document["jurisdiction"]))


def _take(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    jurisdiction = _jurisdiction(source)
    told: list[Told] = [entry.row for entry in entries]
    known = set(
        CaseOrigin.objects.filter(jurisdiction=jurisdiction, number__in=[each.number for each in told]).values_list(
            "number", flat=True
        )
    )
    fresh = [each for each in told if each.number not in known]
    places = ensure_places(by=by, jurisdiction=jurisdiction, places={(each.place, each.part) for each in fresh})
    units = ensure_units(by=by, jurisdiction=jurisdiction, names={each.unit for each in fresh})
    conditions = _conditions()
    teller = Historian(f"replay:{jurisdiction.code}")
    cases: dict[str, UUID] = {}
    for each in fresh:
        script = each.script(
            place_id=places[each.place, each.part] if each.place else jurisdiction.area_id,
            condition_id=_condition(conditions, each.matter),
            unit_id=units.get(each.unit[:60]),
        )
        cases[each.number] = act(script, lambda _part: teller)
    more = _other_dues(fresh, cases)
    origins = [
        CaseOrigin(
            case_id=cases[each.number],
            jurisdiction=jurisdiction,
            number=each.number,
            flaws=[*each.flaws(), *more.get(each.number, ())],
        )
        for each in fresh
    ]
    if origins:
        note_origins(by=by, jurisdiction=jurisdiction, origins=origins)
    return [
        Result(
            Outcome.CREATED,
            (Touched("cases.Case", str(cases[each.number])),),
            tuple(_problem(flaw) for flaw in more.get(each.number, ())),
        )
        if each.number in cases
        else unchanged()
        for each in told
    ]


def _other_dues(told: Sequence[Told], cases: Mapping[str, UUID]) -> Mapping[str, tuple[Flaw, ...]]:
    """Return the records whose due date is another than the standard gives."""
    dated = {each.number: each.due_at for each in told if each.due_at is not None}
    due = dict(Case.objects.filter(id__in=[cases[number] for number in dated]).values_list("id", "due_at"))
    return {number: (Flaw.OTHER_DUE,) for number, at in dated.items() if due.get(cases[number]) != at}


def _take_back(by: Actor, written: Written, source: Source) -> Sequence[tuple[int, Problem]]:
    """Take the cases of a batch out again, unless somebody has moved one of them since."""
    touched = [each for _number, result in written.done for each in result.touched]
    now = marks_of(touched)
    said = Problem("changed_since", _("This has been changed since; put it right by hand."))
    found = [
        (number, said)
        for number, result in written.done
        for each in result.touched
        if now.get((each.model, each.pk)) != written.marks.get((each.model, each.pk))
    ]
    if not found and touched:
        withdraw_cases(by=by, jurisdiction=_jurisdiction(source), case_ids=[UUID(each.pk) for each in touched])
    return found


def _jurisdiction(source: Source) -> Jurisdiction:
    code = source.values["jurisdiction"]
    found = Jurisdiction.objects.select_related("area").filter(code=code).first()
    if found is None:
        raise NotFound(_("There is no jurisdiction “%(code)s”: describe it in the mapping.") % {"code": code})
    return found


def _conditions() -> Mapping[tuple[str, str, int], UUID]:
    rows = FilingCondition.objects.filter(case_class__catalogue__valid_to=None).order_by("id")
    return {
        (kind, code, number): condition_id
        for condition_id, kind, code, number in rows.values_list("id", "case_class__kind", "case_class__code", "number")
    }


def _condition(conditions: Mapping[tuple[str, str, int], UUID], matter: str) -> UUID:
    found = _MATTER.fullmatch(matter)
    key = (found[1], found[2], int(found[3] or 1)) if found else ("", "", 0)
    if key not in conditions:
        raise NotFound(_("There is no class “%(matter)s” in a standard in force.") % {"matter": matter}, field="matter")
    return conditions[key]


CASES: Final = Register(
    code="cases",
    title=gettext_lazy("Cases recorded elsewhere, replayed move by move"),
    columns=(
        Column("number", gettext_lazy("Number"), Text(40, least=1), ("Unique Key", "编号"), is_required=True),
        Column(
            "matter",
            gettext_lazy("Class in the standard"),
            Text(80, least=1),
            ("Complaint Type", "类别"),
            is_required=True,
            help=gettext_lazy("Such as event-0110, or event-0110/2 for its second condition."),
            example="event-0110",
        ),
        Column("text", gettext_lazy("What was said"), Text(2000), ("诉求内容",), example="路边垃圾没人清"),
        Column("detail", gettext_lazy("Detail"), Text(200), ("Descriptor",)),
        Column("spot", gettext_lazy("Kind of place"), Text(80), ("Location Type",)),
        Column("channel", gettext_lazy("Channel"), Choice(dict(Channel.choices)), ("来源渠道",)),
        Column(
            "status",
            gettext_lazy("Status"),
            Choice(
                {
                    RECEIVED: gettext_lazy("waiting to be accepted"),
                    HANDLING: gettext_lazy("being handled"),
                    CLOSED: gettext_lazy("closed"),
                }
            ),
            ("Status", "状态"),
            is_required=True,
            example=CLOSED,
        ),
        Column(
            "made_at",
            gettext_lazy("Made at"),
            Moment(),
            ("Created Date", "受理时间"),
            is_required=True,
            example="2024-09-12 09:00",
        ),
        Column("handled_at", gettext_lazy("Handled at"), Moment(), ("Resolution Action Updated Date", "办理时间")),
        Column("closed_at", gettext_lazy("Closed at"), Moment(), ("Closed Date", "办结时间")),
        Column("due_at", gettext_lazy("Due at"), Moment(), ("Due Date", "截止时间")),
        Column("unit", gettext_lazy("Unit"), Text(60), ("Agency Name", "承办单位")),
        Column("place", gettext_lazy("Place"), Text(40), ("Borough", "所属区域")),
        Column("part", gettext_lazy("Part of the place"), Text(40), ("Community Board", "社区")),
        Column("address", gettext_lazy("Address"), Text(200), ("Incident Address", "地址")),
        Column("longitude", gettext_lazy("Longitude"), Number(places=20), ("long", "lng", "经度")),
        Column("latitude", gettext_lazy("Latitude"), Number(places=20), ("lat", "纬度")),
        Column("result", gettext_lazy("Answer"), Text(2000), ("Resolution Description", "办理结果")),
        Column(
            "jurisdiction",
            gettext_lazy("Jurisdiction"),
            Code("[A-Za-z0-9_.-]{1,30}", gettext_lazy("letters, digits and signs")),
            is_once=True,
            is_required=True,
            help=gettext_lazy("Which place recorded them, such as nyc."),
        ),
        Column(
            "timezone",
            gettext_lazy("Time zone of the file"),
            ReadBy(_zone, gettext_lazy("a time zone such as Asia/Shanghai")),
            is_once=True,
            default="Asia/Shanghai",
        ),
        Column(
            "otherwise",
            gettext_lazy("Class for everything else"),
            Code("(component|event)-[0-9]{4,6}(/[0-9]{1,2})?", gettext_lazy("a class such as event-0110")),
            is_once=True,
            default="event-0595",
        ),
    ),
    power=POWER,
    apply=_take,
    read_row=_told,
    key=lambda row: row.number,
    undo=_take_back,
    notes=_problems,
    prepare=prepare,
    help=gettext_lazy("Each row becomes a case beside the district, with its own calendar; what is odd is said."),
)
