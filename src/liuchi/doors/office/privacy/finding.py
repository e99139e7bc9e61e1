"""Finding the person a request is about, by an exact value; the look-up leaves its line."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.access.actions import record_look_up
from liuchi.ground.access.purposes import REQUESTED
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.people.models import Person
from liuchi.ground.records import protected


class NobodyFound(RuleBroken):
    """Nobody on record has this value, or several have."""

    code = "nobody_found"


def find_person_by(viewer: Viewer, value: str) -> UUID:
    """Return the person on record with this identity number or telephone, who is the only one.

    Raises:
        NobodyFound: there is none, or a telephone belongs to several.
    """
    identity, phone = value.strip().upper(), protected.normal_phone(value)
    by_number = Q(identity_index__in=protected.blinds(identity, protected.IDENTITY))
    by_phone = Q(phone_index__in=protected.blinds(phone, protected.PHONE))
    rows = Person.objects.filter(by_number | by_phone, merged_into=None, erased_at=None).order_by("id")
    found = list(rows.values_list("id", "home_id")[:2])
    only = found[0] if len(found) == 1 else (None, None)
    is_phone = len(phone) <= 11
    record_look_up(
        by=viewer,
        field=protected.PHONE if is_phone else protected.IDENTITY,
        value=phone if is_phone else identity,
        purpose=REQUESTED,
        found=only[0],
        place_id=only[1],
    )
    if only[0] is None:
        told = _("Several people have this telephone; use the identity number.") if found else _("Nobody is on record.")
        raise NobodyFound(told, field="who")
    return only[0]
