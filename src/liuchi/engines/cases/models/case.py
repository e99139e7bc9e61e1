"""Cases, the reports that raised them, the units working on them, and every move they made."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models.catalogue import FilingCondition
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.models import Person
from liuchi.ground.territory.models import Area


class State(models.TextChoices):
    """Where a case stands among the seven stages of GB/T 30428."""

    RECEIVED = "received", _("waiting to be accepted")
    VERIFYING = "verifying", _("being verified on site")
    FILED = "filed", _("waiting for dispatch")
    HANDLING = "handling", _("being handled")
    DISPUTED = "disputed", _("said not ours, to be decided")
    EXTENDING = "extending", _("extension asked for, to be decided")
    ENDING = "ending", _("formal ending asked for, to be decided")
    PROPOSED = "proposed", _("formal ending proposed, to be decided")
    PAUSING = "pausing", _("pause asked for, to be decided")
    PAUSED = "paused", _("resting until a date")
    CHECKING = "checking", _("being checked on site")
    CHECKED = "checked", _("waiting to be closed")
    CLOSED = "closed", _("closed")
    REFUSED = "refused", _("not filed")
    MERGED = "merged", _("merged into another case")
    WITHDRAWN = "withdrawn", _("withdrawn by its reporter")
    DISMISSED = "dismissed", _("formally ended")


#: In which a case waits for nobody; each is shown by name wherever cases are counted.
ENDED_STATES = (State.CLOSED, State.REFUSED, State.MERGED, State.WITHDRAWN, State.DISMISSED)


_BEFORE_FILING = [State.RECEIVED, State.VERIFYING, State.REFUSED, State.MERGED, State.WITHDRAWN]


class Channel(models.TextChoices):
    """How the message came in."""

    WEB = "web", _("web page")
    PHONE = "phone", _("hotline")
    WINDOW = "window", _("at the counter")
    GRID = "grid", _("grid worker")
    API = "api", _("other system")


class Case(models.Model):
    """One matter on its way from report to rating. Only `workflow.MOVES` changes its state; `version` counts moves.

    `rests_until` is when a pause ends that was asked for or granted.
    `is_secret`: it is about a unit or its staff, who must not learn of it (see `secrecy`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(
        max_length=20,
        unique=True,
        editable=False,
        db_default=RawSQL("cases_next_number(now())", []),
    )
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    place = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="cases", db_index=False)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    condition = models.ForeignKey(
        FilingCondition, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    reported_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    is_provisional = models.BooleanField(default=False)
    step_due_at = models.DateTimeField(null=True, blank=True)
    step_warn_at = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", db_index=False
    )
    is_secret = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["step_due_at", "id"], condition=Q(ended_at=None), name="case_open_by_step_due"),
            models.Index(
                fields=["state", "place", "step_due_at", "id"],
                condition=Q(ended_at=None),
                name="case_open_by_state_place",
            ),
            models.Index(fields=["unit", "step_due_at", "id"], condition=Q(ended_at=None), name="case_open_by_unit"),
            models.Index(fields=["place", "-id"], name="case_by_place"),
            models.Index(fields=["-reported_at", "-id"], condition=Q(is_secret=False), name="case_known_by_reported"),
            models.Index(fields=["longitude", "latitude"], condition=Q(ended_at=None), name="case_open_by_point"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="case_merged_by_lead"),
            models.Index(fields=["split_from"], condition=Q(split_from__isnull=False), name="case_part_by_first"),
            models.Index(fields=["rests_until"], condition=Q(state=State.PAUSED), name="case_resting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED_STATES, ended_at__isnull=False)
                | (~Q(state__in=ENDED_STATES) & Q(ended_at=None)),
                name="case_ended_means_an_ended_state",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.MERGED, merged_into__isnull=False) & ~Q(merged_into=F("id")))
                | (~Q(state=State.MERGED) & Q(merged_into=None)),
                name="case_merged_names_another",
            ),
            models.CheckConstraint(
                condition=Q(split_from=None) | ~Q(split_from=F("id")), name="case_is_no_part_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_BEFORE_FILING) | Q(condition__isnull=False),
                name="case_filed_has_a_condition",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*_BEFORE_FILING, State.FILED, State.PROPOSED, State.DISMISSED])
                | Q(unit__isnull=False),
                name="case_dispatched_has_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(step_due_at__isnull=False), name="case_open_has_a_clock"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.PAUSING, State.PAUSED], rests_until__isnull=False)
                | (~Q(state__in=[State.PAUSING, State.PAUSED]) & Q(rests_until=None)),
                name="case_rests_until_a_moment",
            ),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="case_rating_one_to_five"),
        ]

    def __str__(self) -> str:
        return self.number


class Report(models.Model):
    """What one person said, in their words, and how to reach them; several reports may belong to one case.

    `receipt_index` is the blind index of the receipt code; whoever reads the database learns no code from it. A report
    that `is_joined` says "me too" of a case that was there. `matter` is the class that the reporter chose, where their
    app lets them ("component-0101"); it decides nothing. `came_with` is the case it was made for, where that was
    merged into another. `origin` is the report of which this one is a part, with the same receipt.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    receipt_index = models.BinaryField(max_length=32)
    text = models.TextField(max_length=5000)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    name_sealed = models.BinaryField(null=True, blank=True)
    name_index = models.BinaryField(null=True, blank=True)
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_index = models.BinaryField(null=True, blank=True)
    received_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    is_joined = models.BooleanField(default=False, db_default=False)
    matter = models.CharField(max_length=20, blank=True, db_default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    came_with = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="reports_moved", db_index=False
    )
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", db_index=False
    )

    class Meta:
        ordering = ["received_at", "id"]
        indexes = [
            models.Index(fields=["phone_index"], condition=Q(phone_index__isnull=False), name="report_by_phone"),
            models.Index(fields=["name_index"], condition=Q(name_index__isnull=False), name="report_by_name"),
            models.Index(fields=["came_with"], condition=Q(came_with__isnull=False), name="report_by_merged_case"),
            models.Index(fields=["receipt_index"], condition=Q(origin__isnull=False), name="report_part_by_receipt"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["receipt_index"], condition=Q(origin=None), name="report_receipt_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReportVersion(models.Model):
    """What a report said before its reporter changed it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    text = models.TextField(max_length=5000)
    address = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["replaced_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class AssignmentRole(models.TextChoices):
    """牵头 and 配合."""

    LEAD = "lead", _("lead")
    SUPPORT = "support", _("support")


#: How a part ended that was found not to be the unit's own: a wrong dispatch.
NOT_OURS = "not_ours"
#: How it ended when the case was merged into another: judged nowhere.
MERGED_AWAY = "merged"
#: How parts ended otherwise: answered, taken back by the dispatcher, or gone with the lead they were for.
ANSWERED, TAKEN_BACK, LAPSED = "answered", "taken_back", "lapsed"


class Assignment(models.Model):
    """A unit's part in a case: why it was given to it, and how it ended.

    `declined_at` is when the unit of a supporting part said that it is not its own, while that waits for a decision.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=8, choices=AssignmentRole.choices)
    reason = models.CharField(max_length=300)
    assigned_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["assigned_at", "id"]
        indexes = [
            models.Index(
                fields=["unit", "case"],
                condition=Q(ended_at=None, role=AssignmentRole.SUPPORT),
                name="part_open_by_unit",
            ),
            models.Index(
                fields=["case"],
                condition=Q(ended_at=None, declined_at__isnull=False),
                name="part_declined_by_case",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(declined_at=None)
                | Q(role=AssignmentRole.SUPPORT, ended_at=None, declined_at__gte=F("assigned_at")),
                name="part_declined_is_open_support",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None, role=AssignmentRole.LEAD), name="case_has_one_lead"
            ),
            models.UniqueConstraint(fields=["case", "unit"], condition=Q(ended_at=None), name="unit_has_one_part"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("assigned_at")), name="assignment_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"


class CaseMove(models.Model):
    """One move a case made. Appended, never edited (guarded in the database); texts live here, not in the journal.

    `report` is whose move it was, where a reporter made it.
    `until` is the moment that the move is about: when a pause ends that is asked for or granted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves", db_index=False)
    line_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True, blank=True)
    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason_code = models.CharField(max_length=30, blank=True)
    public_text = models.TextField(max_length=2000, blank=True)
    internal_text = models.TextField(max_length=2000, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["case", "id"], name="move_by_case"),
            # Rows come nearly in this order: a few pages say where a span lies, and writing costs nothing.
            BrinIndex(fields=["recorded_at"], pages_per_range=16, autosummarize=True, name="move_by_time"),
        ]

    def __str__(self) -> str:
        return self.name
