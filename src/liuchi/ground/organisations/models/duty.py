"""Powers and duties lists (权责清单), each as one document issued it, and who leads or assists in each item."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models.organisation import Organisation


class ListKind(models.TextChoices):
    """What a list is about. Lists of one kind may stand side by side; a document says when it replaces another."""

    TOWN = "town", _("duties of streets and towns")
    COMMUNITY = "community", _("duties of communities and villages")
    DEPARTMENT = "department", _("powers and duties of departments")
    DISPOSAL = "disposal", _("who disposes of components and events")
    DELEGATED = "delegated", _("powers handed down")


class DutyList(models.Model):
    """One list as one document issued it: "33+34+20" and "28+26" are two lists, not two states of one.

    In force from `valid_from` until `valid_to` (exclusive); a later document `supersedes` it and so ends it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=ListKind.choices)
    title = models.CharField(max_length=120)
    issuer = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=40, blank=True)
    version = models.CharField(max_length=20, blank=True)
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    class Meta:
        ordering = ["-valid_from", "title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["title", "number", "version"], name="duty_list_issued_once"),
            models.CheckConstraint(condition=Q(kind__in=ListKind.values), name="duty_list_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="duty_list_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("id")), name="duty_list_supersedes_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()


class ItemKind(models.TextChoices):
    """The three lists of today (基本履职, 配合履职, 上级部门收回), and what stands in the other kinds of list."""

    BASIC = "basic", _("basic duty")
    ASSIST = "assist", _("assisting duty")
    TAKEN_BACK = "taken_back", _("taken back by the department above")
    POWER = "power", _("power of a department")
    DELEGATED = "delegated", _("handed down")


class DutyItem(models.Model):
    """One item of a list. `matters` are the classes it speaks of ("component-0101"), by which dispatch finds it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    duty_list = models.ForeignKey(DutyList, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=60, blank=True)
    power_type = models.CharField(max_length=30, blank=True)
    basis = models.CharField(max_length=1000, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    method = models.CharField(max_length=500, blank=True)
    matters = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering = ["duty_list_id", "kind", "number"]
        indexes = [GinIndex(fields=["matters"], name="duty_item_by_matter")]
        constraints = [
            models.UniqueConstraint(fields=["duty_list", "kind", "number"], name="duty_item_numbered_once"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="duty_item_kind_known"),
            models.CheckConstraint(
                condition=Q(method="") | Q(kind=ItemKind.TAKEN_BACK), name="duty_item_method_says_how_it_was_taken_back"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DutyRole(models.TextChoices):
    """How a body stands to an item: it leads, it assists, or it has taken it back from those below."""

    LEAD = "lead", _("leads")
    ASSIST = "assist", _("assists")
    TAKEN_BACK = "taken_back", _("took it back")


class Duty(models.Model):
    """One side of an item: who leads, assists or has taken it back, and what that side has to do.

    Exactly one of `organisation` (a named body), `by_place` ("town", "community": the office of the place) and `unit`
    (a body that is none of ours, in words) is set.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(DutyItem, on_delete=models.PROTECT, related_name="sides")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="duties"
    )
    by_place = models.CharField(max_length=12, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=12, choices=DutyRole.choices)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["item_id", "-role", "organisation_id", "by_place", "unit", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(organisation=None, unit="") & ~Q(by_place=""))
                | Q(organisation__isnull=False, by_place="", unit="")
                | (Q(organisation=None, by_place="") & ~Q(unit="")),
                name="duty_names_a_body_or_a_place",
            ),
            models.UniqueConstraint(
                fields=["item", "organisation", "by_place", "unit", "role"],
                nulls_distinct=False,
                name="duty_listed_once",
            ),
            models.CheckConstraint(condition=Q(role__in=DutyRole.values), name="duty_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.role}"
