"""Work-lists that somebody keeps under a name, for themselves or for a unit."""

from django.db import models
from django.db.models import Q

from liuchi.ground.access.models import Account
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation


class SavedList(models.Model):
    """A work-list by name: what it is narrowed to and its order (`wanted`, known names only), never what is in it.

    Whoever opens it sees what is theirs to see. With a `unit` it is shown to whoever works on cases there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="saved_lists")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="saved_lists")
    name = models.CharField(max_length=30)
    wanted = models.JSONField(default=dict)
    is_default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="saved_list_named_once"),
            models.UniqueConstraint(fields=["account"], condition=Q(is_default=True), name="saved_list_one_default"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_list_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
