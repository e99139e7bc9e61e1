"""Figures kept as they happen, so that no page ever counts history."""

from django.db import models
from django.db.models import Q

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area


class Tally(models.Model):
    """How often something happened in one place on one day (China's date). Kept by reactions to journal lines."""

    id = models.BigAutoField(primary_key=True)
    figure = models.CharField(max_length=40)
    place = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    count = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["figure", "on", "place_id"]
        constraints = [
            models.UniqueConstraint(fields=["figure", "on", "place"], name="tally_once_a_day"),
            models.CheckConstraint(condition=Q(count__gte=0), name="tally_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.on} {self.count}"


class StatedFigure(models.Model):
    """A figure that a document states, as it stands there: to compare with, and to show where a claim comes from."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=40)
    area = models.CharField(max_length=20)
    item = models.CharField(max_length=60)
    period = models.CharField(max_length=30, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["source", "area", "item", "period"]
        constraints = [
            models.UniqueConstraint(fields=["source", "area", "item", "period"], name="stated_figure_once"),
            models.CheckConstraint(condition=~Q(source=""), name="stated_figure_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value} {self.unit}"
