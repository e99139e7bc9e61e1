"""Broken glass: powers taken in an emergency, for an hour at most, loudly, and looked at afterwards."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.models.account import Account
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area

#: For so long broken glass opens at most.
LONGEST = timedelta(minutes=60)


class Finding(models.TextChoices):
    """What an audit administrator found when looking at broken glass afterwards."""

    JUSTIFIED = "justified", _("justified")
    TOO_WIDE = "too_wide", _("justified, but more was taken or read than needed")
    UNJUSTIFIED = "unjustified", _("not justified")


class BreakGlass(models.Model):
    """Powers somebody took for an area in an emergency, with the reason, and what the review found."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="broken_glass")
    powers = ArrayField(models.CharField(max_length=60))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    broken_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField(max_length=12, choices=Finding.choices, blank=True)
    finding_text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-broken_at", "id"]
        indexes = [models.Index(fields=["broken_at", "id"], condition=Q(reviewed_at=None), name="glass_to_review")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("broken_at")) & Q(ends_at__lte=F("broken_at") + LONGEST),
                name="glass_opens_for_an_hour_at_most",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("account")), name="glass_is_reviewed_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, finding="") | (Q(reviewed_at__isnull=False) & ~Q(finding="")),
                name="glass_reviewed_has_a_finding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.broken_at:%Y-%m-%d %H:%M}"
