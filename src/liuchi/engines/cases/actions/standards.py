"""Taking in the standards by which cases are filed, and following changes of the calendar and of people."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from liuchi.engines.cases import clocks
from liuchi.engines.cases.catalogue import Row
from liuchi.engines.cases.kinds import CATALOGUE_IMPORTED, DEADLINES_RECOMPUTED, REPORTER_ERASED
from liuchi.engines.cases.models import Case, CaseClass, CaseClock, Catalogue, ClockKind, FilingCondition, Report
from liuchi.ground.calendars.models import CalendarVersion
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def import_catalogue(
    *, by: Actor, code: str, document: str, city: str, rows: Iterable[Row], content_hash: str, valid_from: date
) -> Catalogue:
    """Make `rows` the catalogue in force under `code`; the edition before ends. The same content again changes nothing."""
    present = Catalogue.objects.select_for_update().filter(code=code, valid_to=None).first()
    if present is not None and present.content_hash == content_hash:
        return present
    if present is not None:
        present.valid_to = max(valid_from, present.valid_from)
        present.save(update_fields=["valid_to"])
    catalogue = Catalogue(
        code=code,
        document=document,
        city=city,
        number=(present.number if present else 0) + 1,
        content_hash=content_hash,
        valid_from=valid_from,
    )
    classes: dict[tuple[str, str], CaseClass] = {}
    counts: dict[tuple[str, str], int] = {}
    conditions = []
    for row in rows:
        key = (row.kind, row.code)
        if key not in classes:
            classes[key] = CaseClass(
                catalogue=catalogue,
                kind=row.kind,
                code=row.code,
                name=row.name,
                major_code=row.major_code,
                major_name=row.major_name,
            )
        counts[key] = counts.get(key, 0) + 1
        conditions.append(_condition(row, classes[key], counts[key]))
    catalogue.save(force_insert=True)
    CaseClass.objects.bulk_create(classes.values(), batch_size=500)
    FilingCondition.objects.bulk_create(conditions, batch_size=500)
    record(
        kind=CATALOGUE_IMPORTED,
        by=by,
        subject_type="cases.catalogue",
        subject_id=catalogue.id,
        data={"classes": len(classes), "conditions": len(conditions)},
    )
    return catalogue


@action
def recompute_deadlines(*, by: Actor, calendar: str, number: int) -> int:
    """Compute the running clocks of a calendar anew with version `number` of it; return how many deadlines moved.

    Called when a year's holidays are published, so that provisional promises become firm.
    """
    version = CalendarVersion.objects.select_related("calendar").get(calendar__code=calendar, number=number)
    running = (
        CaseClock.objects.select_for_update(of=("self",))
        .select_related("case", "calendar_version")
        .filter(stopped_at=None, running_since__isnull=False, calendar_version__calendar=version.calendar)
        .filter(calendar_version__number__lt=number)
        .order_by("case_id", "id")
    )
    moved = 0
    for clock in running:
        before = (clock.due_at, clock.is_provisional)
        clock.calendar_version = version
        clocks.compute(clock)
        clock.save(update_fields=["calendar_version", "due_at", "warn_at", "is_provisional"])
        if (clock.due_at, clock.is_provisional) != before:
            moved += 1
            _show(clock)
    if not moved and not running:
        return 0
    record(
        kind=DEADLINES_RECOMPUTED,
        by=by,
        subject_type="calendars.calendar_version",
        subject_id=version.id,
        data={"clocks": moved, "calendar_version": version.id},
    )
    return moved


@action
def erase_reporter(*, by: Actor, person_id: UUID) -> int:
    """Erase what reports tell about an erased person: name, phone, and the words; return how many reports."""
    changed = Report.objects.filter(reporter_id=person_id, erased_at=None).update(
        text="", name_sealed=None, phone_sealed=None, phone_index=None, erased_at=house_clock.now()
    )
    if changed:
        record(
            kind=REPORTER_ERASED,
            by=by,
            subject_type="people.person",
            subject_id=person_id,
            data={"reports": changed, "person": person_id},
        )
    return changed


def _show(clock: CaseClock) -> None:
    """Copy a moved deadline onto its case."""
    case: Case = clock.case
    if clock.kind == ClockKind.CASE:
        case.due_at, case.is_provisional = clock.due_at, clock.is_provisional
        case.save(update_fields=["due_at", "is_provisional"])
    elif clock.assignment_id is None:
        case.step_due_at, case.step_warn_at = clock.due_at, clock.warn_at
        case.save(update_fields=["step_due_at", "step_warn_at"])


def _condition(row: Row, of: CaseClass, number: int) -> FilingCondition:
    return FilingCondition(
        case_class=of,
        number=number,
        condition=row.condition,
        closing=row.closing,
        limit_value=row.limit_value,
        limit_unit=row.limit_unit,
        limit_text=row.limit_text,
        disposal_unit=row.disposal_unit,
        supervising_department=row.supervising_department,
    )
