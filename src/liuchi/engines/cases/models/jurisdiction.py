"""Jurisdictions beside the district: other places, or other years, whose recorded past is replayed here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models.case import Case
from liuchi.ground.calendars.models import Calendar
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area


class Jurisdiction(models.Model):
    """A territory of its own, below `area`, with its calendar and thereby its time zone.

    Its cases are told, not worked on: they stand beside the district and count in none of its figures.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200, blank=True)
    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="jurisdiction")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Flaw(models.TextChoices):
    """What is odd about a recorded case; it is kept and said, not corrected in silence."""

    CLOSED_BEFORE_MADE = "closed_before_made", _("it was closed before it was made; closed here when it was made")
    HANDLED_BEFORE_MADE = "handled_before_made", _("it was handled before it was made; handled here when it was made")
    HANDLED_AFTER_CLOSED = "handled_after_closed", _("it was handled after it was closed; handled here when it closed")
    NOT_CLOSED = "not_closed", _("its status says closed, and no moment of closing is recorded; left with the unit")
    STILL_OPEN = "still_open", _("a moment of closing is recorded, and its status says open; left open")
    NO_DUE = "no_due", _("no due date is recorded; it is due as the standard says")
    OTHER_DUE = "other_due", _("the due date recorded is not what the standard says; due as the standard says")
    NO_PLACE = "no_place", _("no place is recorded; it stands in the jurisdiction as a whole")
    NO_POINT = "no_point", _("no coordinates are recorded")
    NO_ADDRESS = "no_address", _("no address is recorded")
    NO_UNIT = "no_unit", _("no unit is recorded; nobody handles it")
    NO_RESULT = "no_result", _("it was closed without a word on what was done")
    NO_MATTER = "no_matter", _("the mapping names no class for it; filed under the class for everything else")


class CaseOrigin(models.Model):
    """Where a replayed case was recorded, under which number, and what is odd about the record."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="origin")
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="origins", db_index=False)
    number = models.CharField(max_length=40)
    flaws = ArrayField(models.CharField(max_length=24, choices=Flaw.choices), default=list, blank=True)

    class Meta:
        ordering = ["jurisdiction_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "number"], name="origin_once_in_a_jurisdiction"),
            models.CheckConstraint(condition=~Q(number=""), name="origin_has_a_number"),
        ]

    def __str__(self) -> str:
        return self.number
