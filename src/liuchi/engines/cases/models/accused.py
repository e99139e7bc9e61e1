"""Whom a report is about that is to stay unknown to them (举报保密)."""

from django.db import models

from liuchi.engines.cases.models.case import Case
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation


class Accused(models.Model):
    """A unit that a secret case is about, itself or its staff; it and what is under it must not learn of the case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accused")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ["case_id", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="accused_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"
