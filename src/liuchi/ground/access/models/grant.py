"""Grants: role × area × organisation × purpose × time."""

from django.db import models
from django.db.models import F, Q

from liuchi.ground.access.models.account import Account
from liuchi.ground.access.models.glass import BreakGlass
from liuchi.ground.access.models.role import Role
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area


class Grant(models.Model):
    """A role given to an account for an area and everything below it, for a purpose, while valid.

    `organisation` is where somebody works with it; `post` is the post it comes with, and ends with. Instead of a
    role, a grant may hold what was reached by breaking glass: the powers named there, until the hour is over.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    glass = models.ForeignKey(BreakGlass, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    post = models.ForeignKey(
        "organisations.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    purpose = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["account_id", "role_id", "id"]
        indexes = [models.Index(fields=["valid_to", "id"], name="grant_by_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "area", "organisation", "post"],
                condition=Q(valid_to=None),
                nulls_distinct=False,
                name="grant_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="grant_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(post=None) | Q(organisation__isnull=False), name="grant_of_a_post_names_its_organisation"
            ),
            models.CheckConstraint(
                condition=Q(role__isnull=False, glass=None) | Q(role=None, glass__isnull=False, valid_to__isnull=False),
                name="grant_is_of_a_role_or_of_broken_glass",
            ),
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("account")) | Q(glass__isnull=False),
                name="grant_is_given_by_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role_id}"
