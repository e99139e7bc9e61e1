"""The care register: who needs care by which rule, for what purpose, and until when. No label, no colour, no score."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models.person import Person


class VisitTier(models.TextChoices):
    """How often somebody is looked in on (tiers of the visiting rules for people in difficulty, 探访关爱)."""

    HIGH = "high", _("every week")
    KEY = "key", _("every month")
    GENERAL = "general", _("every quarter")
    NONE = "none", _("no visits planned")


#: The longest time between two visits of a tier, in days.
VISIT_DAYS = {VisitTier.HIGH: 7, VisitTier.KEY: 31, VisitTier.GENERAL: 92}


class CareSensitivity(models.TextChoices):
    """How the category is to be guarded (PIPL art. 28)."""

    PERSONAL = "personal", _("personal")
    SENSITIVE = "sensitive", _("sensitive")


class CareCategory(models.Model):
    """A reason to look after somebody: by which rule, what for, how long an entry lasts at most, how often to visit.

    Where it rests on consent, `consent_purpose` names to what: no entry without it, and entries end once it is
    withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=30)
    english_name = models.CharField(max_length=60, blank=True)
    legal_basis = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    sensitivity = models.CharField(max_length=10, choices=CareSensitivity.choices)
    longest_days = models.PositiveSmallIntegerField()
    visit_tier = models.CharField(max_length=10, choices=VisitTier.choices)
    has_diagnosis = models.BooleanField(default=False)
    consent_purpose = models.SlugField(max_length=40, blank=True, db_index=False)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(legal_basis="") & ~Q(purpose=""), name="care_category_says_by_what_and_what_for"
            ),
            models.CheckConstraint(condition=Q(longest_days__range=(1, 1830)), name="care_category_expires"),
            models.CheckConstraint(condition=Q(visit_tier__in=VisitTier.values), name="care_category_tier_known"),
            models.CheckConstraint(
                condition=Q(sensitivity__in=CareSensitivity.values), name="care_category_sensitivity_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CareStatus(models.Model):
    """Somebody is in a care category from a day until a day that is always set; then it ends by itself.

    `basis` names the document it rests on. Diagnosis text is sealed for this row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="care")
    category = models.ForeignKey(CareCategory, on_delete=models.PROTECT, related_name="statuses")
    basis = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField()
    visit_tier = models.CharField(max_length=10, choices=VisitTier.choices)
    responsible = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="responsible_for"
    )
    diagnosis_sealed = models.BinaryField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField()
    created_by_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["person_id", "-valid_from", "id"]
        indexes = [models.Index(fields=["category", "valid_to"], name="care_by_category")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="care_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(basis=""), name="care_rests_on_a_document"),
            models.CheckConstraint(condition=Q(visit_tier__in=VisitTier.values), name="care_tier_known"),
            models.UniqueConstraint(fields=["person", "category", "valid_from"], name="care_begun_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.category_id}"
