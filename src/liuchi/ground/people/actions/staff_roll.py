"""Taking in a whole staff roll."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.kinds import STAFF_IMPORTED
from liuchi.ground.people.models import Employment, Income, Secondment
from liuchi.ground.people.staffing import StaffRefused, document, require_power, require_terms, today


@dataclass(frozen=True)
class NewEmployment:
    """A row of a staff roll to import, for somebody known: where they work, on what terms, what it pays."""

    person_id: UUID
    organisation_id: UUID
    employer: str
    valid_from: date
    contract_until: date | None = None
    document: str = ""
    yearly: Decimal | None = None
    income_as_of: date | None = None
    seconded_to: UUID | None = None
    seconded_since: date | None = None
    seconded_by: str = ""
    returned_on: date | None = None


@action
def import_staff(*, by: Actor, rows: Iterable[NewEmployment]) -> int:
    """Bring in rows of a staff roll that are not there yet (by person and organisation); return how many were new.

    Raises:
        StaffRefused: unknown terms or impossible days; the row is named by its place in the list.
        NotAllowed: the actor may not change staff in one of the organisations.
    """
    wanted = list(rows)
    areas = dict(
        Organisation.objects.filter(id__in={each.organisation_id for each in wanted}).values_list("id", "area_id")
    )
    for area_id in sorted(set(areas.values())):
        require_power(by, area_id)
    people = {each.person_id for each in wanted}
    known = set(
        Employment.objects.filter(valid_to=None, person_id__in=people).values_list("person_id", "organisation_id")
    )
    made: list[Employment | Income | Secondment] = []
    for number, new in enumerate(wanted, start=1):
        key = (new.person_id, new.organisation_id)
        if key in known:
            continue
        if new.organisation_id not in areas:
            raise StaffRefused(_("Row %(number)d: there is no such organisation.") % {"number": number})
        known.add(key)
        made += _rows(new, number)
    employments = [each for each in made if isinstance(each, Employment)]
    incomes = [each for each in made if isinstance(each, Income)]
    secondments = [each for each in made if isinstance(each, Secondment)]
    if not employments:
        return 0
    Employment.objects.bulk_create(employments, batch_size=500)
    Income.objects.bulk_create(incomes, batch_size=500)
    Secondment.objects.bulk_create(secondments, batch_size=500)
    record(
        kind=STAFF_IMPORTED,
        by=by,
        subject_type="people.employment",
        subject_id=employments[0].id,
        data={"employments": len(employments), "incomes": len(incomes), "secondments": len(secondments)},
    )
    return len(employments)


def _rows(new: NewEmployment, number: int) -> Iterator[Employment | Income | Secondment]:
    require_terms(new.employer, new.valid_from, new.contract_until, number)
    employment = Employment(
        person_id=new.person_id,
        organisation_id=new.organisation_id,
        employer=new.employer,
        valid_from=new.valid_from,
        contract_until=new.contract_until,
        document=document(new.document),
    )
    yield employment
    if new.yearly is not None:
        yield Income(employment=employment, yearly=new.yearly, as_of=new.income_as_of or today())
    if new.seconded_to is not None:
        yield Secondment(
            employment=employment,
            to_organisation_id=new.seconded_to,
            since=new.seconded_since or new.valid_from,
            document=document(new.seconded_by),
            returned_on=new.returned_on,
        )
