"""What other systems tell of a case, each once, however often they send it."""

from django.db import models

from liuchi.engines.cases.models.case import Case
from liuchi.ground.access.models import ApiKey
from liuchi.ground.kernel.ids import new_id


class OutsideUpdate(models.Model):
    """An update that came with a key: `name` is its id over there, `line_id` the journal line it became.

    `digest` is a hash of what it said: the same id with other words is another update, and a mistake.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=32)
    line_id = models.UUIDField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "key", "name"], name="outside_update_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"
