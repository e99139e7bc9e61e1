"""What holds for every estate, building and dwelling: who may write it, where it stands, what it may be called."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.territory.models.dwelling import LONGEST_PART
from liuchi.ground.territory.queries import territory

MANAGE, SEE = "dwellings.manage", "dwellings.see"


class DwellingsRefused(RuleBroken):
    """What was given cannot be an estate, a building or a dwelling."""

    code = "dwellings_refused"


def require_power(by: Actor, area_id: UUID) -> None:
    """Let pass whoever manages dwellings in an area.

    Raises:
        NotAllowed: otherwise.
    """
    if not by.allows(MANAGE, area_id):
        raise NotAllowed(_("Only who manages dwellings here may do this."))


def require_text(text: str, field: str) -> None:
    """Let pass a text that says something.

    Raises:
        DwellingsRefused: when it is empty.
    """
    if not text.strip():
        raise DwellingsRefused(_("Please fill this in."), field=field)


def require_known(value: str, values: Sequence[str], field: str) -> None:
    """Let pass a value of a closed set.

    Raises:
        DwellingsRefused: when it is not one of `values`.
    """
    if value not in values:
        raise DwellingsRefused(
            _("%(value)s is not one of %(values)s.") % {"value": value, "values": ", ".join(values)}, field=field
        )


def in_words(facilities: Iterable[str]) -> list[str]:
    """Return facilities as they are kept: each once, none empty.

    Raises:
        DwellingsRefused: when one is longer than 20 characters.
    """
    words = list(dict.fromkeys(word.strip() for word in facilities if word.strip()))
    if any(len(word) > LONGEST_PART for word in words):
        raise DwellingsRefused(_("Name each facility in at most 20 characters."), field="facilities")
    return words


def standing_in(
    community_id: UUID,
    label: str,
    *,
    area_id: UUID | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> UUID:
    """Return where a building stands: the area given, else the grid that holds its position, else the community.

    Raises:
        DwellingsRefused: half a position, one that is no degrees, or an area outside the community; names `label`.
    """
    if (longitude is None) != (latitude is None):
        raise DwellingsRefused(_("A position has a longitude and a latitude."), field="longitude")
    known = territory()
    found = area_id
    if longitude is not None and latitude is not None:
        grid = _grid_at(longitude, latitude)
        found = found or grid
    if found is None:
        return community_id
    if community_id not in known.with_ancestors(found):
        raise DwellingsRefused(
            _("%(building)s stands outside the community of its estate; look at its position.") % {"building": label},
            field="area_id" if area_id else "longitude",
        )
    return found


def _grid_at(longitude: float, latitude: float) -> UUID | None:
    try:
        grid = territory().locate(longitude, latitude)
    except ValueError:
        raise DwellingsRefused(
            _("These coordinates are not degrees of longitude and latitude."), field="longitude"
        ) from None
    return grid.id if grid is not None else None
