"""The powers and duties list from a file: the items of one document, who leads, assists or has taken each back."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.exchange.columns import Choice, Column, Day, Text, Whole, YesNo
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
    unchanged,
)
from liuchi.ground.exchange.restoring import as_it_stood
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.actions.duties import (
    HOLDS,
    DutyListRefused,
    NewDutyList,
    NewItem,
    NewSide,
    import_duty_list,
)
from liuchi.ground.organisations.changing import POWER, bodies_by_name
from liuchi.ground.organisations.models import Duty, DutyItem, DutyList, DutyRole, ItemKind, ListKind

_SIDES: Final = {"lead": DutyRole.LEAD, "assist": DutyRole.ASSIST, "taken_back": DutyRole.TAKEN_BACK}
_BETWEEN: Final = re.compile(r"[、，,;；\n]+")
#: How documents name the office of whatever place a matter lies in.
_PLACES: Final = {
    "@town": "@town",
    "镇街": "@town",
    "镇（街道）": "@town",
    "乡镇（街道）": "@town",
    "乡镇街道": "@town",
    "本镇街": "@town",
    "@community": "@community",
    "社区": "@community",
    "村（社区）": "@community",
    "村社区": "@community",
}
_LONGEST_UNIT, _LONGEST_MATTER = 60, 30
_ITEM, _DUTY, _LIST = "organisations.DutyItem", "organisations.Duty", "organisations.DutyList"
_KINDS: Final = {
    "基本履职": "basic",
    "基本履职事项": "basic",
    "配合履职": "assist",
    "配合履职事项": "assist",
    "上级部门收回": "taken_back",
    "上级部门收回事项": "taken_back",
    "收回": "taken_back",
    "部门权责": "power",
    "赋权": "delegated",
    "赋权事项": "delegated",
}


def _read(values: Values) -> NewItem:
    """Return an item as a row has it; its kind is that of the list, where the list holds but one."""
    held = HOLDS[values["list_kind"]]
    kind = values.get("kind") or (next(iter(held)) if len(held) == 1 else ItemKind.BASIC)
    if kind not in held:
        raise RowRefused(Problem("kind", _("A list of this kind holds no such item."), "kind"))
    method = values.get("method") or ""
    if method and kind != ItemKind.TAKEN_BACK:
        said = _("Only what was taken back has a way in which the department above does it.")
        raise RowRefused(Problem("method", said, "method"))
    sides = tuple(
        NewSide(role, name, values.get("duties") or "" if role == DutyRole.LEAD else "")
        for column, role in _SIDES.items()
        for name in _named(values, column, _LONGEST_UNIT)
    )
    words = {key: values.get(key) or "" for key in ("code", "category", "power_type", "basis", "subject")}
    return NewItem(
        kind,
        values["number"],
        values["name"],
        sides,
        method=method,
        matters=tuple(_named(values, "matters", _LONGEST_MATTER)),
        is_public=values["is_public"],
        **words,
    )


def _named(values: Values, column: str, longest: int) -> list[str]:
    """Return what a cell lists, each once."""
    names = [each.strip() for each in _BETWEEN.split(values.get(column) or "") if each.strip()]
    if any(len(each) > longest for each in names):
        said = _("Each name has at most %(most)d characters; put 、 between them.") % {"most": longest}
        raise RowRefused(Problem("too_long", said, column))
    return list(dict.fromkeys(names))


def _apply(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    document, earlier = _document(source.values)
    before = {} if earlier is None else as_it_stood(earlier, "valid_to")
    known = _known(document)
    had_list = _stored(document) is not None
    codes = _codes()
    import_duty_list(by=by, document=document, items=[_coded(entry.row, codes) for entry in entries])
    held = _stored(document)
    if held is None:
        raise DutyListRefused(_("Name the list and say of which kind it is."), field="title")
    of_list: list[Touched] = [] if had_list else [Touched(_LIST, str(held.id))]
    if earlier is not None and earlier.valid_to is None and document.supersedes and not had_list:
        of_list.append(Touched(_LIST, str(earlier.id), before))
    return _results(entries, held, known, of_list)


def _results(
    entries: Sequence[Entry], held: DutyList, known: set[tuple[str, int]], of_list: list[Touched]
) -> list[Result]:
    rows = {(row.kind, row.number): row for row in DutyItem.objects.filter(duty_list=held).order_by("id")}
    sides: dict[UUID, list[Touched]] = {}
    for key, item_id in Duty.objects.filter(item__duty_list=held).order_by("id").values_list("id", "item_id"):
        sides.setdefault(item_id, []).append(Touched(_DUTY, str(key)))
    results = []
    for entry in entries:
        place = (entry.row.kind, entry.row.number)
        if place in known:
            results.append(unchanged())
            continue
        item = rows[place]
        touched = (*of_list, Touched(_ITEM, str(item.id)), *sides.get(item.id, ()))
        results.append(Result(Outcome.CREATED, touched))
        of_list = []
    return results


def _document(values: Values) -> tuple[NewDutyList, DutyList | None]:
    """Return the document that was asked once for the file, and the list that it ends."""
    words = {key: values.get(key) or "" for key in ("issuer", "document_number", "version", "replaces")}
    earlier = None
    if words["replaces"]:
        rows = DutyList.objects.filter(
            Q(number=words["replaces"]) | Q(title=words["replaces"]), kind=values["list_kind"]
        )
        earlier = rows.order_by("-valid_from", "id").first()
        if earlier is None:
            raise DutyListRefused(_("There is no list of this number or title to replace."), field="replaces")
    document = NewDutyList(
        kind=values["list_kind"],
        title=values["title"],
        issued_on=values["issued_on"],
        valid_from=values["valid_from"] or values["issued_on"],
        issuer=words["issuer"],
        number=words["document_number"],
        version=words["version"],
        supersedes=earlier.id if earlier is not None else None,
    )
    return document, earlier


def _stored(document: NewDutyList) -> DutyList | None:
    return DutyList.objects.filter(title=document.title, number=document.number, version=document.version).first()


def _known(document: NewDutyList) -> set[tuple[str, int]]:
    stored = _stored(document)
    return set() if stored is None else set(stored.items.order_by("id").values_list("kind", "number"))


def _codes() -> Mapping[str, str]:
    """Return what sides are stored as, by what documents call them: codes of our bodies, offices of places."""
    return {**{name: body.code for name, body in bodies_by_name().items()}, **_PLACES}


def _coded(item: NewItem, codes: Mapping[str, str]) -> NewItem:
    """Return an item whose sides are named by code where a body of ours is meant; others stay in words."""
    sides = {(side.role, codes.get(side.body, side.body)): side.duties for side in item.sides}
    found = tuple(NewSide(role, body, duties) for (role, body), duties in sides.items())
    return NewItem(
        item.kind,
        item.number,
        item.name,
        found,
        item.code,
        item.category,
        item.power_type,
        item.basis,
        item.subject,
        item.method,
        item.matters,
        is_public=item.is_public,
    )


DUTIES: Final = Register(
    code="duties",
    title=gettext_lazy("Powers and duties list"),
    columns=(
        Column(
            "number",
            gettext_lazy("Number of the item"),
            Whole(1, 100_000),
            ("序号", "编号"),
            is_required=True,
            example="1",
        ),
        Column(
            "name", gettext_lazy("Item"), Text(200, least=1), ("事项名称", "履职事项", "事项", "名称"), is_required=True
        ),
        Column(
            "kind",
            gettext_lazy("Kind of item"),
            Choice(dict(ItemKind.choices), _KINDS),
            ("事项类别", "清单类别", "类别"),
            help=gettext_lazy("Basic duty, where it is left empty and the list may hold several kinds."),
        ),
        Column("category", gettext_lazy("Field of work"), Text(60), ("领域", "事项类型", "分类")),
        Column("code", gettext_lazy("Code of the item"), Text(40), ("事项编码", "权力编码")),
        Column("power_type", gettext_lazy("Type of power"), Text(30), ("权力类型",)),
        Column(
            "lead", gettext_lazy("Leads"), Text(600), ("牵头部门", "牵头单位", "对应上级部门", "责任单位", "实施主体")
        ),
        Column("assist", gettext_lazy("Assists"), Text(600), ("配合部门", "配合单位", "协同部门")),
        Column("taken_back", gettext_lazy("Taken back by"), Text(600), ("承接部门", "收回部门", "承接单位")),
        Column("duties", gettext_lazy("What the one who leads does"), Text(500), ("职责", "部门职责", "工作职责")),
        Column(
            "method", gettext_lazy("How it is done above"), Text(500), ("工作方式", "承接方式", "承接部门及工作方式")
        ),
        Column("basis", gettext_lazy("Legal basis"), Text(1000), ("依据", "设定依据", "法律依据")),
        Column("subject", gettext_lazy("Whom it concerns"), Text(80), ("对象", "行使对象", "服务对象")),
        Column("matters", gettext_lazy("Classes of matters"), Text(600), ("案件类别", "对应类别")),
        Column("is_public", gettext_lazy("Public"), YesNo(), ("是否公开", "公开"), default="yes"),
        Column(
            "list_kind",
            gettext_lazy("Kind of list"),
            Choice(dict(ListKind.choices)),
            is_required=True,
            is_once=True,
            default="town",
        ),
        Column("title", gettext_lazy("Title of the list"), Text(120, least=1), is_required=True, is_once=True),
        Column("issuer", gettext_lazy("Issued by"), Text(60), is_once=True),
        Column("document_number", gettext_lazy("Number of the document"), Text(40), is_once=True),
        Column("version", gettext_lazy("Version"), Text(20), is_once=True),
        Column("issued_on", gettext_lazy("Issued on"), Day(), is_required=True, is_once=True),
        Column(
            "valid_from",
            gettext_lazy("In force from"),
            Day(),
            is_once=True,
            help=gettext_lazy("The day it was issued, where it is left empty."),
        ),
        Column(
            "replaces",
            gettext_lazy("Takes the place of"),
            Text(120),
            is_once=True,
            help=gettext_lazy("Number or title of the list that ends when this one begins."),
        ),
    ),
    power=POWER,
    apply=_apply,
    read_row=_read,
    key=lambda item: (item.kind, item.number),
    help=gettext_lazy("Bodies by name or code, 、 between several; “镇街” and “社区” mean the office of the place."),
)
