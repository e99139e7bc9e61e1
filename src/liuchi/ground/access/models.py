"""Accounts, roles as data, and grants: role × area × purpose × time."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models import Person
from liuchi.ground.territory.models import Area


class Account(AbstractBaseUser):
    """What somebody signs in with. It says nothing about what they may do: grants do."""

    last_login = None  # sign-ins are journal lines; a column would be a write outside actions
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    username = models.CharField(max_length=60, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username


class Role(models.Model):
    """A named set of powers ("cases.dispatch", …); roles are data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    powers = ArrayField(models.CharField(max_length=60))

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role given to an account for an area and everything below it, for a purpose, while valid.

    `organisation` is where somebody works with it; `post` is the post it comes with, and ends with.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    post = models.ForeignKey(
        "organisations.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    purpose = models.CharField(max_length=60)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["account_id", "role_id", "id"]
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
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role_id}"
