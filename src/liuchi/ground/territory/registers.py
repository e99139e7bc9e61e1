"""What files may be brought into the territory: editions of divisions, drawn boundaries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.exchange.columns import CellRefused, Choice, Code, Column, Day, ReadBy, Text, YesNo
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
    Written,
)
from liuchi.ground.exchange.restoring import as_it_stood
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.actions import NewArea, import_boundaries, import_edition, withdraw_areas
from liuchi.ground.territory.actions.boundaries import BoundariesTaken
from liuchi.ground.territory.boundaries_file import DrawnArea, placed
from liuchi.ground.territory.changing import POWER
from liuchi.ground.territory.coordinates import CoordinateSystem
from liuchi.ground.territory.divisions import KIND_BY_LENGTH, areas_of, edition_of, guessed_label, short_name
from liuchi.ground.territory.editions import EditionPlan
from liuchi.ground.territory.models import GRID_KINDS, Area, AreaKind, AreaVersion, Boundary, Succession
from liuchi.ground.territory.queries import today

_DIGITS: Final = gettext_lazy("a code of 2, 4, 6, 9 or 12 digits")
_STATISTICAL: Final = r"[1-9][0-9](?:[0-9]{2}(?:[0-9]{2}(?:[0-9]{3}(?:[0-9]{3})?)?)?)?"
Stand = dict[tuple[str, str], dict[str, Any]]


def _read_area(values: Values) -> tuple[NewArea, date | None]:
    """Return an area as a row of the statistical codes has it; kind and area above follow from the code."""
    code, called = values["code"], values["name"]
    kind = KIND_BY_LENGTH[len(code)]
    shorter = [length for length in KIND_BY_LENGTH if length < len(code)]
    parent = values.get("parent_code") or (code[: max(shorter)] if shorter else None)
    official, label = values.get("official_name") or "", values.get("label_kind") or ""
    area = NewArea(kind, code, called, parent, official, label, is_managed=values["is_managed"])
    if kind == AreaKind.COMMUNITY and not official:
        short = short_name(called, guessed_label(area))
        area = NewArea(kind, code, short, parent, called, label, is_managed=values["is_managed"])
    return area, values.get("edition")


def _take_divisions(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    areas = [entry.row[0] for entry in entries]
    said = next((entry.row[1] for entry in entries if entry.row[1]), None)
    before = _stand()
    plan = import_edition(
        by=by,
        areas=areas,
        on=source.values["valid_from"] or said or today(),
        managed=frozenset((source.values["managed"] or "").split()),
        is_complete=not source.values["partial"],
    )
    added = {area.code for area in plan.added}
    changed = {plan.matched[area.code].id for area in areas if area.code in plan.matched}
    changed &= {each.area.id for each in plan.changed}
    outcomes = [
        Outcome.CREATED
        if area.code in added
        else Outcome.CHANGED
        if plan.matched[area.code].id in changed
        else Outcome.UNCHANGED
        for area in areas
    ]
    return _results(outcomes, _difference(before, _stand()), list(_notes(plan)))


def _notes(plan: EditionPlan) -> Iterable[Problem]:
    """Say what an edition does to areas that it does not list."""
    for area in plan.closed:
        yield _note("closed", _("%(area)s is no longer listed and closes.") % {"area": area})
    for area in plan.undecided:
        said = _("%(area)s is no longer listed, but areas stand below it; merge it or move them.")
        yield _note("undecided", said % {"area": area})
    for code in plan.unnamed:
        yield _note(
            "unnamed", _("%(code)s is presupposed and not named; rename it when its name is known.") % {"code": code}
        )


def _note(code: str, message: str) -> Problem:
    return Problem(code, message, is_note=True)


def _results(outcomes: list[Outcome], touched: tuple[Touched, ...], notes: Sequence[Problem]) -> list[Result]:
    """Return the results of a file that is taken as a whole: its first row that says something new stands for it."""
    first = next((place for place, each in enumerate(outcomes) if each != Outcome.UNCHANGED), 0)
    if touched and outcomes[first] == Outcome.UNCHANGED:
        outcomes[first] = Outcome.CHANGED
    return [
        Result(outcome, touched if place == first else (), tuple(notes) if place == first else ())
        for place, outcome in enumerate(outcomes)
    ]


def _stand() -> Stand:
    """Return how all areas stand: their facts, versions, successions and boundaries."""
    found: Stand = {}
    rows: tuple[type[models.Model], ...] = (Area, AreaVersion, Succession, Boundary)
    for model in rows:
        names = [field.name for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
        for row in model._base_manager.order_by("pk"):  # noqa: SLF001
            found[model._meta.label, str(row.pk)] = as_it_stood(row, *names)  # noqa: SLF001
    return found


def _difference(before: Stand, after: Stand) -> tuple[Touched, ...]:
    """Return the rows that are new or say something else."""
    touched = []
    for (label, key), facts in after.items():
        known = before.get((label, key))
        if known is None:
            touched.append(Touched(label, key))
        elif known != facts:
            touched.append(Touched(label, key, {name: known[name] for name in facts if known[name] != facts[name]}))
    return tuple(touched)


def _withdraw(by: Actor, written: Written, source: Source) -> Sequence[tuple[int, Problem]]:
    del source
    return withdraw_areas(by=by, written=written)


def _rows_of(document: Any) -> Sequence[Mapping[str, Any]]:
    """Return the areas of a nested document: district, towns, villages and communities."""
    edition = edition_of(document)
    said = edition.isoformat() if edition else None
    return [
        {
            "code": area.code,
            "name": area.name,
            "official_name": area.official_name,
            "label_kind": area.label_kind,
            "parent_code": area.parent_code,
            "is_managed": "yes" if area.is_managed else "no",
            "edition": said,
        }
        for area in areas_of(document, None)
    ]


DIVISIONS: Final = Register(
    code="divisions",
    title=gettext_lazy("Statistical divisions (an edition)"),
    columns=(
        Column(
            "code",
            gettext_lazy("Code"),
            Code(_STATISTICAL, _DIGITS),
            ("区划代码", "统计用区划代码", "行政区划代码", "代码"),
            is_required=True,
            example="990803001",
        ),
        Column(
            "name",
            gettext_lazy("Name"),
            Text(40, least=1),
            ("名称", "区划名称", "单位名称"),
            is_required=True,
            example="第一街道",
        ),
        Column("official_name", gettext_lazy("Official name"), Text(60), ("全称", "官方名称")),
        Column("label_kind", gettext_lazy("What it is called"), Text(10), ("类别",), example="街道"),
        Column(
            "parent_code",
            gettext_lazy("Code of the area above"),
            Code(_STATISTICAL, _DIGITS),
            ("上级代码", "上级区划代码", "父级代码"),
            help=gettext_lazy("Told from the code where it is left empty."),
        ),
        Column("is_managed", gettext_lazy("Governed here"), YesNo(), ("是否纳管",), default="yes"),
        Column("edition", gettext_lazy("Edition as the file says"), Day()),
        Column(
            "valid_from",
            gettext_lazy("First day in force"),
            Day(),
            is_once=True,
            help=gettext_lazy("Else what the file says, else today."),
        ),
        Column(
            "managed",
            gettext_lazy("Districts governed through this platform"),
            Code("[0-9]{6}(?: [0-9]{6})*", gettext_lazy("six-digit codes")),
            is_once=True,
            help=gettext_lazy("Six-digit code; several with blanks between them."),
        ),
        Column(
            "partial",
            gettext_lazy("The file is an extract"),
            YesNo(),
            is_once=True,
            default="no",
            help=gettext_lazy("What it does not list goes on."),
        ),
    ),
    power=POWER,
    apply=_take_divisions,
    read_row=_read_area,
    key=lambda row: row[0].code,
    is_whole=True,
    undo=_withdraw,
    help=gettext_lazy("Areas are renamed, recoded, moved, added and closed as the edition says, from its first day."),
    rows_of=_rows_of,
    places=("code", "name"),
)


def _geometry(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise CellRefused("geometry", _("Expected a GeoJSON polygon.")) from None


def _read_shape(values: Values) -> DrawnArea:
    code, name, parent = (values.get(key) or "" for key in ("code", "name", "parent"))
    if not code and not (name and parent):
        raise RowRefused(Problem("nameless", _("Give a code, or a name and the code of its community."), "code"))
    try:
        geometry = placed(values["geometry"], CoordinateSystem(values["crs"]))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        said = _("Expected a polygon in degrees, longitude first.")
        raise RowRefused(Problem("geometry", said, "geometry")) from error
    return DrawnArea(geometry, code, name, parent, values.get("kind") or AreaKind.GRID)


def _take_boundaries(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    before = _stand()
    shapes = [entry.row for entry in entries]
    taken = import_boundaries(by=by, shapes=shapes, on=source.values["valid_from"] or today())
    return _results([_outcome(shape, taken) for shape in shapes], _difference(before, _stand()), ())


def _outcome(shape: DrawnArea, taken: BoundariesTaken) -> Outcome:
    names = {area.name for area in taken.opened}
    if any(area.code == shape.code for area in taken.opened) or (not shape.code and shape.name in names):
        return Outcome.CREATED
    drawn = [*taken.drawn, *taken.redrawn]
    is_drawn = any(area.code == shape.code or (not shape.code and area.name == shape.name) for area in drawn)
    return Outcome.CHANGED if is_drawn else Outcome.UNCHANGED


BOUNDARIES: Final = Register(
    code="boundaries",
    title=gettext_lazy("Drawn boundaries (GeoJSON)"),
    columns=(
        Column(
            "code",
            gettext_lazy("Code of the area"),
            Code("[1-9][0-9]{1,19}", gettext_lazy("a code of digits")),
            ("代码", "编码", "网格编码"),
            example="990803001001001",
        ),
        Column("name", gettext_lazy("Name"), Text(40), ("名称", "网格名称"), example="第一网格"),
        Column(
            "parent",
            gettext_lazy("Code of its community"),
            Code("[1-9][0-9]{1,19}", gettext_lazy("a code of digits")),
            ("parent_code", "上级代码", "社区代码"),
        ),
        Column(
            "kind",
            gettext_lazy("Kind of area"),
            Choice({kind.value: kind.label for kind in AreaKind}, {kind.value: kind.value for kind in GRID_KINDS}),
            ("类型",),
        ),
        Column(
            "geometry",
            gettext_lazy("Polygon"),
            ReadBy(_geometry, gettext_lazy("a GeoJSON polygon")),
            ("图形", "边界"),
            is_required=True,
        ),
        Column(
            "crs",
            gettext_lazy("Coordinates of the file"),
            Choice({system.value: system.value.upper() for system in CoordinateSystem}),
            is_once=True,
            default=CoordinateSystem.CGCS2000.value,
        ),
        Column("valid_from", gettext_lazy("First day in force"), Day(), is_once=True, help=gettext_lazy("Else today.")),
    ),
    power=POWER,
    apply=_take_boundaries,
    read_row=_read_shape,
    is_whole=True,
    undo=_withdraw,
    help=gettext_lazy("Boundaries of areas by their code, and of new grids by name and community."),
)
