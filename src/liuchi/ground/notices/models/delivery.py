"""What leaves the house: one row per message, with its state and attempts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices.models.notice import Notice
from liuchi.ground.notices.models.robot import Robot
from liuchi.ground.people.models import Person


class Way(models.TextChoices):
    """By which way a message leaves."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    ROBOT = "robot", _("group robot")


class DeliveryKind(models.TextChoices):
    """Why it leaves."""

    URGENT = "urgent", _("urgent")
    DIGEST = "digest", _("daily digest")
    CONFIRM = "confirm", _("confirmation of an address")
    TEST = "test", _("test")


class DeliveryState(models.TextChoices):
    """Waiting → sending → sent; back to waiting after a failure; dead after the last."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DEAD = "dead", _("given up")
    DROPPED = "dropped", _("dropped")


class Delivery(models.Model):
    """One message to one person or robot. Its text is made when it is sent; no text and no address is kept here.

    `attempts` counts tries, each noted before it is made. `is_doubtful`: a try was cut off, so that it may have
    arrived already; cut off a second time, it is given up. `error` is a code, never the words of a server.
    `day` is set for digests: one per recipient and day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.CharField(max_length=8, choices=Way.choices)
    kind = models.CharField(max_length=8, choices=DeliveryKind.choices)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    robot = models.ForeignKey(Robot, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    day = models.DateField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_doubtful = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_at", "id"], condition=Q(state__in=["waiting", "sending"]), name="delivery_to_send"
            ),
            models.Index(fields=["-id"], condition=Q(state="dead"), name="delivery_dead"),
            models.Index(fields=["person", "created_at"], name="delivery_by_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="robot", person=None, robot__isnull=False)
                | (~Q(way="robot") & Q(person__isnull=False, robot=None)),
                name="delivery_has_one_recipient",
            ),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="delivery_way_known"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], next_at__isnull=False)
                | Q(state__in=["sent", "dead", "dropped"], next_at=None),
                name="delivery_open_has_a_moment",
            ),
            models.CheckConstraint(
                condition=(Q(kind="digest") & Q(day__isnull=False)) | (~Q(kind="digest") & Q(day=None)),
                name="delivery_digest_has_a_day",
            ),
            models.UniqueConstraint(
                fields=["way", "person", "robot", "day"],
                condition=Q(kind="digest"),
                nulls_distinct=False,
                name="digest_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["way", "kind", "person", "robot"],
                condition=Q(state="waiting", attempts=0) & ~Q(kind="digest"),
                nulls_distinct=False,
                name="delivery_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.kind} {self.state}"


class Carried(models.Model):
    """A notice that a delivery tells of."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="carried", db_index=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="carried")

    class Meta:
        ordering = ["delivery_id", "notice_id"]
        constraints = [models.UniqueConstraint(fields=["delivery", "notice"], name="carried_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.notice_id}"
