"""Finding cases by who reported them: an exact telephone, identity number or name, and nothing less.

Whoever asks holds `cases.lookup` for the place of each case found and meets the case in office. The door says what for
and leaves a read line for every question, found or not, before anything is shown.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import IntegerField, Q, Value
from django.utils.translation import gettext as _

from liuchi.engines.cases.access import meets
from liuchi.engines.cases.models import Case, Report
from liuchi.engines.cases.naming import normal_name
from liuchi.engines.cases.search.queries import SHOWN, FoundCase
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.people import values
from liuchi.ground.people.identity import DocumentKind
from liuchi.ground.people.models import Person
from liuchi.ground.people.naming import name_order
from liuchi.ground.records import protected
from liuchi.ground.records.restricting import restricted_people

LOOK_UP: Final = "cases.lookup"
#: So many cases are shown at most, the newest; who has reported more is looked at with the other search.
MOST: Final = 50


class AskedForNothing(RuleBroken):
    """There is nothing exact to look for."""

    code = "asked_for_nothing"


@dataclass(frozen=True)
class OfPerson:
    """The cases somebody reported.

    `field` and `value` are what was looked for, made comparable: for the read line, which keeps a hash of the value.
    `person_id` is who it is, where one person on record has it; `home_id` where they live. Of somebody who had the use
    of their data restricted no case is shown; `is_restricted` says that there is such a record.
    """

    field: str
    value: str
    cases: Sequence[FoundCase] = ()
    reports: Sequence[Report] = ()
    person_id: UUID | None = None
    home_id: UUID | None = None
    has_more: bool = False
    is_restricted: bool = False


@dataclass(frozen=True)
class _Wanted:
    field: str
    value: str
    people: Q
    reports: Q


def cases_of_person(viewer: Viewer, exact: str) -> OfPerson:
    """Return the newest cases reported by whoever has exactly this telephone, identity number or name.

    What begins with a digit is a telephone or an identity number; anything else is a name.

    Raises:
        AskedForNothing: nothing was typed, or what can be no telephone and no identity number.
    """
    wanted = _wanted(exact)
    on_record = Person.objects.filter(wanted.people, erased_at=None).order_by("id")
    records = {row.id: row for row in on_record[:200]}
    held = restricted_people()
    is_restricted = bool(records.keys() & held)
    if is_restricted and wanted.field != protected.NAME:
        return OfPerson(wanted.field, wanted.value, is_restricted=True)
    kept = {row.merged_into_id or row.id for row in records.values()}
    reports = _reports(viewer, wanted, records.keys() | kept, held)
    rows = Case.objects.filter(id__in=[report.case_id for report in reports]).order_by("-id")
    cases = [FoundCase(*row) for row in rows.annotate(rank=Value(0, IntegerField())).values_list(*SHOWN)]
    only = next(iter(kept)) if len(kept) == 1 else None
    return OfPerson(
        wanted.field,
        wanted.value,
        cases=cases[:MOST],
        reports=reports,
        person_id=only,
        home_id=records[only].home_id if only in records else None,
        has_more=len(cases) > MOST,
        is_restricted=is_restricted,
    )


def _reports(viewer: Viewer, wanted: _Wanted, people: AbstractSet[UUID], held: AbstractSet[UUID]) -> list[Report]:
    """Return the newest report of theirs in each of the newest cases, one case more than is shown."""
    mine = wanted.reports | Q(reporter__in=people) | Q(reporter__merged_into__in=people)
    cases = Case.objects.filter(is_one_of("place_id", viewer.areas(LOOK_UP)) & meets(viewer))
    rows = Report.objects.filter(mine, erased_at=None, case_id__in=cases.values("id")).exclude(reporter__in=held)
    newest = rows.order_by("-case_id", "-received_at", "-id").distinct("case_id")
    return list(newest[: MOST + 1])


def _wanted(exact: str) -> _Wanted:
    typed = exact.replace("\0", "").strip()
    if typed.lstrip("+( ")[:1].isdigit():
        return _by_number(typed)
    name = normal_name(typed)
    if not name:
        raise AskedForNothing(_("Give a phone, an identity number or a full name."), field="exact")
    keys = protected.blinds(name, protected.NAME)
    return _Wanted(protected.NAME, name, Q(name_order=name_order(name)), Q(name_index__in=keys))


def _by_number(typed: str) -> _Wanted:
    plain = typed.replace(" ", "").replace("-", "").lstrip("+").upper()
    is_phone = plain.isdecimal() and len(plain) not in {15, 18}
    try:
        if is_phone:
            digits = values.clean_phone(typed)
            keys = protected.blinds(digits, protected.PHONE)
            return _Wanted(protected.PHONE, digits, Q(phone_index__in=keys), Q(phone_index__in=keys))
        number = values.clean_identity(plain, DocumentKind.CITIZEN)
    except values.FactRefused as error:
        raise AskedForNothing(error.message, field="exact") from error
    if number is None:
        raise AskedForNothing(_("Give a phone, an identity number or a full name."), field="exact")
    keys = protected.blinds(number.number, protected.IDENTITY)
    return _Wanted(protected.IDENTITY, number.number, Q(identity_index__in=keys), Q(pk__in=()))
