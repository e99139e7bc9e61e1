"""Call-backs 回访: which closed cases are asked about, by a draw that nobody chooses, and what people said."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models.case import Case, CaseMove
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area


class CallBackRule(models.Model):
    """What share of an area's closings is called back, and how often somebody is called at most; the newest counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField()
    most_calls = models.PositiveSmallIntegerField()
    since = models.DateTimeField()

    class Meta:
        ordering = ["area_id", "-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__range=(0, 100)), name="call_back_share_is_a_percentage"),
            models.CheckConstraint(condition=Q(most_calls__range=(1, 5)), name="call_back_calls_are_few"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.percent}%"


class CallBackResult(models.TextChoices):
    """What came of a call-back; nothing yet while it waits."""

    SOLVED = "solved", _("solved")
    NOT_SOLVED = "not_solved", _("not solved, taken up again")
    UNREACHED = "unreached", _("not reached")
    LAPSED = "lapsed", _("not made in time, or overtaken")


class CallBack(models.Model):
    """One closing of a case that was drawn for a call-back; the words of the person stand in the case's history."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="call_backs")
    closing = models.OneToOneField(CaseMove, on_delete=models.PROTECT, related_name="+")
    percent = models.PositiveSmallIntegerField()
    most_calls = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField()
    calls = models.PositiveSmallIntegerField(default=0)
    last_called_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=CallBackResult.choices, blank=True)
    is_satisfied = models.BooleanField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["drawn_at", "id"]
        indexes = [
            models.Index(fields=["drawn_at", "id"], condition=Q(ended_at=None), name="call_back_waiting"),
            models.Index(fields=["-drawn_at", "-id"], name="call_back_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="case_has_one_call_back"),
            models.CheckConstraint(
                condition=Q(ended_at=None, result="") | (Q(ended_at__isnull=False) & ~Q(result="")),
                name="call_back_ended_has_a_result",
            ),
            models.CheckConstraint(condition=Q(calls__lte=F("most_calls")), name="call_back_calls_within_the_rule"),
            models.CheckConstraint(
                condition=Q(is_satisfied=None) | Q(result__in=[CallBackResult.SOLVED, CallBackResult.NOT_SOLVED]),
                name="call_back_satisfied_was_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.result}"
