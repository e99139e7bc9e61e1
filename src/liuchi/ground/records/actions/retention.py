"""Putting away what is no longer needed: periods, holds, trials, and the rows themselves in small steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, ProtectedError, RestrictedError
from django.db.utils import IntegrityError
from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.jobs import defer
from liuchi.ground.records.declared import RecordType, declared
from liuchi.ground.records.due import days_kept, due_rows, ending_types, held_back, periods
from liuchi.ground.records.kinds import (
    HOLD_LIFTED,
    HOLD_PLACED,
    PERIOD_SET,
    ROWS_PUT_AWAY,
    RUN_FINISHED,
    RUN_STARTED,
    TRIAL_MADE,
)
from liuchi.ground.records.models import LegalHold, RetentionCount, RetentionPeriod, RetentionRun, RunKind

POWER: Final = "records.retention"
#: A trial is followed within this time, so that who decides has seen how things stand.
FRESH: Final = timedelta(days=7)
#: Rows put away in one transaction.
STEP: Final = 500


class RetentionRefused(RuleBroken):
    """The period, hold or run cannot be; the message says why and what to do."""

    code = "retention_refused"


@dataclass(frozen=True)
class Away:
    """What one step did: rows put away, rows that others still need, and the id to go on after (None at the end)."""

    done: int
    blocked: int
    last: Any


@action
def set_period(*, by: Actor, type_name: str, days: int, document: str) -> RetentionPeriod:
    """Set for how many days rows of a type are kept, as the archives' `document` says.

    Raises:
        NotAllowed: without the power records.retention.
        RetentionRefused: a type whose time does not run out, or no document.
    """
    _require(by)
    if type_name not in {each.name for each in ending_types()}:
        raise RetentionRefused(_("Records of this kind are not put away by the passing of time."), field="type_name")
    if not document.strip():
        raise RetentionRefused(_("Name the document in which the archives decided this."), field="document")
    if not 0 < days <= 100 * 366:
        raise RetentionRefused(_("Give a number of days from one day to a hundred years."), field="days")
    period = RetentionPeriod(type_name=type_name, days=days, document=document.strip()[:120], decided_at=clock.now())
    record(
        kind=PERIOD_SET,
        by=by,
        subject_type="records.retention_period",
        subject_id=period.id,
        data={"type": type_name, "days": days},
        rows=[period],
    )
    return period


@action
def place_hold(
    *, by: Actor, reason: str, type_name: str = "", row_id: UUID | None = None, person_id: UUID | None = None
) -> LegalHold:
    """Keep one record, or everything about one person, from being put away, for a reason (a lawsuit, an inspection).

    Raises:
        NotAllowed: without the power records.retention.
        RetentionRefused: no reason, or neither a record nor a person.
    """
    _require(by)
    if not reason.strip():
        raise RetentionRefused(_("Say why this has to be kept."), field="reason")
    is_record = type_name in declared() and row_id is not None and person_id is None
    if not is_record and (type_name or row_id is not None or person_id is None):
        raise RetentionRefused(_("Name one record, or one person."), field="person_id")
    hold = LegalHold(
        type_name=type_name, row_id=row_id, person_id=person_id, reason=reason.strip()[:300], placed_at=clock.now()
    )
    record(
        kind=HOLD_PLACED,
        by=by,
        subject_type="records.legal_hold",
        subject_id=hold.id,
        data={"type": type_name or None, "row": row_id, "person": person_id},
        rows=[hold],
    )
    return hold


@action
def lift_hold(*, by: Actor, hold_id: UUID, reason: str) -> None:
    """Let what was held be put away again when its time comes, for a reason.

    Raises:
        NotAllowed: without the power records.retention.
        NotFound: no such hold, or it was lifted.
        RetentionRefused: no reason.
    """
    _require(by)
    hold = LegalHold.objects.select_for_update(of=("self",)).filter(id=hold_id, lifted_at=None).first()
    if hold is None:
        raise NotFound(_("There is no such hold, or it has been lifted."))
    if not reason.strip():
        raise RetentionRefused(_("Say why this need not be kept any longer."), field="reason")
    hold.lifted_at, hold.lifted_reason = clock.now(), reason.strip()[:300]
    hold.save(update_fields=["lifted_at", "lifted_reason"])
    record(kind=HOLD_LIFTED, by=by, subject_type="records.legal_hold", subject_id=hold.id, data={"hold": hold.id})


@action
def make_trial(*, by: Actor) -> RetentionRun:
    """Count what would be put away now, type by type, and what is held back; nothing is touched.

    Raises:
        NotAllowed: without the power records.retention.
    """
    _require(by)
    now = clock.now()
    run = RetentionRun(kind=RunKind.TRIAL, as_of=now, started_at=now, finished_at=now)
    run.save(force_insert=True)
    counts = _counted(run)
    RetentionCount.objects.bulk_create(counts)
    record(
        kind=TRIAL_MADE,
        by=by,
        subject_type="records.retention_run",
        subject_id=run.id,
        data={"due": sum(count.due for count in counts), "held": sum(count.held for count in counts)},
    )
    return run


@action
def start_run(*, by: Actor, trial_id: UUID) -> RetentionRun:
    """Have the worker put away what a trial has counted; what came due since waits for the next.

    Raises:
        NotAllowed: without the power records.retention.
        RetentionRefused: no such trial, one older than a week, or one that was followed already.
    """
    _require(by)
    trial = RetentionRun.objects.select_for_update(of=("self",)).filter(id=trial_id, kind=RunKind.TRIAL).first()
    now = clock.now()
    if trial is None or trial.as_of < now - FRESH:
        raise RetentionRefused(_("Make a trial first and look at it; one older than a week does not count."))
    if RetentionRun.objects.filter(follows=trial).exists():
        raise RetentionRefused(_("What this trial counted is being put away already."))
    run = RetentionRun(kind=RunKind.REAL, as_of=trial.as_of, follows=trial, started_at=now)
    run.save(force_insert=True)
    RetentionCount.objects.bulk_create(_counted(run))
    record(
        kind=RUN_STARTED,
        by=by,
        subject_type="records.retention_run",
        subject_id=run.id,
        data={"run": run.id, "trial": trial.id},
    )
    defer("records.put_away", run_id=str(run.id))
    return run


@action
def put_rows_away(*, by: Actor, run_id: UUID, type_name: str, after: Any = None, limit: int = STEP) -> Away:
    """Put away up to `limit` rows of a type that a run has found due, those after the id `after`.

    Rows held back, or locked by somebody, are left; rows that others still point at are left and counted.

    Raises:
        NotAllowed: without the power records.retention.
        NotFound: no such run, or it is finished.
    """
    _require(by)
    run = _open_run(run_id)
    record_type = declared()[type_name]
    days = days_kept(record_type, periods())
    if days is None:
        return Away(0, 0, None)
    rows = due_rows(record_type, days, run.as_of).exclude(pk__in=held_back(record_type))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    ids = list(rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:limit])
    done, blocked = _dispose(record_type, ids)
    if done or blocked:
        RetentionCount.objects.filter(run=run, type_name=type_name).update(
            done=F("done") + done, blocked=F("blocked") + blocked
        )
        record(
            kind=ROWS_PUT_AWAY,
            by=by,
            subject_type="records.retention_run",
            subject_id=run.id,
            data={"run": run.id, "type": type_name, "rows": done, "blocked": blocked},
        )
    return Away(done, blocked, ids[-1] if len(ids) == limit else None)


@action
def finish_run(*, by: Actor, run_id: UUID) -> None:
    """Close a run; its report is complete.

    Raises:
        NotAllowed: without the power records.retention.
        NotFound: no such run, or it is finished.
    """
    _require(by)
    run = _open_run(run_id)
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    counts = list(run.counts.order_by("type_name"))
    record(
        kind=RUN_FINISHED,
        by=by,
        subject_type="records.retention_run",
        subject_id=run.id,
        data={
            "run": run.id,
            "rows": sum(count.done for count in counts),
            "held": sum(count.held for count in counts),
            "blocked": sum(count.blocked for count in counts),
        },
    )


def _require(by: Actor) -> None:
    if not by.allows(POWER):
        raise NotAllowed(_("This is for the officer for personal information."))


def _open_run(run_id: UUID) -> RetentionRun:
    run = RetentionRun.objects.select_for_update(of=("self",)).filter(id=run_id, kind=RunKind.REAL, finished_at=None)
    found = run.first()
    if found is None:
        raise NotFound(_("There is no such run, or it is finished."))
    return found


def _counted(run: RetentionRun) -> list[RetentionCount]:
    """Count every declared type for a run; what is never put away is counted too, so that the report is whole."""
    counts, set_periods = [], periods()
    for record_type in declared().values():
        days = days_kept(record_type, set_periods)
        count = RetentionCount(run=run, type_name=record_type.name, days=days)
        count.total = record_type.rows_of._default_manager.count()  # noqa: SLF001 - Django's own public name
        if days is not None:
            due = due_rows(record_type, days, run.as_of)
            count.held = due.filter(pk__in=held_back(record_type)).count()
            count.due = due.count() - count.held
        counts.append(count)
    return counts


def _dispose(record_type: RecordType, ids: Sequence[Any]) -> tuple[int, int]:
    """Put rows away, and return how many were and how many others still need."""
    if not ids:
        return 0, 0
    if _try(record_type, ids):
        return len(ids), 0
    alone = [_try(record_type, [each]) for each in ids]
    return sum(alone), len(alone) - sum(alone)


def _try(record_type: RecordType, ids: Sequence[Any]) -> bool:
    """Put rows away together, all or none."""
    try:
        with transaction.atomic():
            if record_type.retention.dispose is not None:
                record_type.retention.dispose(ids)
            else:
                record_type.rows_of._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001
    except (ProtectedError, RestrictedError, IntegrityError):
        return False
    return True
