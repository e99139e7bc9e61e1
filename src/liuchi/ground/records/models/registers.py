"""Registers of the officer for personal information: who gets data, what went wrong, and what was weighed before."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class SharingKind(models.TextChoices):
    """In what capacity somebody outside gets personal data."""

    PROCESSOR = "processor", _("handles it on our behalf (PIPL art. 21)")
    RECIPIENT = "recipient", _("gets it for duties of their own (PIPL art. 23)")
    JOINT = "joint", _("decides with us (PIPL art. 20)")


class SharingBasis(models.TextChoices):
    """What the sharing rests on."""

    CONTRACT = "contract", _("a contract")
    LAW = "law", _("a law or regulation")
    CONSENT = "consent", _("separate consent of the people")


class Sharing(models.Model):
    """An organisation that gets personal data: record types (`types`), what for, on which document, from when to when.

    `contact` is an office's, not a person's. `until` is when the contract or duty runs out, `ended_on` when it did end,
    with what became of the data.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=9, choices=SharingKind.choices)
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=120)
    types = ArrayField(models.CharField(max_length=60))
    purpose = models.CharField(max_length=300)
    basis = models.CharField(max_length=8, choices=SharingBasis.choices)
    document = models.CharField(max_length=200)
    measures = models.CharField(max_length=1000, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_how = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(types=[]), name="sharing_names_record_types"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(contact="") & ~Q(purpose="") & ~Q(document=""),
                name="sharing_says_who_why_and_on_what",
            ),
            models.CheckConstraint(
                condition=~Q(kind=SharingKind.PROCESSOR) | ~Q(measures=""), name="sharing_binds_who_handles_for_us"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="sharing_runs_out_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_how="") | (Q(ended_on__gte=F("since")) & ~Q(ended_how="")),
                name="sharing_ended_says_what_became_of_the_data",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BreachKind(models.TextChoices):
    """What happened to personal data (PIPL art. 57)."""

    LEAK = "leak", _("leaked")
    TAMPERING = "tampering", _("tampered with")
    LOSS = "loss", _("lost")


class Breach(models.Model):
    """Personal data leaked, tampered with or lost, or possibly so: what, when found, whom it touches, what was done.

    `records` and `people` are numbers as far as known. The authority is told by `due_at`. Whoever is touched is told
    too, unless measures keep harm away; then `untold_because` says why (art. 57).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=9, choices=BreachKind.choices)
    types = ArrayField(models.CharField(max_length=60))
    words = models.CharField(max_length=2000)
    found_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    records = models.PositiveIntegerField(null=True, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True)
    harm = models.CharField(max_length=1000, blank=True)
    measures = models.CharField(max_length=2000, blank=True)
    untold_because = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "breaches"
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(ended_at=None), name="breach_open_by_due")]
        constraints = [
            models.CheckConstraint(condition=~Q(types=[]), name="breach_names_record_types"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(words=""), name="breach_says_what_happened"),
            models.CheckConstraint(condition=Q(noted_at__gte=F("found_at")), name="breach_noted_after_it_was_found"),
            models.CheckConstraint(condition=Q(due_at__gt=F("found_at")), name="breach_due_after_it_was_found"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | (~Q(measures="") & Q(people__isnull=False, records__isnull=False)),
                name="breach_closed_says_what_was_done",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Told(models.TextChoices):
    """Who is told of a breach."""

    AUTHORITY = "authority", _("the authority for the protection of personal information")
    PEOPLE = "people", _("the people concerned")
    POLICE = "police", _("the police")
    SUPERIOR = "superior", _("the superior body")


class BreachTelling(models.Model):
    """Somebody was told of a breach: who, named as a body, and when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="tellings")
    whom = models.CharField(max_length=9, choices=Told.choices)
    name = models.CharField(max_length=120)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["told_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="telling_names_whom")]

    def __str__(self) -> str:
        return f"{self.whom} {self.told_at:%Y-%m-%d %H:%M}"


class Trigger(models.TextChoices):
    """Why an assessment has to be made before personal data is handled (PIPL art. 55)."""

    SENSITIVE = "sensitive", _("sensitive personal information")
    AUTOMATED = "automated", _("decisions made by a machine")
    SHARED = "shared", _("handed to others, handled on our behalf, or published")
    ABROAD = "abroad", _("sent abroad")
    OTHER = "other", _("another great effect on people")


class Outcome(models.TextChoices):
    """What an assessment came to."""

    AS_PLANNED = "as_planned", _("may be done as planned")
    WITH_MEASURES = "with_measures", _("may be done with the measures named")
    NOT_DONE = "not_done", _("must not be done")


class Assessment(models.Model):
    """An impact assessment (PIPL art. 55, 56): is it needed, what may it do to people, do the measures fit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=120)
    trigger = models.CharField(max_length=9, choices=Trigger.choices)
    types = ArrayField(models.CharField(max_length=60))
    necessity = models.CharField(max_length=2000)
    risks = models.CharField(max_length=2000)
    measures = models.CharField(max_length=2000)
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    made_on = models.DateField()
    review_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended_how = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(types=[]), name="assessment_names_record_types"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(necessity="") & ~Q(risks="") & ~Q(measures=""),
                name="assessment_weighs_need_risk_and_measures",
            ),
            models.CheckConstraint(condition=Q(review_on__gt=F("made_on")), name="assessment_is_looked_at_again_later"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_how="") | (Q(ended_on__gte=F("made_on")) & ~Q(ended_how="")),
                name="assessment_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title
