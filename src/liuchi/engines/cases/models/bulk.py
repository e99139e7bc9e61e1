"""One move with many cases: what was asked for, and what became of each."""

from django.db import models
from django.db.models import Q

from liuchi.engines.cases.models.case import Case
from liuchi.ground.access.models import Account
from liuchi.ground.kernel.ids import new_id


class BulkRun(models.Model):
    """One move asked for with many cases; its id is the token of the form, so that the same form twice is one run.

    `cases` holds pairs of a case's id and the version that was read. `given` are the shared inputs; with the last row
    they are emptied, for the moves keep the words.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="bulk_runs")
    move = models.CharField(max_length=20)
    cases = models.JSONField()
    given = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at", "-id"]

    def __str__(self) -> str:
        return str(self.id)


class BulkOutcome(models.Model):
    """What became of one case of a run: the line of its move, or why not. Written once, with the move itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(BulkRun, on_delete=models.PROTECT, related_name="outcomes")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    line_id = models.UUIDField(null=True, blank=True)
    code = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "case"], name="bulk_outcome_once"),
            models.CheckConstraint(
                condition=Q(line_id__isnull=False, code="") | (Q(line_id=None) & ~Q(code="")),
                name="bulk_outcome_is_done_or_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.case_id}"
