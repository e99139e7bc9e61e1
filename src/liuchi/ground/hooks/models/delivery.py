"""What is sent: one row per event and subscription, with its state and attempts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.hooks.models.subscription import Subscription
from liuchi.ground.kernel.ids import new_id


class DeliveryState(models.TextChoices):
    """Waiting → sending → sent; back to waiting after a failure; laid aside after the last."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DEAD = "dead", _("given up")


class Delivery(models.Model):
    """One event for one subscription: ids, codes and moments only; what is sent is made when it is sent.

    `id` is what the receiver sees as webhook-id, the same at every attempt. `line` is the journal line it tells of,
    `subject` what happened to; both are empty for a test. `status` is what the receiver answered last, `error` a code
    where there was no answer, `took_ms` how long the last attempt took. It counts as new since `queued_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    event = models.CharField(max_length=60)
    line = models.UUIDField(null=True, blank=True)
    subject = models.UUIDField(null=True, blank=True)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    queued_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["subscription", "next_at", "id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="hook_delivery_to_send",
            ),
            models.Index(fields=["subscription", "-id"], name="hook_delivery_log"),
            models.Index(
                fields=["changed_at"], condition=Q(state__in=["sent", "dead"]), name="hook_delivery_to_forget"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "line"], name="hook_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], next_at__isnull=False)
                | Q(state__in=["sent", "dead"], next_at=None),
                name="hook_delivery_open_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(line=None, subject=None) | Q(line__isnull=False, subject__isnull=False),
                name="hook_delivery_tells_of_a_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"
