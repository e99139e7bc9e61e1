"""What a record said before, and which records turned out to be the same person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models.person import Person


class ChangeKind(models.TextChoices):
    """Why a record says something else than before."""

    CORRECTION = "correction", _("corrected")
    IMPORT = "import", _("from a register")
    UNDO = "undo", _("an import taken back")
    MOVE = "move", _("moved")
    DEATH = "death", _("death registered")
    DEATH_TAKEN_BACK = "alive", _("registered death taken back")
    MERGE = "merge", _("joined with a double")
    UNMERGE = "unmerge", _("separated from a double")


class PersonChange(models.Model):
    """One change of a record: which fields, and sealed what they said before. Appended; erasing empties it.

    `at` and `line_id` are those of the journal line. The values are sealed as one text for this row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    fields = ArrayField(models.CharField(max_length=12))
    before_sealed = models.BinaryField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    actor_id = models.UUIDField(null=True, blank=True)
    line_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="person_change_kind_known")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Merge(models.Model):
    """Two records joined: `absorbed` points at `kept` until it is undone, and nothing of it is moved or lost.

    `followers` pointed at `absorbed` before; `choices` says for each field whose value was taken ("kept" or
    "absorbed"); `change` holds what `kept` said before, when anything of it changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merged_by")
    followers = ArrayField(models.UUIDField(), default=list)
    choices = models.JSONField(default=dict)
    change = models.ForeignKey(PersonChange, on_delete=models.PROTECT, null=True, blank=True, related_name="merges")
    reason = models.CharField(max_length=200, blank=True)
    actor_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    undone_reason = models.CharField(max_length=200, blank=True)
    undone_by_id = models.UUIDField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at=None), name="person_absorbed_once"),
            models.CheckConstraint(condition=~Q(kept=F("absorbed")), name="merge_is_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(undone_at__gte=F("at")), name="merge_undone_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kept_id} {self.absorbed_id}"
