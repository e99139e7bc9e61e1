"""Taking in the standards by which cases are filed, and following changes of the calendar and of people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from liuchi.engines.cases import clocks
from liuchi.engines.cases.catalogue import Row
from liuchi.engines.cases.kinds import CATALOGUE_IMPORTED, DEADLINES_RECOMPUTED, REPORTER_ERASED
from liuchi.engines.cases.models import (
    Case,
    CaseClass,
    CaseClock,
    CaseMove,
    Catalogue,
    ClockKind,
    FilingCondition,
    Report,
    ReportVersion,
)
from liuchi.engines.cases.opening import REPORT
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.ground.attachments.belonging import forget_of
from liuchi.ground.calendars.models import CalendarVersion
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor

#: The moves whose words are the reporter's.
REPORTERS_OWN = ("rate", "reopen", "withdraw", "call_back", "reopen_on_call", "supplement")


@action
def import_catalogue(
    *, by: Actor, code: str, document: str, city: str, rows: Iterable[Row], content_hash: str, valid_from: date
) -> Catalogue:
    """Make `rows` the catalogue in force under `code`; the edition before ends. The same content changes nothing."""
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
    """Compute the clocks of a calendar that have not stopped anew with version `number`; return how many changed.

    Called when a year's holidays are published, so that provisional promises become firm. A paused clock keeps what it
    has used up; the rest of its limit is counted on the new calendar. What has stopped was judged and stays.
    """
    version = CalendarVersion.objects.select_related("calendar").get(calendar__code=calendar, number=number)
    cases = _hold_open_cases()
    clocks_behind = CaseClock.objects.filter(
        stopped_at=None, calendar_version__calendar=version.calendar, calendar_version__number__lt=number
    ).order_by("case_id", "id")
    behind = list(clocks_behind.select_for_update(of=("self",)))
    if not behind:
        return 0
    moved = [clock for clock in behind if _recompute(clock, version)]
    CaseClock.objects.bulk_update(behind, ["calendar_version", "due_at", "warn_at", "is_provisional"], batch_size=500)
    shown = [cases[clock.case_id] for clock in moved if _show(clock, cases)]
    Case.objects.bulk_update(shown, ["due_at", "is_provisional", "step_due_at", "step_warn_at"], batch_size=500)
    record(
        kind=DEADLINES_RECOMPUTED,
        by=by,
        subject_type="calendars.calendar_version",
        subject_id=version.id,
        data={"clocks": len(moved), "calendar_version": version.id},
    )
    return len(moved)


@action
def erase_reporter(*, by: Actor, person_id: UUID, phones: Sequence[bytes] = ()) -> int:
    """Erase what an erased person said in reports and when rating or reopening, name, phone and address too.

    `phones` are blind indexes of their telephone, for reports without an account. Return how many reports. That there
    was a report, a rating, a reopening stays.
    """
    theirs = Q(reporter_id=person_id) | Q(reporter=None, phone_index__in=list(phones))
    reports = Report.objects.select_for_update(of=("self",)).filter(theirs, erased_at=None).order_by("id")
    found = list(reports)
    if not found:
        return 0
    ids = [report.id for report in found]
    cases = {report.case_id for report in found} | {each.came_with_id for each in found if each.came_with_id}
    places = {each.came_with_id or each.case_id for each in found if not each.is_joined}
    Case.objects.filter(id__in=places).exclude(address="").update(address="")
    words = CaseMove.objects.filter(Q(report__in=ids) | Q(report=None, case_id__in=cases), name__in=REPORTERS_OWN)
    words.update(public_text="", internal_text="")
    Report.objects.filter(id__in=ids).update(
        text="",
        name_sealed=None,
        name_index=None,
        phone_sealed=None,
        phone_index=None,
        erased_at=house_clock.now(),
    )
    ReportVersion.objects.filter(report__in=ids).update(text="", address="", longitude=None, latitude=None)
    forget_of(REPORT, ids)
    index_cases(cases)
    record(
        kind=REPORTER_ERASED,
        by=by,
        subject_type="people.person",
        subject_id=person_id,
        data={"reports": len(found), "person": person_id},
    )
    return len(found)


def _hold_open_cases() -> dict[UUID, Case]:
    """Lock the open cases, as moves do before they touch a clock, and return them.

    A move that still counts with the calendar before is waited for, so that its clock is found.
    """
    rows = Case.objects.select_for_update().filter(ended_at=None).order_by("id")
    return {case.id: case for case in rows.only("state", "due_at", "is_provisional", "step_due_at", "step_warn_at")}


def _recompute(clock: CaseClock, version: CalendarVersion) -> bool:
    """Compute a clock with another version of its calendar; tell whether what it says changed."""
    before = (clock.due_at, clock.warn_at, clock.is_provisional)
    clock.calendar_version = version
    clocks.compute(clock)
    return (clock.due_at, clock.warn_at, clock.is_provisional) != before


def _show(clock: CaseClock, cases: Mapping[UUID, Case]) -> bool:
    """Copy a moved deadline onto its case; tell whether the case shows this clock."""
    case = cases.get(clock.case_id)
    if case is None or clock.assignment_id is not None or clock.step not in {"case", case.state}:
        return False
    if clock.kind == ClockKind.CASE:
        case.due_at, case.is_provisional = clock.due_at, clock.is_provisional
    else:
        case.step_due_at, case.step_warn_at = clock.due_at, clock.warn_at
    return True


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
