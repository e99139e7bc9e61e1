"""Keeping what is replayed beside the district: its jurisdictions, where cases came from, and taking them back."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from liuchi.engines.cases.kinds import CASES_WITHDRAWN, JURISDICTION_OPENED, ORIGINS_NOTED
from liuchi.engines.cases.models import Case, CaseOrigin, Jurisdiction
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed

#: Who looks after what cases are compared with.
POWER = "cases.standards"


@action
def open_jurisdiction(
    *, by: Actor, code: str, name: str, source: str, area_id: UUID, calendar_id: UUID
) -> Jurisdiction:
    """Open a jurisdiction beside the district; its area and its calendar stand already.

    Raises:
        NotAllowed: the actor lacks the power cases.standards.
    """
    _refuse_unless_allowed(by)
    made = Jurisdiction(code=code, name=name[:60], source=source[:200], area_id=area_id, calendar_id=calendar_id)
    data = {"calendar": calendar_id}
    record(
        kind=JURISDICTION_OPENED,
        by=by,
        subject_type="cases.jurisdiction",
        subject_id=made.id,
        place_id=area_id,
        data=data,
        rows=[made],
    )
    return made


@action
def note_origins(*, by: Actor, jurisdiction: Jurisdiction, origins: Sequence[CaseOrigin]) -> None:
    """Note under which number each replayed case was recorded, and what is odd about the record."""
    _refuse_unless_allowed(by)
    CaseOrigin.objects.bulk_create(origins)
    data = {"cases": len(origins)}
    record(kind=ORIGINS_NOTED, by=by, subject_type="cases.jurisdiction", subject_id=jurisdiction.id, data=data)


@action
def withdraw_cases(*, by: Actor, jurisdiction: Jurisdiction, case_ids: Collection[UUID]) -> int:
    """Take replayed cases of a jurisdiction out of the house again and return how many; what was told of them stays
    in the journal.

    Raises:
        NotAllowed: the actor lacks the power cases.standards.
    """
    _refuse_unless_allowed(by)
    held = Case.objects.select_for_update(of=("self",)).filter(id__in=case_ids, origin__jurisdiction=jurisdiction)
    ids = list(held.order_by("id").values_list("id", flat=True))
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL liuchi.maintenance = 'on'")
        for link in Case._meta.related_objects:  # noqa: SLF001 - whatever belongs to a case goes with it
            model: Any = link.related_model
            rows = model._base_manager.filter(**{f"{link.field.name}__in": ids})  # noqa: SLF001
            rows._raw_delete(rows.db)  # noqa: SLF001 - links between them are looked at when all is done
        cursor.execute("SET LOCAL liuchi.maintenance = 'off'")
    cases = Case.objects.filter(id__in=ids)
    cases._raw_delete(cases.db)  # noqa: SLF001
    data = {"cases": len(ids)}
    record(kind=CASES_WITHDRAWN, by=by, subject_type="cases.jurisdiction", subject_id=jurisdiction.id, data=data)
    return len(ids)


def _refuse_unless_allowed(by: Actor) -> None:
    if not by.allows(POWER):
        raise NotAllowed(_("You may not change what cases are compared with."))
