"""Which posts people hold, and when; who works where, on what terms, lent to whom; what they earn."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people.models.person import Person

LONGEST_DOCUMENT = 120


class PostHolding(models.Model):
    """Who held which post from when until when, and by which documents it began and ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)
    ended_by = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)

    class Meta:
        verbose_name = _("post held")
        ordering = ["person_id", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "post"], condition=Q(valid_to=None), name="post_held_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="holding_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.post_id}"


class EmployerType(models.TextChoices):
    """On what terms somebody works for a community or an office (两委, 招考, 公益岗, 下派, 购买服务)."""

    COMMITTEE = "committee", _("elected committee member")
    RECRUITED = "recruited", _("recruited by examination")
    WELFARE_POST = "welfare_post", _("public-welfare post")
    SENT_DOWN = "sent_down", _("sent down from above")
    PURCHASED = "purchased", _("purchased service")
    OTHER = "other", _("other terms")


class Employment(models.Model):
    """Somebody works for an organisation from a day on: one row of the staff roll (社区工作人员名册)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="employments")
    employer = models.CharField(max_length=12, choices=EmployerType.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    contract_until = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)
    ended_by = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)

    class Meta:
        ordering = ["organisation_id", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(valid_to=None), name="employment_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="employment_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(contract_until=None) | Q(contract_until__gte=F("valid_from")),
                name="employment_contract_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(employer__in=EmployerType.values), name="employment_employer_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.organisation_id}"


class Income(models.Model):
    """What an employment pays in a year, in yuan, as known on a day. Shown only on purpose, and each look is noted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    employment = models.ForeignKey(Employment, on_delete=models.PROTECT, related_name="incomes")
    yearly = models.DecimalField(max_digits=10, decimal_places=2)
    as_of = models.DateField()

    class Meta:
        ordering = ["employment_id", "-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["employment", "as_of"], name="income_once_a_day"),
            models.CheckConstraint(condition=Q(yearly__gte=0), name="income_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.employment_id} {self.as_of}"


class Secondment(models.Model):
    """Somebody is lent by the organisation that employs them to another (抽调), until they are back.

    Without a `document` nobody approved it. `until` is when it was to end, `returned_on` when it did.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    employment = models.ForeignKey(Employment, on_delete=models.PROTECT, related_name="secondments")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="borrowed")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    returned_by = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["employment"], condition=Q(returned_on=None), name="secondment_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="secondment_planned_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(returned_on__gte=F("since")), name="secondment_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employment_id} {self.to_organisation_id}"
