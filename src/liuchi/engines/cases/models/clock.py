"""Clocks: the case clock the resident was promised, and the step clock of whoever has the case now."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models.case import Assignment, Case
from liuchi.ground.calendars.models import CalendarVersion
from liuchi.ground.kernel.ids import new_id


class ClockKind(models.TextChoices):
    """Which promise the clock measures."""

    CASE = "case", _("case clock")
    STEP = "step", _("step clock")


class CaseClock(models.Model):
    """A limit that runs (`running_since`), is paused (`paused_at`), or has stopped (`stopped_at`).

    `consumed` counts the microseconds used up before the last start, on the limit's own clock; `extension_value` is
    what extensions added to the limit, in its unit; `rested` the microseconds of any time for which it was paused.
    A paused clock with `rests_until` goes on by itself then, and is due as if it did.
    `assignment`: whose part it is the time for, or about whose part somebody decides.
    `warned_due_at` is the deadline of which whoever handles was warned; another deadline is warned of anew.
    `excused`: it was overdue, which stays, but an appeal was upheld and it does not count in rates (不计超时).
    Every deadline keeps the calendar version that made it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="clocks")
    kind = models.CharField(max_length=4, choices=ClockKind.choices)
    step = models.CharField(max_length=10)
    limit_value = models.DecimalField(max_digits=7, decimal_places=2)
    limit_unit = models.CharField(max_length=12)
    extension_value = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(0), db_default=Decimal(0))
    calendar_version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    running_since = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    consumed = models.BigIntegerField(default=0)
    rested = models.BigIntegerField(default=0, db_default=0)
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warned_due_at = models.DateTimeField(null=True, blank=True)
    is_provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    is_overdue = models.BooleanField(null=True, blank=True)
    excused = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["started_at", "id"]
        indexes = [
            models.Index(fields=["case", "id"], name="clock_by_case"),
            models.Index(
                fields=["calendar_version", "id"], condition=Q(stopped_at=None), name="clock_running_by_calendar"
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(running_since__isnull=False), name="clock_running_by_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind=ClockKind.CASE, stopped_at=None), name="case_has_one_case_clock"
            ),
            models.UniqueConstraint(
                fields=["case", "step"],
                condition=Q(kind=ClockKind.STEP, stopped_at=None, assignment=None),
                name="case_has_one_clock_of_a_step",
            ),
            models.UniqueConstraint(
                fields=["assignment", "step"],
                condition=Q(stopped_at=None, assignment__isnull=False),
                name="part_has_one_clock_of_a_step",
            ),
            models.CheckConstraint(
                condition=Q(running_since__isnull=False, paused_at=None, stopped_at=None)
                | Q(running_since=None, paused_at__isnull=False, stopped_at=None)
                | Q(running_since=None, paused_at=None, stopped_at__isnull=False),
                name="clock_runs_or_is_paused_or_stopped",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(is_overdue__isnull=False), name="clock_stopped_is_judged"
            ),
            models.CheckConstraint(
                condition=Q(excused=False) | Q(is_overdue=True, is_overdue__isnull=False),
                name="clock_excused_was_overdue",
            ),
            models.CheckConstraint(
                condition=Q(rests_until=None) | Q(paused_at__isnull=False), name="clock_rests_only_while_paused"
            ),
            models.CheckConstraint(condition=Q(extension_value__gte=0), name="clock_is_never_shortened"),
            models.CheckConstraint(condition=Q(due_at__gte=F("warn_at")), name="clock_warns_before_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.step}"
