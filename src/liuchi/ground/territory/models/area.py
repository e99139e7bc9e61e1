"""Areas with validity in time, from province to grid, and the boundaries they had."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class AreaKind(models.TextChoices):
    """The storeys of the territory, top to bottom."""

    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    DISTRICT = "district", _("district")
    TOWN = "town", _("street or town")
    COMMUNITY = "community", _("community or village")
    GRID = "grid", _("grid")


class Area(models.Model):
    """A piece of the territory as it stood from `valid_from` until `valid_to` (exclusive; open when empty).

    Codes change every year (GB/T 2260 and the statistical codes), so rows are keyed by an id of their own.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=AreaKind.choices)
    code = models.CharField(max_length=15)
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
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="area_code_in_force_once"),
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
            models.UniqueConstraint(fields=["area"], condition=Q(valid_to=None), name="boundary_in_force_once"),
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
