"""Endpoints of other cities, the cases given to them, and what they said of these."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models import Case
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.records.models import Sharing


class Endpoint(models.Model):
    """An Open311 endpoint elsewhere, and the unit of ours in whose name cases are given to it.

    `routes` says which class goes as which service, with which attributes, and what is told (see `configuring`).
    `sharing` is the entry of the register that names purpose and legal basis. `tells_updates`: it has
    servicerequestupdates. `is_repeatable`: it knows Idempotency-Key, so that a request may be sent again.
    `seen_until` is up to when updates were taken; `failures` and `next_at` keep one that is out of reach at a distance.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=300)
    jurisdiction = models.CharField(max_length=100, blank=True)
    key_sealed = models.BinaryField(null=True, blank=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sharing = models.ForeignKey(Sharing, on_delete=models.PROTECT, related_name="+")
    routes = models.JSONField()
    tells_updates = models.BooleanField(default=False)
    is_repeatable = models.BooleanField(default=False)
    poll_minutes = models.PositiveSmallIntegerField(default=15)
    is_active = models.BooleanField(default=True)
    seen_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(poll_minutes__gte=1, poll_minutes__lte=1440), name="endpoint_asked_once_a_day_at_least"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ForwardState(models.TextChoices):
    """Waiting → sending → sent (by token first, where the service works in batches) → done; or unsure, or refused."""

    WAITING = "waiting", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    UNSURE = "unsure", _("unsure whether it arrived")
    TOKEN = "token", _("taken, number to follow")
    SENT = "sent", _("with the other city")
    DONE = "done", _("ended there")
    REFUSED = "refused", _("refused there")


class Forwarded(models.Model):
    """One case given to one endpoint; there is never a second request for it.

    `request_id` is its number there. `attempts` are noted before they are made. `remote` is the status there as last
    told, `error` a code. `sent_from` is since when a request of ours may be there, for looking it up.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="forwarded", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=100)
    state = models.CharField(max_length=8, choices=ForwardState.choices, default=ForwardState.WAITING)
    request_id = models.CharField(max_length=100, blank=True)
    token = models.CharField(max_length=100, blank=True)
    remote = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    sent_from = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(state__in=["waiting", "sending", "unsure"]),
                name="forwarded_to_send",
            ),
            models.Index(fields=["endpoint", "id"], condition=Q(state__in=["token", "sent"]), name="forwarded_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "case"], name="forwarded_once"),
            models.UniqueConstraint(
                fields=["endpoint", "request_id"], condition=~Q(request_id=""), name="forwarded_request_is_one_case"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "unsure"], next_at__isnull=False)
                | Q(state__in=["token", "sent", "done", "refused"], next_at=None),
                name="forwarded_unsent_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "done"]) | ~Q(request_id=""), name="forwarded_sent_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class TakenUpdate(models.Model):
    """What the other city said of a case, taken once. `text` is theirs, for people of ours who meet the case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forwarded = models.ForeignKey(Forwarded, on_delete=models.PROTECT, related_name="updates", db_index=False)
    update_id = models.CharField(max_length=160)
    status = models.CharField(max_length=40)
    text = models.CharField(max_length=2000, blank=True)
    moved = models.CharField(max_length=20, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["forwarded_id", "id"]
        constraints = [models.UniqueConstraint(fields=["forwarded", "update_id"], name="update_taken_once")]

    def __str__(self) -> str:
        return f"{self.update_id} {self.status}"
