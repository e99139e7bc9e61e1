"""What was taken out of the house: one row for each file, so that a file found somewhere leads back to its export."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class ExportFormat(models.TextChoices):
    """The forms a list leaves the house in."""

    XLSX = "xlsx", _("Excel (XLSX)")
    CSV = "csv", _("Text table (CSV)")


class ExportRecord(models.Model):
    """One export: who took which list, how many rows, for what. `number` stands in the file's watermark."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    listing = models.CharField(max_length=80)
    fmt = models.CharField(max_length=4, choices=ExportFormat.choices)
    rows = models.PositiveIntegerField()
    is_personal = models.BooleanField()
    purpose = models.CharField(max_length=40, blank=True)
    place_id = models.UUIDField(null=True, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["-made_at", "-id"], name="export_newest_first")]
        constraints = [
            models.CheckConstraint(condition=Q(fmt__in=ExportFormat.values), name="export_format_known"),
            models.CheckConstraint(condition=Q(is_personal=False) | ~Q(purpose=""), name="export_personal_has_purpose"),
        ]

    def __str__(self) -> str:
        return self.number
