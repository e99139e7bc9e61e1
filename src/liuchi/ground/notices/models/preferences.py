"""How somebody wishes to be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from liuchi.ground.notices.timing import DIGEST_HOUR, QUIET_FROM, QUIET_TO
from liuchi.ground.people.models import Person


class Preferences(models.Model):
    """One person's own choice; without a row the defaults hold: the inbox only, digest at nine, quiet from 21 to 8.

    Hours are full hours in China. `muted` names topics of which nothing ordinary is sent outside the inbox.
    `on_duty_until` lets urgent messages through quiet hours until then. `digested_on` is the last day looked after.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="notice_preferences")
    language = models.CharField(max_length=10, default="zh-hans")
    digest_hour = models.PositiveSmallIntegerField(default=DIGEST_HOUR)
    quiet_from = models.PositiveSmallIntegerField(default=QUIET_FROM)
    quiet_to = models.PositiveSmallIntegerField(default=QUIET_TO)
    by_email = models.BooleanField(default=False)
    email_sealed = models.BinaryField(null=True, blank=True)
    is_email_confirmed = models.BooleanField(default=False)
    by_sms = models.BooleanField(default=False)
    muted = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    on_duty_until = models.DateTimeField(null=True, blank=True)
    digested_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["person_id"]
        indexes = [
            models.Index(
                fields=["digest_hour"], condition=Q(by_email=True, is_email_confirmed=True), name="preferences_digest"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23, quiet_from__lte=23, quiet_to__lte=23),
                name="preferences_hours_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=F("quiet_to"))
                | Q(quiet_from__lt=F("quiet_to"), digest_hour__lt=F("quiet_from"))
                | Q(quiet_from__lt=F("quiet_to"), digest_hour__gte=F("quiet_to"))
                | Q(quiet_from__gt=F("quiet_to"), digest_hour__gte=F("quiet_to"), digest_hour__lt=F("quiet_from")),
                name="preferences_digest_outside_quiet",
            ),
            models.CheckConstraint(
                condition=Q(is_email_confirmed=False) | Q(email_sealed__isnull=False),
                name="preferences_confirmed_has_address",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)
