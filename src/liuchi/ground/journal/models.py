"""What the journal keeps: lines, the batches that seal them, and how far each reaction has read."""

from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.fields.json import KeyTextTransform

from liuchi.ground.kernel.ids import new_id

#: What every read line has: it says what for. Few other lines do, so that indexes of these stay small.
SAYS_WHAT_FOR = Q(data__has_key="purpose")


class Line(models.Model):
    """One thing that happened. Written once by an action; only its position is added later, by the sealer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seq = models.BigIntegerField(
        db_default=Func(Value("journal_line_seq"), function="nextval", output_field=models.BigIntegerField())
    )
    kind = models.TextField()
    actor_kind = models.TextField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField(blank=True)
    on_behalf_of = models.UUIDField(null=True)
    place_id = models.UUIDField(null=True)
    subject_type = models.TextField()
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    scheme_version = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    mac = models.BinaryField(max_length=32)
    position = models.BigIntegerField(null=True)

    #: The canonical bytes under its keyed hash, while it is drafted and not read back.
    form: bytes = b""

    class Meta:
        db_table = "journal_line"
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(
                fields=["position"], condition=Q(position__isnull=False), name="journal_line_position_once"
            ),
            models.CheckConstraint(condition=Q(position__gt=0), name="journal_line_position_positive"),
            models.CheckConstraint(
                condition=Q(actor_kind__in=("system", "visitor")) | Q(actor_kind="person", actor_id__isnull=False),
                name="journal_line_actor_known",
            ),
        )
        indexes = (
            models.Index(fields=["seq"], condition=Q(position__isnull=True), name="journal_line_pending"),
            models.Index(fields=["subject_id", "seq"], name="journal_line_subject"),
            models.Index(fields=["seq"], condition=SAYS_WHAT_FOR, name="journal_line_reads"),
            models.Index(fields=["actor_id", "seq"], condition=SAYS_WHAT_FOR, name="journal_line_reads_by_actor"),
            models.Index(
                KeyTextTransform("person", "data"), "seq", condition=SAYS_WHAT_FOR, name="journal_line_reads_of_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.position or 'pending'} {self.kind} {self.id}"


class Batch(models.Model):
    """One signed link of the seal's chain: the Merkle root over a run of positions, or the note of a restored copy."""

    number = models.BigIntegerField(primary_key=True)
    kind = models.TextField(choices=[("batch", "batch"), ("restored", "restored")], default="batch")
    epoch = models.IntegerField()
    first = models.BigIntegerField()
    count = models.IntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    kept = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    key = models.TextField()
    signature = models.BinaryField(max_length=64)

    class Meta:
        db_table = "journal_batch"
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(condition=Q(number__gt=0, first__gt=0, count__gte=0), name="journal_batch_counts"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.first}+{self.count}"


class Checkpoint(models.Model):
    """How far one reaction has read, and how often the line after that has failed."""

    reaction = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "journal_checkpoint"
        ordering = ("reaction",)

    def __str__(self) -> str:
        return f"{self.reaction} at {self.position}"


class DeadLetter(models.Model):
    """A line that a reaction could not take, kept until somebody retries it with success."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reaction = models.TextField()
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="dead_letters")
    error = models.TextField()
    attempts = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "journal_dead_letter"
        ordering = ("first_at", "id")
        constraints = (models.UniqueConstraint(fields=["reaction", "line"], name="journal_dead_letter_once"),)
        indexes = (
            models.Index(fields=["first_at"], condition=Q(resolved_at__isnull=True), name="journal_dead_letter_open"),
        )

    def __str__(self) -> str:
        return f"{self.reaction}: {self.error}"
