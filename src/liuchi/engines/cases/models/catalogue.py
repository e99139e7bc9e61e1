"""Classes of matters, each with several filing conditions; the limit hangs on the condition (GB/T 30428.2, .8)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class Catalogue(models.Model):
    """One edition of a standard, by the document that issued it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40)
    document = models.CharField(max_length=120)
    city = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="catalogue_numbered_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="catalogue_in_force_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="catalogue_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"


class ClassKind(models.TextChoices):
    """The two axes of the standard: things (部件) and happenings (事件)."""

    COMPONENT = "component", _("component")
    EVENT = "event", _("event")


class CaseClass(models.Model):
    """A minor class, e.g. 0101 上水井盖 under 01 公用设施."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="classes")
    kind = models.CharField(max_length=10, choices=ClassKind.choices)
    code = models.CharField(max_length=6)
    name = models.CharField(max_length=40)
    major_code = models.CharField(max_length=2)
    major_name = models.CharField(max_length=20)

    class Meta:
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "kind", "code"], name="class_once_in_a_catalogue"),
            models.CheckConstraint(condition=Q(kind__in=ClassKind.values), name="class_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def matter(self) -> str:
        """Return the name by which the duties list speaks of this class, e.g. "component-0101"."""
        return f"{self.kind}-{self.code}"


class FilingCondition(models.Model):
    """When a case of the class is filed (立案条件), what closes it (结案条件), and how long the unit has."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_class = models.ForeignKey(CaseClass, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=300)
    closing = models.CharField(max_length=300)
    limit_value = models.DecimalField(max_digits=7, decimal_places=2)
    limit_unit = models.CharField(max_length=12)
    limit_text = models.CharField(max_length=20)
    disposal_unit = models.CharField(max_length=120)
    supervising_department = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["case_class_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case_class", "number"], name="condition_numbered_once"),
            models.CheckConstraint(condition=Q(limit_value__gt=0), name="condition_limit_positive"),
        ]

    def __str__(self) -> str:
        return self.condition
