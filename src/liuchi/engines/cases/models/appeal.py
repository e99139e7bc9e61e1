"""A unit's word against a time-out that was judged."""

from django.db import models
from django.db.models import Q

from liuchi.engines.cases.models.case import Case, CaseMove
from liuchi.engines.cases.models.clock import CaseClock
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation


class Appeal(models.Model):
    """A unit's appeal against a time-out (超时申诉), once per clock, and what was decided; the moves hold the words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appeals")
    clock = models.OneToOneField(CaseClock, on_delete=models.PROTECT, related_name="appeal")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked = models.OneToOneField(CaseMove, on_delete=models.PROTECT, related_name="+")
    decided = models.OneToOneField(CaseMove, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_upheld = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(decided=None), name="appeal_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided=None, is_upheld=None) | Q(decided__isnull=False, is_upheld__isnull=False),
                name="appeal_decided_says_how",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
