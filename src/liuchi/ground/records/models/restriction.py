"""Handling that a person asked to be restricted (PIPL art. 44)."""

from django.db import models
from django.db.models import F, Q

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.records.models.requests import DataRequest


class Restriction(models.Model):
    """From when the data of a person is kept but used no further than the law demands, and until when.

    While it lasts, look-ups, lists taken out and messages leave the person out, and sealed values open only for an
    emergency or because the person asks.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="restrictions")
    begun_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(lifted_at=None), name="restriction_once_per_person"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_because="")
                | (Q(lifted_at__gte=F("begun_at")) & ~Q(lifted_because="")),
                name="restriction_lifted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)
