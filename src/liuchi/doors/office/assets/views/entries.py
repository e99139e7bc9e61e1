"""One entry of the asset book: registered, looked at, corrected, removed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.assets.forms import FactsForm, LookForm, NewAssetForm, RemovalForm, facts_of
from liuchi.doors.office.assets.sketch import Sketch, sketch_of
from liuchi.doors.office.assets.views.book import mark_of
from liuchi.doors.office.placing import areas_to_choose
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.organisations.actions.assets import change_asset, record_condition, register_assets, retire_asset
from liuchi.ground.organisations.asset_book import INSPECT, MANAGE, SEE
from liuchi.ground.organisations.assets import asset_for, assets_near, classes, looks_at
from liuchi.ground.organisations.models import METRES, Accuracy, Asset, AssetState
from liuchi.ground.organisations.queries import organisations
from liuchi.ground.territory.dwellings import estates_in
from liuchi.ground.territory.queries import boundaries

#: How far around an asset its neighbours are drawn, in metres.
NEIGHBOURS = 300.0


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def new_asset(request: HttpRequest) -> HttpResponse:
    """Register an asset; its code is the next one of its class."""
    viewer = viewer_in(request)
    kinds = {each.code: each for each, _number in classes(viewer)}
    form = NewAssetForm(request.POST or None, kinds=kinds.values(), **_offers(viewer))
    if form.is_valid():
        said = form.cleaned_data
        new = form.asset(kinds[said["kind"]], state=said["state"], recorded_on=said["recorded_on"])
        try:
            (made,) = register_assets(by=viewer, assets=[new])
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s is registered as %(code)s.") % {"name": made.name, "code": made.code})
            return redirect("asset", made.code)
    return render(request, "office/assets/asset_new.html", {"form": form}, status=422 if form.errors else 200)


@needs(SEE)
@require_GET
def show_asset(request: HttpRequest, code: str) -> HttpResponse:
    """Show an asset, where it stands, and how it was found each time."""
    return _page(request, asset_for(viewer_in(request), code), {})


@needs(INSPECT, MANAGE)
@require_POST
def act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Note how an asset was found, correct it, or note that it was removed."""
    viewer = viewer_in(request)
    asset = asset_for(viewer, code)
    form = _form(viewer, asset, name, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            _ACTS[name](viewer, asset, form)
        except RuleBroken as error:
            form.refuse(error)
            return _page(request, asset, {name: form}, 403 if isinstance(error, NotAllowed) else 409)
        messages.success(request, _("Saved."))
        return redirect("asset", asset.code)
    return _page(request, asset, {name: form}, 422)


def _look(viewer: Viewer, asset: Asset, form: Any) -> None:
    record_condition(by=viewer, asset_id=asset.id, **form.cleaned_data)


def _change(viewer: Viewer, asset: Asset, form: Any) -> None:
    facts = form.asset(asset.asset_class)
    change_asset(by=viewer, asset_id=asset.id, facts=replace(facts, area_id=facts.area_id or asset.area_id))


def _remove(viewer: Viewer, asset: Asset, form: Any) -> None:
    retire_asset(by=viewer, asset_id=asset.id, **form.cleaned_data)


_ACTS: Mapping[str, Callable[[Viewer, Asset, Any], None]] = {"look": _look, "change": _change, "remove": _remove}


def _form(viewer: Viewer, asset: Asset, name: str, data: Mapping[str, Any] | None = None) -> HouseForm | None:
    match name:
        case "look":
            return LookForm(data, auto_id="look_%s")
        case "change":
            return FactsForm(data, initial=facts_of(asset), auto_id="change_%s", **_offers(viewer))
        case "remove":
            return RemovalForm(data, auto_id="remove_%s")
    return None


def _offers(viewer: Viewer) -> dict[str, Any]:
    """Return what the forms offer to choose from."""
    return {
        "areas": areas_to_choose(viewer, MANAGE, ["community"]),
        "estates": estates_in(viewer.areas(MANAGE)),
        "bodies": organisations(),
    }


def _page(request: HttpRequest, asset: Asset, sent: dict[str, HouseForm], status: int = 200) -> HttpResponse:
    viewer = viewer_in(request)
    is_there = asset.state != AssetState.REMOVED
    may_manage = is_there and viewer.allows(MANAGE, asset.area_id)
    facts = {
        "asset": asset,
        "mark": mark_of(asset),
        "metres": METRES[Accuracy(asset.accuracy)],
        "looks": list(looks_at(asset)),
        "sketch": _sketch(viewer, asset),
        "may_look": is_there and (may_manage or viewer.allows(INSPECT, asset.area_id)),
        "may_manage": may_manage,
        "sent": "".join(sent),
        "look_form": sent.get("look") or _form(viewer, asset, "look"),
        "change_form": sent.get("change") or (_form(viewer, asset, "change") if may_manage else None),
        "remove_form": sent.get("remove") or _form(viewer, asset, "remove"),
    }
    return render(request, "office/assets/asset.html", facts, status=status)


def _sketch(viewer: Viewer, asset: Asset) -> Sketch | None:
    if asset.longitude is None or asset.latitude is None:
        return None
    near = assets_near(viewer, asset.longitude, asset.latitude, NEIGHBOURS)
    others = [
        (each.asset.longitude, each.asset.latitude)
        for each in near
        if each.asset != asset and each.asset.longitude is not None and each.asset.latitude is not None
    ]
    outline = boundaries([asset.area_id]).get(asset.area_id)
    return sketch_of(outline, (asset.longitude, asset.latitude), others)
