"""Who may see and change which people. A record belongs to the area of its home; one without a home to the district."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Actor, Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.models import Person
from liuchi.ground.territory.queries import territory

SEE, MANAGE, LOOK_UP, REVEAL, CARE, CATEGORIES, ERASE = (
    "people.see",
    "people.manage",
    "people.lookup",
    "people.reveal",
    "people.care",
    "people.categories",
    "people.erase",
)


def may(actor: Actor, power: str, home: UUID | None) -> bool:
    """Tell whether `actor` holds `power` where somebody lives; for somebody without a home, in the whole district."""
    return actor.allows(power, home if home is not None else _district())


def require(actor: Actor, power: str, person: Person) -> None:
    """Refuse an actor who lacks `power` where `person` lives.

    Raises:
        NotAllowed: when the power, or the place, is not theirs.
    """
    if not may(actor, power, person.home_id):
        raise NotAllowed(_("You may not do this for people who live there. Ask the registrar of that community."))


def require_at(actor: Actor, power: str, area_id: UUID) -> None:
    """Refuse an actor who lacks `power` in an area.

    Raises:
        NotAllowed: when the power, or the place, is not theirs.
    """
    if not actor.allows(power, area_id):
        raise NotAllowed(_("You may not do this for people who live there. Ask the registrar of that community."))


def within(viewer: Reader, power: str, prefix: str = "") -> Q:
    """Return the condition that a person (at the path `prefix`) is within the viewer's reach for `power`."""
    areas = viewer.areas(power)
    found = is_one_of(f"{prefix}home_id", areas)
    return found | Q(**{f"{prefix}home": None}) if _district() in areas else found


def _district() -> UUID | None:
    """Return the district's id, or None where no territory stands yet."""
    known = territory()
    districts = (area.id for area in known.of_kind("district") if area.is_managed)
    return next(districts, None)
