"""How long records are kept where the place decided otherwise, what is held back, and what each run put away."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class RetentionPeriod(models.Model):
    """A period for one record type, as the archives confirmed or changed it; the newest counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type_name = models.CharField(max_length=60)
    days = models.PositiveIntegerField()
    document = models.CharField(max_length=120)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["type_name", "-decided_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(document=""), name="period_names_its_document")]

    def __str__(self) -> str:
        return f"{self.type_name} {self.days}"


class LegalHold(models.Model):
    """What must not be put away for the time being: one record, or everything about one person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type_name = models.CharField(max_length=60, blank=True)
    row_id = models.UUIDField(null=True, blank=True)
    person_id = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(type_name="") & Q(row_id__isnull=False, person_id=None))
                | Q(type_name="", row_id=None, person_id__isnull=False),
                name="hold_names_a_record_or_a_person",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_reason="")
                | (Q(lifted_at__gte=F("placed_at")) & ~Q(lifted_reason="")),
                name="hold_lifted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_name or 'person'} {self.row_id or self.person_id}"


class RunKind(models.TextChoices):
    """Whether a run only counts or also puts away."""

    TRIAL = "trial", _("trial")
    REAL = "real", _("for real")


class RetentionRun(models.Model):
    """One look at everything whose time is over; one for real follows a trial and touches only what that counted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=5, choices=RunKind.choices)
    as_of = models.DateTimeField()
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=RunKind.TRIAL, follows=None) | Q(kind=RunKind.REAL, follows__isnull=False),
                name="run_for_real_follows_a_trial",
            ),
            models.UniqueConstraint(
                fields=["follows"], condition=Q(follows__isnull=False), name="trial_is_followed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at}"


class RetentionCount(models.Model):
    """What a run found of one record type: rows kept at all, whose time is over, put away, held, needed by others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(RetentionRun, on_delete=models.PROTECT, related_name="counts")
    type_name = models.CharField(max_length=60)
    days = models.PositiveIntegerField(null=True, blank=True)
    total = models.PositiveBigIntegerField(default=0)
    due = models.PositiveBigIntegerField(default=0)
    held = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    blocked = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["type_name"]
        constraints = [models.UniqueConstraint(fields=["run", "type_name"], name="count_once_per_run_and_type")]

    def __str__(self) -> str:
        return f"{self.type_name} {self.due}"
