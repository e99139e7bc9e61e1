"""Households: who belongs to one and how, and where it lived when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models.person import Person
from liuchi.ground.territory.models import Area, Dwelling


class HouseholdKind(models.TextChoices):
    """What holds a household together."""

    FAMILY = "family", _("family household")
    COLLECTIVE = "collective", _("collective household")


class Relation(models.TextChoices):
    """How a member stands to the head, in the groups of GB/T 4761."""

    HEAD = "head", _("head of household")
    SPOUSE = "spouse", _("spouse")
    CHILD = "child", _("son or daughter")
    GRANDCHILD = "grandchild", _("grandchild")
    PARENT = "parent", _("parent")
    GRANDPARENT = "grandparent", _("grandparent")
    SIBLING = "sibling", _("brother or sister")
    RELATIVE = "relative", _("other relative")
    UNRELATED = "unrelated", _("not related")
    UNSTATED = "unstated", _("not stated")


class Household(models.Model):
    """People who live together 户. It keeps its id through moves and ends when its last member left."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=HouseholdKind.choices, default=HouseholdKind.FAMILY)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="household_number_once"),
            models.CheckConstraint(condition=~Q(number=""), name="household_has_a_number"),
            models.CheckConstraint(condition=Q(kind__in=HouseholdKind.values), name="household_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="household_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class HouseholdStay(models.Model):
    """Where a household lived, and when: in a registered dwelling, or at an address, sealed, within an area.

    `area` is the smallest known area in either case: who may see the household hangs on it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="stays", db_index=False)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, blank=True, related_name="stays")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="stays")
    address_sealed = models.BinaryField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["household_id", "-valid_from", "id"]
        indexes = [models.Index(fields=["household", "-valid_from"], name="stay_by_household")]
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=Q(valid_to=None), name="household_stays_once"),
            models.CheckConstraint(
                condition=Q(dwelling=None) | Q(address_sealed=None), name="stay_has_a_dwelling_or_an_address"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="stay_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.valid_from}"


class HouseholdMember(models.Model):
    """Who belonged to a household, how they stood to its head, and when. A person belongs to one at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["household_id", "valid_from", "id"]
        indexes = [models.Index(fields=["household", "valid_from"], name="member_by_household")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to=None), name="person_belongs_to_one_household"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(valid_to=None, relation="head"), name="household_has_one_head"
            ),
            models.CheckConstraint(condition=Q(relation__in=Relation.values), name="member_relation_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="member_ends_after_they_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.person_id}"
