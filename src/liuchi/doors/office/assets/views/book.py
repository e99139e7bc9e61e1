"""The list of public assets, narrowed, near a point, or handed out as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liuchi.doors.office.assets.forms import today
from liuchi.doors.office.assets.listings import ASSETS
from liuchi.doors.office.placing import address_of, areas_to_choose, degrees_in, uuid_in, words_in
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.asset_book import MANAGE, SEE
from liuchi.ground.organisations.assets import (
    ANY,
    AssetFilters,
    asset_page,
    assets_near,
    classes,
    counts_by_state,
    estates_with_assets,
    every_asset,
)
from liuchi.ground.organisations.models import Asset, AssetState
from liuchi.ground.territory.component_codes import DIGITS

NAMES = ("kind", "state", "area", "estate", "q", "unseen", "after")
#: How far around somebody assets are shown, in metres, and after how many days without a look they are asked for.
AROUND, LONG_UNSEEN = 100.0, 180
MARKS = {AssetState.INTACT: "good", AssetState.DAMAGED: "late", AssetState.LOST: "late", AssetState.ABANDONED: "soon"}


@dataclass(frozen=True)
class AssetRow:
    """An asset in the list, how its state is marked, and how far it is where somebody asked from a point."""

    asset: Asset
    mark: str
    metres: int | None = None


@dataclass(frozen=True)
class StateChoice:
    """A link that narrows the list to a state."""

    label: str
    address: str
    count: int
    is_chosen: bool


@needs(SEE)
@require_GET
def asset_list(request: HttpRequest) -> HttpResponseBase:
    """Show the assets a viewer may see; around a point, the nearest first."""
    viewer, query = viewer_in(request), request.GET.dict()
    filters = _filters(query)
    if is_export(request):
        return export_response(request, ASSETS, lambda by: every_asset(by, filters))
    point = degrees_in(query.get("longitude", ""), query.get("latitude", ""))
    rows, next_key = _near(viewer, point) if point else _page(viewer, filters)
    facts = {
        "rows": rows,
        "filters": filters,
        "point": point,
        "around": int(AROUND),
        "states": [] if point else _states(viewer, query, filters),
        "kinds": classes(viewer),
        "areas": areas_to_choose(viewer, SEE),
        "estates": estates_with_assets(viewer),
        "next": address_of(query, NAMES, after=next_key) if next_key else "",
        "first": address_of(query, NAMES, after="") if filters.after else "",
        "is_later_page": bool(filters.after),
        "unseen": query.get("unseen") == "1",
        "unseen_address": address_of(query, NAMES, unseen="" if query.get("unseen") == "1" else "1", after=""),
        "long_unseen": LONG_UNSEEN,
        "is_narrowed": bool(address_of(query, NAMES, after="")) or point is not None,
        "may_register": viewer.allows(MANAGE),
        "exports": [] if point else export_offers(request, ASSETS),
    }
    return render(request, "office/assets/assets.html", facts)


def _filters(query: Mapping[str, str]) -> AssetFilters:
    state = query.get("state", "")
    return AssetFilters(
        class_code=query.get("kind", "") if query.get("kind", "").isdecimal() else "",
        state=state if state in {*AssetState.values, ANY} else "",
        area_id=uuid_in(query.get("area", "")),
        estate_id=uuid_in(query.get("estate", "")),
        words=words_in(query.get("q", "")),
        unseen_since=today() - timedelta(days=LONG_UNSEEN) if query.get("unseen") == "1" else None,
        after=query.get("after", "").replace("\0", "")[:DIGITS],
    )


def _page(viewer: Viewer, filters: AssetFilters) -> tuple[list[AssetRow], str]:
    page = asset_page(viewer, filters)
    return [AssetRow(asset, mark_of(asset)) for asset in page.rows], page.next_key


def _near(viewer: Viewer, point: tuple[float, float]) -> tuple[list[AssetRow], str]:
    near = assets_near(viewer, *point, AROUND)
    return [AssetRow(each.asset, mark_of(each.asset), round(each.metres)) for each in near], ""


def _states(viewer: Viewer, query: Mapping[str, str], filters: AssetFilters) -> list[StateChoice]:
    counts = counts_by_state(viewer, filters)
    present = sum(number for state, number in counts.items() if state != AssetState.REMOVED)
    whole = StateChoice(_("All"), address_of(query, NAMES, state="", after=""), present, not filters.state)
    return [whole] + [
        StateChoice(
            str(state.label), address_of(query, NAMES, state=state, after=""), counts[state], filters.state == state
        )
        for state in AssetState
        if counts.get(state)
    ]


def mark_of(asset: Asset) -> str:
    """Return the kind of mark in which an asset's state is shown."""
    return MARKS.get(AssetState(asset.state), "")
