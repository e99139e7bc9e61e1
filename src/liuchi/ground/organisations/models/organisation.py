"""Organisations, the posts that exist in them, and the powers and duties by which work reaches them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.calendars.models import Calendar
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area


class OrganisationKind(models.TextChoices):
    """Closed set; further kinds come with the step that needs them."""

    DEPARTMENT = "department", _("department")
    SQUAD = "squad", _("squad")
    CENTRE = "centre", _("service centre")
    UTILITY = "utility", _("utility")
    DESK = "desk", _("supervision desk")
    TOWN = "town", _("street or town office")
    COMMUNITY = "community", _("community or village committee")


class Organisation(models.Model):
    """A body that can be given work. `area` is the territory it serves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=20)
    english_name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="organisations")
    management_parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="organisation_code_in_force_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="organisation_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class Post(models.Model):
    """A post that exists in an organisation, whoever holds it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=30)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["organisation_id", "title", "id"]

    def __str__(self) -> str:
        return self.title


class DutyRole(models.TextChoices):
    """How an organisation stands to a matter (基本履职, 配合履职, 上级部门收回)."""

    LEAD = "lead", _("leads")
    ASSIST = "assist", _("assists")
    TAKEN_BACK = "taken_back", _("taken back by the department above")


class Duty(models.Model):
    """One line of the powers and duties list (权责清单): who leads or assists in which matter, by which document.

    Exactly one of `organisation` (a named body) and `by_place` ("town", "community": the office of the place) is set.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="duties"
    )
    by_place = models.CharField(max_length=12, blank=True)
    matter = models.CharField(max_length=30)
    role = models.CharField(max_length=12, choices=DutyRole.choices)
    note = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["matter", "role", "organisation_id", "by_place", "id"]
        indexes = [models.Index(fields=["matter"], name="duty_by_matter")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(organisation=None) & ~Q(by_place="")) | (Q(organisation__isnull=False) & Q(by_place="")),
                name="duty_names_a_body_or_a_place",
            ),
            models.UniqueConstraint(
                fields=["organisation", "by_place", "matter", "role", "document"],
                nulls_distinct=False,
                name="duty_listed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter} {self.role}"
