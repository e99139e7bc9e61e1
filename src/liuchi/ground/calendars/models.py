"""Calendars and their immutable versions; a deadline stores the version that made it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.clock import now
from liuchi.ground.kernel.ids import new_id

LONGEST_CODE = 40


class Calendar(models.Model):
    """A line of calendar versions: the nation's, or an organisation's own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=LONGEST_CODE, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class CalendarVersion(models.Model):
    """All that a deadline depends on: office hours, time zone, the days named by notices, the years they cover.

    Never changed once made (the database refuses it), so that a deadline can be computed again years later.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64)
    office_hours = models.JSONField()
    published_years = ArrayField(models.PositiveSmallIntegerField())
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["calendar_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="calendar_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.number}"


class SpecialDay(models.Model):
    """A day that a notice names: a holiday (休) or a make-up working day (班)."""

    class Kind(models.TextChoices):
        OFF = "off", _("Holiday")
        WORK = "work", _("Make-up working day")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["version_id", "date"]
        constraints = [
            models.UniqueConstraint(fields=["version", "date"], name="special_day_once_a_version"),
            models.CheckConstraint(condition=models.Q(kind__in=["off", "work"]), name="special_day_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"
