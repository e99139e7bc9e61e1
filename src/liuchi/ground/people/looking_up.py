"""Looking somebody up by an exact value. The door leaves a read line for every look-up, found or not."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.people import access, values
from liuchi.ground.people.identity import DocumentKind
from liuchi.ground.people.models import Person
from liuchi.ground.people.naming import name_order
from liuchi.ground.people.showing import Card, card_of
from liuchi.ground.records import protected
from liuchi.ground.records.restricting import restricted_people
from liuchi.ground.territory.queries import territory

#: So many namesakes are shown at most; more is a list, not a look-up.
MOST = 20


class LookUpRefused(RuleBroken):
    """There is nothing exact to look for; `field` names what is missing."""

    code = "look_up_refused"


@dataclass(frozen=True)
class LookedUp:
    """Whom a look-up found within reach, and whether somebody is known elsewhere in the district, unnamed.

    `field` and `value` are what was looked for, made comparable: for the read line, which keeps a hash of the value.
    Somebody who had the use of their data restricted is not shown; `is_restricted` says that there is such a record.
    """

    field: str
    value: str
    cards: tuple[Card, ...]
    is_elsewhere: bool = False
    is_restricted: bool = False


def look_up(
    viewer: Reader,
    *,
    identity: str = "",
    identity_kind: str = DocumentKind.CITIZEN,
    phone: str = "",
    name: str = "",
    area_id: UUID | None = None,
) -> LookedUp:
    """Return who has exactly this identity number, else this phone, else this name within an area.

    Within the viewer's reach for people.lookup people are shown, masked; outside it, somebody who registers people
    (people.manage) learns that there is a record, and nothing else. An absorbed record leads to the one in force.

    Raises:
        LookUpRefused: nothing to look for, or a value that cannot be one.
    """
    field, value, condition = _wanted(identity, identity_kind, phone, name, area_id)
    records = Person.objects.filter(condition, erased_at=None).order_by("name_order", "id")
    kept_ids = [row.merged_into_id or row.id for row in records[:200]]
    people = Person.objects.filter(id__in=kept_ids).order_by("name_order", "id")
    within = list(people.filter(access.within(viewer, access.LOOK_UP))[:MOST])
    held = restricted_people() & {row.id for row in within}
    reached = [row for row in within if row.id not in held]
    is_elsewhere = field != "people.name" and len(set(kept_ids)) > len(within) and bool(viewer.areas(access.MANAGE))
    return LookedUp(field, value, tuple(card_of(row) for row in reached), is_elsewhere, bool(held))


def _wanted(identity: str, kind: str, phone: str, name: str, area_id: UUID | None) -> tuple[str, str, Q]:
    try:
        number, digits = values.clean_identity(identity, kind), values.clean_phone(phone)
    except values.FactRefused as error:
        raise LookUpRefused(error.message, field=error.field) from error
    if number is not None:
        keys = protected.blinds(number.number, protected.IDENTITY)
        return protected.IDENTITY, number.number, Q(identity_index__in=keys)
    if digits:
        return protected.PHONE, digits, Q(phone_index__in=protected.blinds(digits, protected.PHONE))
    said = " ".join(name.split())
    if not said:
        raise LookUpRefused(_("Give an identity number, a phone, or a name."), field="identity")
    if area_id is None:
        raise LookUpRefused(_("Say in which community somebody of this name lives."), field="area")
    areas = territory().with_descendants(area_id)
    return protected.NAME, said, Q(name_order=name_order(said)) & is_one_of("home_id", areas)
