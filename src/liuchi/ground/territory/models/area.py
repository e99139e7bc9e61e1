"""Areas with validity in time, from province to grid, and the boundaries they had."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id

#: A grid has 15 digits; what stands below it goes on with two or three more each.
LONGEST_CODE = 20
LONGEST_DOCUMENT = 120
CLOSED = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
#: Without btree_gist, equality inside an exclusion constraint is written as the overlap of two ranges of one value.
ONE_AREA = (Func(*(Func("area", Value(0), function="uuid_hash_extended"),) * 2, CLOSED, function="int8range"), "&&")
DURING = (Func("valid_from", "valid_to", function="daterange"), "&&")


class AreaKind(models.TextChoices):
    """The storeys of the territory, top to bottom.

    Below the community stand grids of several tiers at once: `grid` is the standard one that cases are located in,
    `micro` and `group` lie below it, `special` (a mall, a park) lies over the others and changes nothing in them.
    """

    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    DISTRICT = "district", _("district")
    TOWN = "town", _("street or town")
    COMMUNITY = "community", _("community or village")
    GRID = "grid", _("grid")
    MICRO = "micro", _("micro-unit")
    GROUP = "group", _("household group")
    SPECIAL = "special", _("special grid")


#: The tier of each kind of grid that tiles its parent.
TIERS = {AreaKind.GRID: 1, AreaKind.MICRO: 2, AreaKind.GROUP: 3}
#: The kinds below a community; none of them stands directly under a town (DB6101/T 3185-2024).
GRID_KINDS = (AreaKind.GRID, AreaKind.MICRO, AreaKind.GROUP, AreaKind.SPECIAL)


class Area(models.Model):
    """A piece of the territory that exists from `valid_from` until `valid_to` (exclusive; open when empty).

    Codes change every year (GB/T 2260 and the statistical codes), so rows are keyed by an id of their own and keep it
    through every change of code, name and parent. Those facts stand here as they are at present, for joins; what they
    were or will be on any day is told by `AreaVersion`, which is the record.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=AreaKind.choices)
    code = models.CharField(max_length=LONGEST_CODE)
    name = models.CharField(max_length=40)
    official_name = models.CharField(max_length=60, blank=True)
    label_kind = models.CharField(max_length=10, blank=True)
    statistical_parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="statistical_children"
    )
    management_parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="managed_children"
    )
    is_managed = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        indexes = [models.Index(fields=["code"], name="area_by_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="area_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(kind__in=AreaKind.values), name="area_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Boundary(models.Model):
    """The polygon of an area (GeoJSON, CGCS2000 degrees) while it was in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="boundaries")
    geometry = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["area_id", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="boundary_of_an_area_one_at_a_time", expressions=[ONE_AREA, DURING], deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="boundary_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.valid_from}"


class Feature(models.Model):
    """Something drawn on the map for orientation: a river, a lake, a street. It bounds nothing by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    district = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="features")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    geometry = models.JSONField()

    class Meta:
        ordering = ["kind", "name", "id"]

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """A counter that rises with every change of the territory, so that processes know when to read it anew."""

    id = models.BooleanField(primary_key=True, default=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(id=True), name="territory_has_one_edition")]

    def __str__(self) -> str:
        return str(self.number)
