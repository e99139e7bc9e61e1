"""Which keys came into use when, and whether everything has been sealed anew under them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class KeyUse(models.TextChoices):
    """What a key is for."""

    SEALING = "sealing", _("sealing values")
    INDEX = "index", _("finding values")
    SIGNING = "signing", _("signing the journal's seals")


class KeyRotation(models.Model):
    """A key that came into use; `finished_at` once nothing stood under an older key any more.

    The key itself is in the key file; `rows` counts what was sealed anew on its account, `broken` what no key opens.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    use = models.CharField(max_length=8, choices=KeyUse.choices)
    key = models.CharField(max_length=40)
    begins_at = models.DateTimeField()
    rows = models.PositiveBigIntegerField(default=0)
    broken = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begins_at", "use"]
        constraints = [
            models.UniqueConstraint(fields=["use", "key"], name="rotation_once_per_key"),
            models.CheckConstraint(condition=Q(use__in=KeyUse.values), name="rotation_use_known"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("begins_at")), name="rotation_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.key}"
