"""Writing the public asset book: assets, and how they were found."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.copying import copy_in
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.asset_book import (
    BODIES,
    INSPECT,
    LONGEST_NOTE,
    MANAGE,
    AssetsRefused,
    NewAsset,
    asset_of,
    read_lists,
    require_one,
    require_power,
    require_words,
)
from liuchi.ground.organisations.changing import today
from liuchi.ground.organisations.kinds import (
    ASSET_CHANGED,
    ASSET_LOOKED_AT,
    ASSET_RETIRED,
    ASSETS_REGISTERED,
)
from liuchi.ground.organisations.models import Asset, AssetClass, AssetLook, AssetState
from liuchi.ground.territory.component_codes import CodeError, next_codes
from liuchi.ground.territory.queries import territory

#: What a correction may set.
_FACTS = (
    "name",
    *BODIES,
    "estate",
    "area",
    "longitude",
    "latitude",
    "position",
    "data_source",
    "accuracy",
    "note",
)


@again_on("asset_code_once")
@action
def register_assets(*, by: Actor, assets: Iterable[NewAsset]) -> list[Asset]:
    """Register assets whose code is not there yet, all or none; return the new ones, in order. Fit for 100,000.

    Those without a code get the next ones of their class. The state they come with is their first look.

    Raises:
        NotAllowed: the actor does not manage assets where one of them stands.
        AssetsRefused: what cannot be; it names the asset.
    """
    wanted = list(assets)
    county = territory().root().code
    lists = read_lists([new.estate_code for new in wanted])
    taken = set(Asset.objects.filter(code__in=[new.code.strip() for new in wanted]).values_list("code", flat=True))
    fresh: list[Asset] = []
    for new in wanted:
        if new.code.strip() in taken:
            continue
        asset = asset_of(new, lists, county)
        if asset.code:
            taken.add(asset.code)
        fresh.append(asset)
    if not fresh:
        return []
    for area_id in {asset.area_id for asset in fresh}:
        require_power(by, [MANAGE], area_id)
    _number([asset for asset in fresh if not asset.code], [asset.code for asset in fresh], county)
    copy_in(Asset, fresh)
    copy_in(AssetLook, (_look(by, asset, asset.recorded_on, asset.state, "") for asset in fresh))
    record(
        kind=ASSETS_REGISTERED,
        by=by,
        subject_type="organisations.asset",
        subject_id=fresh[0].id,
        place_id=fresh[0].area_id,
        data={"assets": len(fresh)},
    )
    return fresh


@action
def change_asset(*, by: Actor, asset_id: UUID, facts: NewAsset) -> None:
    """Correct what is known of an asset: all but its code, class, state and first date. What is as it was stays.

    Raises:
        NotAllowed, NotFound, AssetsRefused: as `register_assets`; one that was removed is not found.
    """
    asset = _held(asset_id)
    require_power(by, [MANAGE], asset.area_id)
    wanted = asset_of(facts, read_lists([facts.estate_code]), territory().root().code)
    require_power(by, [MANAGE], wanted.area_id)
    changed = [name for name in _FACTS if _value(asset, name) != _value(wanted, name)]
    if not changed:
        return
    for name in changed:
        setattr(asset, name, getattr(wanted, name))
    asset.changed_on = today()
    asset.save(update_fields=[*changed, "changed_on"])
    record(
        kind=ASSET_CHANGED,
        by=by,
        subject_type="organisations.asset",
        subject_id=asset.id,
        place_id=asset.area_id,
        data={"fields": changed},
    )


@action
def record_condition(*, by: Actor, asset_id: UUID, state: str, on: date, note: str = "") -> AssetLook:
    """Note that somebody looked at an asset on a day and in which state it was; its state is that of the latest look.

    Raises:
        NotAllowed: the actor neither inspects nor manages assets there.
        NotFound: there is no such asset, or it was removed.
        AssetsRefused: a state nobody knows ("removed" is for `retire_asset`), a day ahead or before it was recorded.
    """
    asset = _held(asset_id)
    require_power(by, [INSPECT, MANAGE], asset.area_id)
    require_one(state, [each for each in AssetState.values if each != AssetState.REMOVED], "state")
    return _see(by, asset, on, state, note)


@action
def retire_asset(*, by: Actor, asset_id: UUID, on: date, note: str = "") -> AssetLook:
    """Note that an asset was removed on a day; its row, its code and its history stay.

    Raises:
        NotAllowed: the actor does not manage assets there.
        NotFound, AssetsRefused: as `record_condition`.
    """
    asset = _held(asset_id)
    require_power(by, [MANAGE], asset.area_id)
    return _see(by, asset, on, AssetState.REMOVED, note)


def _held(asset_id: UUID) -> Asset:
    rows = Asset.objects.select_for_update(of=("self",)).filter(id=asset_id).exclude(state=AssetState.REMOVED)
    found = rows.first()
    if found is None:
        raise NotFound(_("There is no such asset, or it was removed."))
    return found


def _see(by: Actor, asset: Asset, on: date, state: str, note: str) -> AssetLook:
    if on > today():
        raise AssetsRefused(_("This day lies ahead."), field="on")
    if on < asset.recorded_on:
        raise AssetsRefused(_("This day lies before the asset was recorded."), field="on")
    look = _look(by, asset, on, state, require_words(note, "note", LONGEST_NOTE))
    is_latest = asset.seen_on is None or on >= asset.seen_on
    if is_latest:
        asset.changed_on = max(on, asset.changed_on) if state != asset.state else asset.changed_on
        asset.state, asset.seen_on = state, on
        asset.save(update_fields=["state", "seen_on", "changed_on"])
    record(
        kind=ASSET_RETIRED if state == AssetState.REMOVED else ASSET_LOOKED_AT,
        by=by,
        subject_type="organisations.asset",
        subject_id=asset.id,
        place_id=asset.area_id,
        data={"on": on} if state == AssetState.REMOVED else {"on": on, "state": str(state)},
        rows=[look],
    )
    return look


def _look(by: Actor, asset: Asset, on: date, state: str, note: str) -> AssetLook:
    return AssetLook(asset=asset, on=on, state=state, note=note, actor_id=by.id, at=clock.now())


def _number(assets: Sequence[Asset], given: Sequence[str], county: str) -> None:
    """Give codes to assets that have none, class by class, after the highest taken in the book and in this list."""
    by_class: dict[str, list[Asset]] = {}
    for asset in assets:
        by_class.setdefault(asset.asset_class.code, []).append(asset)
    rows = AssetClass.objects.select_for_update(of=("self",)).filter(code__in=by_class)
    for held in rows.order_by("code"):
        last = (
            Asset.objects.filter(code__startswith=county + held.code).order_by("-code").values_list("code", flat=True)
        )
        taken = [*last[:1], *given]
        try:
            codes = next_codes(county, held.code, taken, len(by_class[held.code]))
        except CodeError as error:
            raise AssetsRefused(str(error), field="class_code") from error
        for asset, code in zip(by_class[held.code], codes, strict=True):
            asset.code = code


def _value(asset: Asset, name: str) -> object:
    return getattr(asset, f"{name}_id", None) if name in {*BODIES, "estate", "area"} else getattr(asset, name)
