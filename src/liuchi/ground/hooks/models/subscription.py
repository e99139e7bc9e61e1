"""A subscription: where another system wants to be told, of what, and how reaching it went lately."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.models import ApiKey
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.ids import new_id

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)


class SubscriptionState(models.TextChoices):
    """Active → paused and back; stopped by the house, and active again; removed for ever."""

    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")
    REMOVED = "removed", _("removed")


class Stopped(models.TextChoices):
    """Why the house stopped a subscription."""

    GONE = "gone", _("the receiver answered that it is gone (410)")
    FAILING = "failing", _("nothing arrived for three days")
    KEY_ENDED = "key_ended", _("its key or its owner's account ended")


class Subscription(models.Model):
    """What one system is told, with the eyes of the key it belongs to.

    The address may hold a token: it is sealed, and `origin` (scheme, host, port) is what is shown. Of two secrets the
    older signs beside the newer until `old_secret_until`. `failures` counts attempts in a row that did not reach the
    receiver, `failing_since` is when the first was; until `probe_at` none is made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="subscriptions")
    name = models.CharField(max_length=60)
    origin = models.CharField(max_length=300)
    address_sealed = models.BinaryField()
    events = ArrayField(models.CharField(max_length=60))
    areas = ArrayField(models.UUIDField(), default=list, blank=True)
    secret_sealed = models.BinaryField()
    old_secret_sealed = models.BinaryField(null=True, blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=SubscriptionState.choices, default=SubscriptionState.ACTIVE)
    stopped_because = models.CharField(max_length=10, choices=Stopped.choices, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    probe_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(events=[]), name="subscription_hears_something"),
            models.CheckConstraint(condition=Q(state__in=SubscriptionState.values), name="subscription_state_known"),
            models.CheckConstraint(
                condition=(Q(state="stopped") & ~Q(stopped_because="")) | (~Q(state="stopped") & Q(stopped_because="")),
                name="subscription_stopped_says_why",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since=None, probe_at=None)
                | Q(failures__gt=0, failing_since__isnull=False, probe_at__isnull=False),
                name="subscription_fails_since_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(old_secret_sealed=None, old_secret_until=None)
                | Q(old_secret_sealed__isnull=False, old_secret_until__isnull=False),
                name="subscription_old_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.origin}"

    @property
    def version(self) -> int:
        """Return what a change is decided on: when it was last paused, resumed, stopped, or given a secret, in µs."""
        return (self.changed_at - _EPOCH) // _TICK

    def mark_changed(self) -> None:
        """Note that it changes now, and never at the moment of the change before: `version` tells them apart."""
        self.changed_at = max(clock.now(), self.changed_at + _TICK)
