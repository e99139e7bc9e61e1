"""Figures kept as they happen, so that no page ever counts history."""

from django.db import models
from django.db.models import Q

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
