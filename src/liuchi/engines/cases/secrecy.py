"""Secret reports 举报保密: what is about a unit or its staff stays unknown to it, to what is under it, to its people.

信访工作条例 art. 30: accusations must not be shown to the accused. Whoever belongs to a unit by any hat, by a post,
or by its roll, is one of its people.
"""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, UUIDField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.engines.cases.models import Accused, Case
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.notices.audience import holders_at
from liuchi.ground.organisations.models import Organisation

#: Cases about a unit to which somebody belongs, or above one: the units of their grants, posts and rolls, going up.
_ABOUT_MINE: Final = "SELECT kept FROM cases_about_units_of(%s, %s::uuid[], %s) AS kept"
#: Units and everything under them, in force or not: who belongs to one that ended still remembers.
_UNDER: Final = """
WITH RECURSIVE under(id) AS (
  SELECT unnest(%s::uuid[])
  UNION SELECT body.id FROM under JOIN organisations_organisation AS body
    ON body.management_parent_id = under.id OR body.statistical_parent_id = under.id
) SELECT id FROM under
"""
#: The people of units, by any hat of any account, by post and by roll, each by the record in force.
_PEOPLE: Final = """
SELECT COALESCE(person.merged_into_id, person.id) FROM people_person AS person WHERE person.id IN (
  SELECT account.person_id FROM access_account AS account JOIN access_grant AS held ON held.account_id = account.id
    WHERE held.organisation_id = ANY(%s::uuid[]) AND (held.valid_to IS NULL OR held.valid_to > %s)
  UNION SELECT holding.person_id FROM people_postholding AS holding JOIN organisations_post AS post
    ON post.id = holding.post_id
    WHERE (holding.valid_to IS NULL OR holding.valid_to > %s) AND post.organisation_id = ANY(%s::uuid[])
  UNION SELECT roll.person_id FROM people_employment AS roll
    WHERE (roll.valid_to IS NULL OR roll.valid_to > %s) AND roll.organisation_id = ANY(%s::uuid[])
)
"""


def open_to(viewer: Viewer) -> Q:
    """Return the condition that secrecy does not keep a case from `viewer`; to be joined with every other condition.

    A secret case of which nobody has said yet whom it is about is the desk's of its place only.
    """
    named = Q(id__in=Accused.objects.order_by().values("case_id")) | is_one_of("place_id", viewer.areas("cases.accept"))
    return Q(is_secret=False) | (named & ~Q(id__in=_about_units_of(viewer)))


def is_kept_from(by: Actor, case: Case) -> bool:
    """Tell whether secrecy keeps a case from `by`; never from the house itself."""
    if not case.is_secret or by.kind == "system":
        return False
    return not isinstance(by, Viewer) or not Case.objects.filter(open_to(by), id=case.id).exists()


def is_about_units_of(viewer: Viewer, case: Case) -> bool:
    """Tell whether a case is secret and about a unit to which `viewer` belongs by any hat, or one above it."""
    return case.is_secret and Case.objects.filter(id=case.id).filter(id__in=_about_units_of(viewer)).exists()


class AccusedUnknown(RuleBroken):
    """A secret case cannot go on before somebody says whom it is about: nobody could be kept from it."""

    code = "accused_unknown"


def require_named(case: Case) -> None:
    """Refuse to let a secret case leave the desk before it is said whom it is about.

    Raises:
        AccusedUnknown: nobody said it yet.
    """
    if case.is_secret and not case.accused.exists():
        raise AccusedUnknown(_("This report is secret. Say first which unit it is about, or that it is not secret."))


def accused_units(case: Case) -> frozenset[UUID]:
    """Return the units that a case is about, with everything under them: none of these is given the case."""
    if not case.is_secret:
        return frozenset()
    return units_under(case.accused.order_by("id").values_list("unit_id", flat=True))


def units_under(units: Iterable[UUID]) -> frozenset[UUID]:
    """Return units with everything under them."""
    given = list(units)
    if not given:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_UNDER, [given])
        return frozenset(row[0] for row in cursor.fetchall())


def people_of_units(units: Collection[UUID]) -> frozenset[UUID]:
    """Return the people of units, by any hat, by post and by roll, each by the record in force."""
    if not units:
        return frozenset()
    with connection.cursor() as cursor:
        day = timezone.localdate(clock.now())
        cursor.execute(_PEOPLE, [list(units), clock.now(), day, list(units), day, list(units)])
        return frozenset(row[0] for row in cursor.fetchall())


def not_of_the_accused(case: Case, people: Collection[UUID]) -> list[UUID]:
    """Return those of `people` who may be told of a case."""
    if not case.is_secret:
        return list(people)
    units = accused_units(case)
    inside = (
        people_of_units(units) if units else frozenset(people) - frozenset(holders_at("cases.accept", case.place_id))
    )
    return [person for person in people if person not in inside]


def somebody_is_left(place_id: UUID, units: Iterable[UUID]) -> bool:
    """Tell whether the desk and the dispatch of a place have people who do not belong to `units`."""
    inside = people_of_units(units_under(units))
    return all(set(holders_at(power, place_id)) - inside for power in ("cases.accept", "cases.dispatch"))


def left_out_units(case: Case) -> list[Organisation]:
    """Return the units that a case is about, for whoever may see the case; dispatch leaves them out."""
    if not case.is_secret:
        return []
    return [each.unit for each in case.accused.select_related("unit").order_by("unit__code")]


def _about_units_of(viewer: Viewer) -> RawSQL:
    units = sorted({grant.organisation_id for grant in viewer.held or viewer.grants if grant.organisation_id})
    day = timezone.localdate(clock.now())
    return RawSQL(_ABOUT_MINE, [viewer.person_id, units, day], output_field=UUIDField())  # noqa: S611 - ids, a day
