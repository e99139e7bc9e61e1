"""Keys by which other systems come in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.models.account import Account
from liuchi.ground.kernel.ids import new_id


class RevokeReason(models.TextChoices):
    """Why a key was revoked."""

    UNUSED = "unused", _("no longer used")
    REPLACED = "replaced", _("replaced by another")
    LEAKED = "leaked", _("leaked or lost")
    ENDED = "ended", _("the agreement ended")


class ApiKey(models.Model):
    """A key with scopes: never more than its owner may do, for the named powers, in the named areas, from the networks.

    Of the secret only a hash is kept; `prefix` finds it and may be shown. `areas` are ids of areas, which are never
    deleted. No network means any. A key that was exchanged for another `follows` it; `first` is the one that this began
    with, under which requests are told apart as before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="api_keys")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="api_keys"
    )
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    powers = ArrayField(models.CharField(max_length=60))
    areas = ArrayField(models.UUIDField())
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    reason = models.CharField(max_length=200)
    created_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoke_reason = models.CharField(max_length=10, choices=RevokeReason.choices, blank=True)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by", db_index=False
    )
    first = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="key_expires_after_its_making"),
            models.CheckConstraint(condition=~Q(powers=[]) & ~Q(areas=[]), name="key_opens_something"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoke_reason="") | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
                name="key_revoked_says_why",
            ),
            models.CheckConstraint(
                condition=Q(created_by=None) | ~Q(created_by=F("owner")), name="key_is_made_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(follows=None, first=None)
                | (Q(follows__isnull=False, first__isnull=False) & ~Q(follows=F("id"))),
                name="key_that_follows_knows_the_first",
            ),
            models.UniqueConstraint(
                fields=["follows"], condition=Q(follows__isnull=False, revoked_at=None), name="key_is_followed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}"
