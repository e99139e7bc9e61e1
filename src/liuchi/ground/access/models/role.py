"""Roles: named sets of powers, as data, and how they changed."""

from itertools import combinations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from liuchi.ground.access.powers import OF_ADMINISTRATION
from liuchi.ground.kernel.ids import new_id


def _apart() -> Q:
    """Return the condition that no two administrations meet in one set of powers."""
    apart = Q()
    for one, other in combinations(sorted(OF_ADMINISTRATION), 2):
        apart &= ~(
            Q(powers__overlap=sorted(OF_ADMINISTRATION[one])) & Q(powers__overlap=sorted(OF_ADMINISTRATION[other]))
        )
    return apart


class Role(models.Model):
    """A named set of powers ("cases.dispatch", …); roles are data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    powers = ArrayField(models.CharField(max_length=60))

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=_apart(), name="role_administers_one_thing")]

    def __str__(self) -> str:
        return self.name


class RoleChange(models.Model):
    """What a role was changed to, when, by whom and why; the first row says what it began with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="changes")
    name = models.CharField(max_length=40)
    powers = ArrayField(models.CharField(max_length=60))
    reason = models.CharField(max_length=200)
    by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["role_id", "-at", "-id"]

    def __str__(self) -> str:
        return f"{self.role_id} {self.at:%Y-%m-%d}"
