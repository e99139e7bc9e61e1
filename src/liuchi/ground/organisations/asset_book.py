"""What is known of a public asset, and what makes sense of it: class, bodies, place, dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.organisations.changing import today
from liuchi.ground.organisations.models import Accuracy, Asset, AssetClass, AssetState, DataSource, Organisation
from liuchi.ground.territory.component_codes import CodeError, parse_code
from liuchi.ground.territory.models import Estate
from liuchi.ground.territory.queries import territory

Named = TypeVar("Named")
SEE, MANAGE, INSPECT = "assets.see", "assets.manage", "assets.inspect"
LONGEST_NAME, LONGEST_POSITION, LONGEST_NOTE = 40, 60, 200
BODIES = ("competent", "owner", "maintainer")


class AssetsRefused(RuleBroken):
    """An asset cannot be as it was given; `field` names what is wrong."""

    code = "assets_refused"


@dataclass(frozen=True, slots=True)
class NewAsset:
    """An asset to register. Without a code it gets the next one of its class; bodies and estate are named by code.

    Its area is the grid that holds its position (CGCS2000 degrees), else the one given.
    """

    class_code: str
    name: str
    code: str = ""
    longitude: float | None = None
    latitude: float | None = None
    area_id: UUID | None = None
    estate_code: str = ""
    position: str = ""
    competent: str = ""
    owner: str = ""
    maintainer: str = ""
    state: str = AssetState.INTACT
    data_source: str = DataSource.SURVEYED
    accuracy: str = Accuracy.C
    note: str = ""
    recorded_on: date | None = None


@dataclass
class Lists:
    """What assets may name: classes, bodies and estates in force, by code."""

    classes: Mapping[str, AssetClass]
    bodies: Mapping[str, Organisation]
    estates: Mapping[str, Estate]


def read_lists(estate_codes: Sequence[str] = ()) -> Lists:
    """Return what assets may name (three queries)."""
    return Lists(
        {each.code: each for each in AssetClass.objects.order_by("code")},
        {each.code: each for each in Organisation.objects.filter(valid_to=None).order_by("code")},
        {each.code: each for each in Estate.objects.filter(code__in=estate_codes, valid_to=None).order_by("code")},
    )


def require_power(by: Actor, powers: Sequence[str], area_id: UUID) -> None:
    """Let pass whoever holds one of `powers` over assets in an area.

    Raises:
        NotAllowed: otherwise.
    """
    if not any(by.allows(power, area_id) for power in powers):
        raise NotAllowed(_("You may not do this with assets here."))


def asset_of(new: NewAsset, lists: Lists, county: str) -> Asset:
    """Return an asset, unsaved; its code is empty where none was given.

    Raises:
        AssetsRefused: what cannot be, naming the asset by its code or name.
    """
    asset = Asset(code=new.code.strip(), asset_class=_known(lists.classes, new.class_code, new, "class_code"))
    if asset.code:
        _check_code(asset.code, new, county)
    asset.area_id = standing_at(new.longitude, new.latitude, new.area_id)
    asset.longitude, asset.latitude = new.longitude, new.latitude
    asset.recorded_on = asset.changed_on = new.recorded_on or today()
    if asset.recorded_on > today():
        raise AssetsRefused(_("This day lies ahead."), field="recorded_on")
    if new.estate_code:
        asset.estate = _known(lists.estates, new.estate_code, new, "estate_code")
    for body in BODIES:
        code = getattr(new, body)
        setattr(asset, body, _known(lists.bodies, code, new, body) if code else None)
    asset.name = require_words(new.name, "name", LONGEST_NAME, is_needed=True)
    asset.position = require_words(new.position, "position", LONGEST_POSITION)
    asset.note = require_words(new.note, "note", LONGEST_NOTE)
    asset.state = require_one(new.state, [each for each in AssetState.values if each != AssetState.REMOVED], "state")
    asset.data_source = require_one(new.data_source, DataSource.values, "data_source")
    asset.accuracy = require_one(new.accuracy, Accuracy.values, "accuracy")
    return asset


def standing_at(longitude: float | None, latitude: float | None, area_id: UUID | None) -> UUID:
    """Return where an asset stands: the grid that holds its position, else the area given.

    Raises:
        AssetsRefused: half a position, no degrees, a position outside the district, or neither position nor area.
    """
    if (longitude is None) != (latitude is None):
        raise AssetsRefused(_("A position has a longitude and a latitude."), field="longitude")
    known = territory()
    if longitude is not None and latitude is not None:
        try:
            grid = known.locate(longitude, latitude)
        except ValueError:
            raise AssetsRefused(
                _("These coordinates are not degrees of longitude and latitude."), field="longitude"
            ) from None
        if grid is None:
            raise AssetsRefused(_("This position lies outside the district."), field="longitude")
        return grid.id
    if area_id is None or area_id not in known.areas:
        raise AssetsRefused(_("Give a position, or the grid or community in which it stands."), field="area_id")
    return area_id


def require_words(text: str, field: str, longest: int, *, is_needed: bool = False) -> str:
    """Return a text without the spaces around it.

    Raises:
        AssetsRefused: when it is too long, or empty where it is needed.
    """
    words = text.strip()
    if is_needed and not words:
        raise AssetsRefused(_("Please fill this in."), field=field)
    if len(words) > longest:
        raise AssetsRefused(_("At most %(longest)s characters.") % {"longest": longest}, field=field)
    return words


def require_one(value: str, values: Sequence[str], field: str) -> str:
    """Return a value of a closed set.

    Raises:
        AssetsRefused: when it is not one of `values`.
    """
    if value not in values:
        raise AssetsRefused(
            _("%(value)s is not one of %(values)s.") % {"value": value, "values": ", ".join(values)}, field=field
        )
    return value


def _known(known: Mapping[str, Named], code: str, new: NewAsset, field: str) -> Named:
    found = known.get(code.strip())
    if found is None:
        raise AssetsRefused(
            _("%(asset)s: there is no %(code)s.") % {"asset": new.code or new.name, "code": code}, field=field
        )
    return found


def _check_code(code: str, new: NewAsset, county: str) -> None:
    try:
        parsed = parse_code(code, county=county)
    except CodeError as error:
        raise AssetsRefused(_("%(code)s: %(why)s.") % {"code": code, "why": error}, field="code") from error
    if parsed.class_code != new.class_code.strip():
        raise AssetsRefused(
            _("%(code)s belongs to class %(class)s.") % {"code": code, "class": parsed.class_code}, field="code"
        )
