"""Accounts: what somebody signs in with."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import UserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models import Person


class CloseReason(models.TextChoices):
    """Why an account was closed."""

    LEFT = "left", _("left the service")
    MOVED = "moved", _("moved to another post")
    DOUBLE = "double", _("opened twice")
    MISUSED = "misused", _("misused")
    ERASED = "erased", _("the person was erased")


class Account(AbstractBaseUser):
    """What somebody signs in with. It says nothing about what they may do: grants do.

    A password set by somebody else is temporary: its owner changes it before anything else. `sessions_ended` counts how
    often all sessions were ended; it is part of what each session is checked against at each request.
    """

    last_login = None  # sign-ins are journal lines; a column would be a write outside actions
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    username = models.CharField(max_length=60, unique=True)
    is_active = models.BooleanField(default=True)
    is_password_temporary = models.BooleanField(default=False)
    sessions_ended = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    opened_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=10, choices=CloseReason.choices, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, closed_at=None, close_reason="")
                | (Q(is_active=False, closed_at__isnull=False) & ~Q(close_reason="")),
                name="account_closed_says_when_and_why",
            )
        ]

    def __str__(self) -> str:
        return self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session is checked against: it changes with the password and when all sessions are ended."""
        said = f"{self.password}:{self.sessions_ended}"
        return salted_hmac("liuchi.access.session", said, secret=secret, algorithm="sha256").hexdigest()
