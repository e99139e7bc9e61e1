"""What files may be brought into the case engine: standards, classifications, requests recorded elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.engines.cases.actions.references import POWER, import_requests, import_topics
from liuchi.engines.cases.actions.standards import import_catalogue
from liuchi.engines.cases.catalogue import LENGTHS, Row
from liuchi.engines.cases.models import CaseClass, Catalogue, ClassKind, FilingCondition
from liuchi.ground.calendars.limits import Limit, LimitError, Unit
from liuchi.ground.exchange.columns import Choice, Code, Column, Day, Moment, Number, ReadBy, Text
from liuchi.ground.exchange.registers import (
    Entry,
    Outcome,
    Problem,
    Register,
    Result,
    RowRefused,
    Source,
    Touched,
    Values,
    created,
    unchanged,
)
from liuchi.ground.exchange.restoring import as_it_stood
from liuchi.ground.kernel.actors import Actor


def _text(name: str) -> Text:
    least, most = LENGTHS[name]
    return Text(most, least=least)


def _condition(values: Values) -> Row:
    try:
        limit = Limit(values["limit_value"], Unit(values["limit_unit"]))
    except LimitError as error:
        raise RowRefused(Problem("limit", _("Expected a positive limit."), "limit_value")) from error
    return Row(
        kind=values["type"],
        major_code=values["big_code"],
        major_name=values["big_name"],
        code=values["full_code"],
        name=values["small_name"],
        condition=values["file_condition"],
        closing=values["close_condition"] or "",
        limit_text=values["limit_text"] or "",
        limit_value=limit.value,
        limit_unit=limit.unit.value,
        disposal_unit=values["disposal_unit"] or "",
        supervising_department=values["supervising_dept"] or "",
    )


def _take_conditions(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    code, present = source.values["code"], None
    present = Catalogue.objects.filter(code=code, valid_to=None).first()
    before = as_it_stood(present, "valid_to") if present else None
    catalogue = import_catalogue(
        by=by,
        code=code,
        document=source.values["document"],
        city=source.values["city"],
        rows=[entry.row for entry in entries],
        content_hash=source.digest,
        valid_from=source.values["valid_from"] or timezone.localdate(),
    )
    if present is not None and catalogue.id == present.id:
        return [unchanged()] * len(entries)
    classes = CaseClass.objects.filter(catalogue=catalogue).order_by("kind", "code")
    conditions = FilingCondition.objects.filter(case_class__catalogue=catalogue).order_by("case_class_id", "number")
    results = [Result(Outcome.CREATED) for _entry in entries]
    # The edition belongs to the file as a whole: the first row stands for it.
    ended = (Touched("cases.Catalogue", str(present.pk), before),) if present else ()
    results[0] = Result(Outcome.CREATED, (*ended, *created(catalogue, *classes, *conditions).touched))
    return results


CONDITIONS: Final = Register(
    code="conditions",
    title=gettext_lazy("Filing conditions (a standard's table)"),
    columns=(
        Column(
            "type",
            gettext_lazy("Component or event"),
            Choice({kind.value: kind.label for kind in ClassKind}, {"部件": "component", "事件": "event"}),
            ("类型", "部件/事件"),
            is_required=True,
            example="component",
        ),
        Column(
            "big_code",
            gettext_lazy("Code of the major class"),
            Code("[0-9]{1,2}", gettext_lazy("one or two digits")),
            ("大类代码",),
            is_required=True,
            example="01",
        ),
        Column(
            "big_name",
            gettext_lazy("Major class"),
            _text("big_name"),
            ("大类名称", "大类"),
            is_required=True,
            example="公用设施",
        ),
        Column(
            "full_code",
            gettext_lazy("Code of the class"),
            Code("[0-9]{1,6}", gettext_lazy("up to six digits")),
            ("小类代码", "代码"),
            is_required=True,
            example="0101",
        ),
        Column(
            "small_name",
            gettext_lazy("Class"),
            _text("small_name"),
            ("小类名称", "小类"),
            is_required=True,
            example="上水井盖",
        ),
        Column(
            "file_condition",
            gettext_lazy("Filed when"),
            _text("file_condition"),
            ("立案条件",),
            is_required=True,
            example="破损",
        ),
        Column("close_condition", gettext_lazy("Closed when"), _text("close_condition"), ("结案条件",), example="修复"),
        Column("limit_text", gettext_lazy("Limit as written"), _text("limit_text"), ("处置时限",), example="4小时"),
        Column("limit_value", gettext_lazy("Limit"), Number(), ("时限值",), is_required=True, example="4"),
        Column(
            "limit_unit",
            gettext_lazy("Unit of the limit"),
            Choice(
                {unit.value: unit.value for unit in Unit},
                {
                    "紧急工作时": "urgent_hour",
                    "紧急工作日": "urgent_day",
                    "工作时": "work_hour",
                    "工作日": "work_day",
                    "自然日": "natural_day",
                },
            ),
            ("时限单位",),
            is_required=True,
            example="work_hour",
        ),
        Column(
            "disposal_unit",
            gettext_lazy("Who handles it"),
            _text("disposal_unit"),
            ("处置单位", "处置责任单位"),
            example="供水中心",
        ),
        Column("supervising_dept", gettext_lazy("Who supervises"), _text("supervising_dept"), ("主管部门", "监管部门")),
        Column(
            "code",
            gettext_lazy("Short name of the standard"),
            Code("[A-Za-z0-9_-]{1,40}", gettext_lazy("letters, digits, _ and -")),
            is_once=True,
            is_required=True,
            help=gettext_lazy("A new edition under the same name replaces the one before."),
        ),
        Column("document", gettext_lazy("Document that issued it"), Text(120, least=1), is_once=True, is_required=True),
        Column("city", gettext_lazy("City whose standard it is"), Text(40, least=1), is_once=True, is_required=True),
        Column(
            "valid_from",
            gettext_lazy("In force from"),
            Day(),
            is_once=True,
            help=gettext_lazy("Today, where it is left empty."),
        ),
    ),
    power=POWER,
    apply=_take_conditions,
    read_row=_condition,
    is_whole=True,
)


def _take_topics(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    wanted: dict[str, tuple[str, str, str]] = {}
    for entry in entries:
        code = entry.row["code"]
        wanted[code[:2]] = (code[:2], entry.row["level1"], "")
        wanted[code[:4]] = (code[:4], entry.row["level2"], code[:2])
        wanted[code] = (code, entry.row["level3"], code[:4])
    ordered = sorted(wanted.values(), key=lambda each: (len(each[0]), each[0]))
    results = import_topics(by=by, classification=source.values["classification"], topics=ordered)
    by_code = {topic[0]: result for topic, result in zip(ordered, results, strict=True)}
    found = []
    for entry in entries:
        code = entry.row["code"]
        own = by_code[code]
        # What stands above is said by every row below it: the first of these rows stands for it.
        above = [by_code.pop(each) for each in (code[:2], code[:4]) if each in by_code]
        touched = tuple(each for result in above for each in result.touched)
        is_changed = own.outcome == Outcome.UNCHANGED and touched
        found.append(Result(Outcome.CHANGED if is_changed else own.outcome, (*touched, *own.touched)))
    return found


TOPICS: Final = Register(
    code="topics",
    title=gettext_lazy("Classification of demands (three levels)"),
    columns=(
        Column(
            "code",
            gettext_lazy("Code"),
            Code("[0-9]{6}", gettext_lazy("six digits, two for each level")),
            ("code_ours", "编码"),
            is_required=True,
            example="010101",
        ),
        Column(
            "level1",
            gettext_lazy("First level"),
            Text(40, least=1),
            ("一级", "一级分类", "一级标签"),
            is_required=True,
            example="城乡建设",
        ),
        Column(
            "level2",
            gettext_lazy("Second level"),
            Text(40, least=1),
            ("二级", "二级分类"),
            is_required=True,
            example="安全生产",
        ),
        Column(
            "level3",
            gettext_lazy("Third level"),
            Text(40, least=1),
            ("三级", "三级分类"),
            is_required=True,
            example="事故处理",
        ),
        Column(
            "classification",
            gettext_lazy("Which classification"),
            Code("[A-Za-z0-9_.-]{1,40}", gettext_lazy("letters, digits and signs")),
            is_once=True,
            default="15-118-517",
        ),
    ),
    power=POWER,
    apply=_take_topics,
    key=lambda row: row["code"],
)


def _zone(text: str) -> ZoneInfo:
    if text not in available_timezones():
        raise ValueError(_("Expected a time zone such as Asia/Shanghai."))
    return ZoneInfo(text)


def _request(values: Values) -> Values:
    zone = values["timezone"]

    def moment(name: str) -> datetime | None:
        local = values.get(name)
        return local.replace(tzinfo=zone) if local is not None and local.tzinfo is None else local

    texts = {name: values.get(name) or "" for name in ("detail", "agency", "channel", "status", "place")}
    longitude, latitude = (
        float(values[name]) if values.get(name) is not None else None for name in ("longitude", "latitude")
    )
    return {
        "jurisdiction": values["jurisdiction"],
        "number": values["number"],
        "class_name": values["class_name"],
        **texts,
        **{name: moment(name) for name in ("made_at", "closed_at", "due_at")},
        "longitude": longitude,
        "latitude": latitude,
    }


def _take_requests(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    del source
    results = import_requests(by=by, requests=[entry.row for entry in entries])
    return [_with_doubt(entry.row, result) for entry, result in zip(entries, results, strict=True)]


def _with_doubt(row: Values, result: Result) -> Result:
    """Return a result with what is odd about the request; it is kept as it was published."""
    if row["closed_at"] is None or row["closed_at"] >= row["made_at"]:
        return result
    doubt = Problem("closed_before_made", _("It was closed before it was made."), "closed_at", is_note=True)
    return Result(result.outcome, result.touched, (doubt,))


REQUESTS: Final = Register(
    code="requests",
    title=gettext_lazy("Service requests recorded elsewhere"),
    columns=(
        Column(
            "number",
            gettext_lazy("Number"),
            Text(40, least=1),
            ("Unique Key", "编号", "service_request_id"),
            is_required=True,
            example="56923577",
        ),
        Column(
            "class_name",
            gettext_lazy("Class"),
            Text(60, least=1),
            ("Complaint Type", "类别", "service_name"),
            is_required=True,
            example="Street Condition",
        ),
        Column("detail", gettext_lazy("Detail"), Text(80), ("Descriptor",)),
        Column("agency", gettext_lazy("Agency"), Text(60), ("Agency Name", "agency_responsible")),
        Column("channel", gettext_lazy("Channel"), Text(20), ("Open Data Channel Type",)),
        Column("status", gettext_lazy("Status"), Text(20), ("Status",)),
        Column(
            "made_at",
            gettext_lazy("Made at"),
            Moment(),
            ("Created Date", "requested_datetime"),
            is_required=True,
            example="2024-09-12 09:00",
        ),
        Column("closed_at", gettext_lazy("Closed at"), Moment(), ("Closed Date",)),
        Column("due_at", gettext_lazy("Due at"), Moment(), ("Due Date", "expected_datetime")),
        Column("place", gettext_lazy("Place"), Text(40), ("Borough",)),
        Column("longitude", gettext_lazy("Longitude"), Number(places=20), ("long", "lng", "经度")),
        Column("latitude", gettext_lazy("Latitude"), Number(places=20), ("lat", "纬度")),
        Column(
            "jurisdiction",
            gettext_lazy("Jurisdiction"),
            Code("[A-Za-z0-9_.-]{1,40}", gettext_lazy("letters, digits and signs")),
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
    ),
    power=POWER,
    apply=_take_requests,
    read_row=_request,
    key=lambda row: row["number"],
    help=gettext_lazy(
        "To compare and rehearse with; nobody here works on them. Addresses and words are not taken over."
    ),
)
