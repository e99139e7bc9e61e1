"""Changing an area: the form, what it would do, and the change itself once that was confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.territory.drawing import Drawn, Geometry, Point, picture
from liuchi.doors.office.territory.forms import CHANGES, ChangeForm, ChangeKind, SplitForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.queries import open_by_shape
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.territory.changing import POWER, Change
from liuchi.ground.territory.cutting import ShapeRefused
from liuchi.ground.territory.geometry import GridIndex, Problem, area_m2, parsed_shape
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.plans import Told, looking_ahead, told
from liuchi.ground.territory.queries import boundaries, territory, today
from liuchi.ground.territory.sizing import homes_by_shape
from liuchi.ground.territory.standing import Affected, affected


@dataclass(frozen=True)
class PartRow:
    """A polygon that begins on the day: whose, how large, and what would stand in it."""

    number: int
    name: str
    code: str
    size_m2: float
    homes: int
    open_cases: int


@dataclass(frozen=True)
class Preview:
    """What a change would do, shown before it is made."""

    lines: Sequence[Told]
    is_to_come: bool
    rows: Sequence[PartRow] = ()
    homes_left: int = 0
    cases_left: int = 0
    svg: SafeString = field(default_factory=SafeString)
    affected: Sequence[Affected] = ()


@needs(POWER)
@never_cache
@require_http_methods(["GET", "POST"])
def change_area(request: HttpRequest, area_id: UUID, name: str) -> HttpResponse:
    """Show the form of a change; sent, show what it would do; confirmed, make the change."""
    viewer, kind = viewer_in(request), CHANGES.get(name)
    area = territory().area(area_id)
    if kind is None or area.kind not in kind.kinds:
        raise Http404
    if not viewer.allows(POWER, area_id):
        raise NotAllowed(_("You may not change the territory here."))
    form = kind.form(_sent(request) if request.method == "POST" else None, area=area)
    preview: Preview | None = None
    problems: Sequence[Problem] = ()
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            preview = _preview(viewer, form)
            if "confirm" in request.POST:
                shown = form.act(viewer)
                messages.success(request, _("%(change)s: %(name)s") % {"change": kind.label, "name": area.name})
                # What is dated to come shows on the area as it is until then.
                return redirect("territory-area", area_id if preview.is_to_come else shown)
        except RuleBroken as error:
            form.refuse(error)
            preview, status = None, 403 if isinstance(error, NotAllowed) else 422
            problems = error.problems if isinstance(error, ShapeRefused) else ()
    return render(request, "office/territory/change.html", _facts(area, kind, form, preview, problems), status=status)


def _facts(
    area: Area, kind: ChangeKind, form: ChangeForm, preview: Preview | None, problems: Sequence[Problem]
) -> dict[str, Any]:
    shapes = boundaries([area.id])
    given = getattr(form, "cleaned_data", {})
    line = [point for point in (given.get("start"), given.get("end")) if point]
    return {
        "area": area,
        "kind": kind,
        "form": form,
        "path": territory().path(area.id)[:-1],
        "preview": preview,
        "problems": [problem for problem in problems if problem.at is not None][:10],
        "takes_polygons": "geometry" in form.fields,
        "is_split": isinstance(form, SplitForm),
        "bounds": parsed_shape(shapes[area.id]).bounds if area.id in shapes else None,
        "before": _before(area, shapes, line) if area.id in shapes and preview is None else "",
    }


def _before(area: Area, shapes: Mapping[UUID, Geometry], line: Sequence[Point]) -> SafeString:
    return picture(
        [Drawn(shapes[area.id], area.name)],
        outline=shapes[area.id],
        cut=line if len(line) == 2 else (),
        styled=False,
        label=area.name,
    )


def _sent(request: HttpRequest) -> Any:
    """Return the fields as sent; polygons sent as a file go into their field, so that they stay on the page."""
    data = request.POST.copy()
    file = request.FILES.get("file")
    if file is not None and not isinstance(file, list):
        data["geometry"] = file.read(5_000_000).decode("utf-8-sig", errors="replace")
    return data


def _preview(viewer: Viewer, form: ChangeForm) -> Preview:
    """Work out what the change would do, on the territory as it is; nothing is locked and nothing written."""
    given = form.cleaned_data
    change = looking_ahead(by=viewer, areas=form.involved(), on=given["on"], document=given.get("document", ""))
    form.plan(change)
    lines = told(change)
    return Preview(lines, given["on"] > today(), affected=affected(change, form.involved()), **_ground(change, form))


def _ground(change: Change, form: ChangeForm) -> dict[str, Any]:
    """Return the polygons that begin on the day with what would stand in them, and the picture."""
    drawn = [*change.new_boundaries, *change.amended_boundaries]
    if not drawn:
        return {}
    index = GridIndex([(each.area_id, each.geometry) for each in drawn])
    homes, cases = homes_by_shape(form.involved(), index), open_by_shape(form.involved(), index)
    names = {version.area_id: version for version in change.versions.values()}
    rows = [
        PartRow(
            number,
            names[each.area_id].name,
            names[each.area_id].code,
            area_m2(parsed_shape(each.geometry)),
            homes[each.area_id],
            cases[each.area_id],
        )
        for number, each in enumerate(drawn, start=1)
    ]
    svg = picture(
        [Drawn(each.geometry, str(number), names[each.area_id].name) for number, each in enumerate(drawn, start=1)],
        outline=boundaries(form.involved()[:1]).get(form.area.id) if len(form.involved()) == 1 else None,
        styled=False,
        label=_("The ground after the change"),
    )
    return {"rows": rows, "homes_left": homes[None], "cases_left": cases[None], "svg": svg}
