"""How many households a grid of each kind should have: soft rules, as data, by document."""

from django.db import models
from django.db.models import F, Q

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models.area import GRID_KINDS, LONGEST_DOCUMENT, AreaKind


class GridNorm(models.Model):
    """The number of households a kind of grid should have from a day on; outside it a warning, never a refusal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=AreaKind.choices)
    least = models.PositiveIntegerField()
    most = models.PositiveIntegerField()
    document = models.CharField(max_length=LONGEST_DOCUMENT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=GRID_KINDS), name="norm_is_for_grids"),
            models.CheckConstraint(condition=Q(most__gte=F("least")), name="norm_most_is_not_below_least"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="norm_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(valid_to=None), name="norm_in_force_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.least}-{self.most}"
