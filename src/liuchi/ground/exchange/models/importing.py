"""What was brought in: each file with how far it got, its batches, and how files of a source are to be understood."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class State(models.TextChoices):
    """Where an import stands."""

    RECEIVED = "received", _("being read")
    READ = "read", _("waits for its columns")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, waits for your word")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")


#: The states in which the worker has something to do.
AT_WORK = (State.RECEIVED, State.CHECKING, State.RUNNING, State.UNDOING)


class Import(models.Model):
    """One file on its way into a register. The file itself lies sealed beside the database, with the key here.

    `headings` are the file's own, `options` how it is to be read, `mapping` how its columns are to be understood.
    `actor_name` is a part of the house, or the hat that the person wore: the worker goes on with the same powers.
    `total` counts rows below the headings; `bad` those that the check refused; `done` those that have been run.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    register = models.CharField(max_length=80)
    filename = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    options = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(null=True, blank=True)
    findings = models.JSONField(default=dict)
    trouble = models.JSONField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    key_sealed = models.BinaryField(null=True, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["actor_id", "-received_at", "-id"], name="import_newest_of_somebody"),
            models.Index(fields=["beat_at"], condition=Q(state__in=AT_WORK), name="import_at_work"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="import_state_known"),
            models.CheckConstraint(
                condition=Q(done=F("created") + F("changed") + F("unchanged") + F("refused")), name="import_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | Q(key_sealed=None), name="import_forgotten_has_no_key"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ImportBatch(models.Model):
    """Rows of an import that have been run: the checkpoint, written in the transaction of the rows themselves.

    `results` says what became of each row, and how what it changed stood before; the import's key opens it.
    """

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    results = models.BinaryField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["of_id", "number"]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_batch_once")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"


class SavedMapping(models.Model):
    """How files with the same headings are understood: found again by the hash of the headings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    register = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    document = models.JSONField()
    actor_id = models.UUIDField(null=True, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["register", "-saved_at", "id"]
        constraints = [models.UniqueConstraint(fields=["register", "fingerprint"], name="mapping_once_for_headings")]

    def __str__(self) -> str:
        return f"{self.register} {self.fingerprint[:8]}"
