"""Supervision: who was reminded, ordered or carded about a case, and what they answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models.case import Case
from liuchi.engines.cases.models.clock import CaseClock
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation


class Level(models.TextChoices):
    """How hard a case is urged, the gentlest first: 催办, 督办, 黄牌, 红牌."""

    REMINDER = "reminder", _("reminder")
    ORDER = "order", _("supervision order")
    YELLOW = "yellow", _("yellow card")
    RED = "red", _("red card")


class Standing(models.TextChoices):
    """What became of a supervision; the first two are open."""

    OPEN = "open", _("waiting for an answer")
    ANSWERED = "answered", _("answered, to be looked at")
    ACCEPTED = "accepted", _("answer accepted")
    RAISED = "raised", _("raised to the next level")
    SETTLED = "settled", _("settled: the case went on")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Origin(models.TextChoices):
    """Where a supervision came from."""

    RULE = "rule", _("by rule")
    HAND = "hand", _("by hand")
    REPORTER = "reporter", _("the reporter asked")


OPEN_STANDINGS = (Standing.OPEN, Standing.ANSWERED)
_ENDED = [each.value for each in Standing if each not in OPEN_STANDINGS]


class Supervision(models.Model):
    """One urging of whoever has a case: a unit, or, where `unit` is empty, the office whose `step` it is.

    By rule it belongs to a `clock`, at most once at each level; or it `follows` one that nobody answered. `raised_to`
    is the body up the chain that is told of a card. A reminder asks for no answer; from its `answer_due_at` on the next
    level may come.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervisions", db_index=False)
    clock = models.ForeignKey(
        CaseClock, on_delete=models.PROTECT, null=True, blank=True, related_name="supervisions", db_index=False
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by", db_index=False
    )
    level = models.CharField(max_length=8, choices=Level.choices)
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.OPEN)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    raised_to = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    step = models.CharField(max_length=10)
    text = models.TextField(max_length=2000, blank=True)
    is_urgent = models.BooleanField(default=False)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True, blank=True)
    issued_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["case", "id"], name="supervision_by_case"),
            models.Index(
                fields=["answer_due_at", "id"], condition=Q(standing=Standing.OPEN), name="supervision_unanswered"
            ),
            models.Index(fields=["-id"], condition=Q(ended_at=None), name="supervision_open"),
            models.Index(fields=["unit", "-id"], condition=Q(ended_at=None), name="supervision_open_by_unit"),
            models.Index(fields=["id"], condition=Q(told_at=None), name="supervision_untold"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "level"], condition=Q(clock__isnull=False), name="clock_supervised_once_per_level"
            ),
            models.UniqueConstraint(
                fields=["follows"], condition=Q(follows__isnull=False), name="supervision_followed_once"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="supervision_level_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="supervision_origin_known"),
            models.CheckConstraint(
                condition=Q(standing__in=OPEN_STANDINGS, ended_at=None)
                | Q(standing__in=_ENDED, ended_at__isnull=False),
                name="supervision_ended_unless_open",
            ),
            models.CheckConstraint(
                condition=~Q(level=Level.REMINDER) | ~Q(standing__in=[Standing.ANSWERED, Standing.ACCEPTED]),
                name="supervision_reminder_asks_no_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.level}"


class Said(models.TextChoices):
    """What was said about a supervision once it stood."""

    ANSWER = "answer", _("answered")
    ACCEPT = "accept", _("accepted")
    SEND_BACK = "send_back", _("sent back")
    WITHDRAW = "withdraw", _("withdrawn")


class SupervisionEntry(models.Model):
    """An answer, or what was decided on it. Appended, never edited; words may be erased."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="entries", db_index=False)
    line_id = models.UUIDField(unique=True)
    said = models.CharField(max_length=9, choices=Said.choices)
    text = models.TextField(max_length=2000, blank=True)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True, blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["supervision", "id"], name="entry_by_supervision")]
        constraints = [models.CheckConstraint(condition=Q(said__in=Said.values), name="supervision_entry_known")]

    def __str__(self) -> str:
        return self.said
