"""What an area was called, coded and led by, and when; and what became of areas that changed."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models.area import CLOSED, DURING, LONGEST_CODE, LONGEST_DOCUMENT, ONE_AREA, Area

_NUMBER = Cast("code", models.DecimalField(max_digits=LONGEST_CODE, decimal_places=0))
_ONE_CODE = (Func(_NUMBER, _NUMBER, CLOSED, function="numrange"), "&&")


class AreaVersion(models.Model):
    """The facts of an area from `valid_from` until `valid_to` (exclusive; open when empty).

    An area keeps its id through renaming, recoding and moving; each of these ends one version and begins another.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="versions")
    code = models.CharField(max_length=LONGEST_CODE)
    name = models.CharField(max_length=40)
    official_name = models.CharField(max_length=60, blank=True)
    label_kind = models.CharField(max_length=10, blank=True)
    statistical_parent = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    management_parent = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_managed = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[1-9][0-9]*$"), name="version_code_is_digits"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="version_ends_after_it_begins"
            ),
            # Deferred: areas that exchange their codes hold both twice until the last row is written.
            ExclusionConstraint(
                name="version_code_names_one_area",
                expressions=[_ONE_CODE, DURING],
                deferrable=Deferrable.DEFERRED,
            ),
            ExclusionConstraint(
                name="version_of_an_area_one_at_a_time",
                expressions=[ONE_AREA, DURING],
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name} {self.valid_from}"


class SuccessionKind(models.TextChoices):
    """What happened to an area."""

    RENAMED = "renamed", _("renamed")
    RECODED = "recoded", _("code changed")
    MOVED = "moved", _("put under another area")
    REDRAWN = "redrawn", _("boundary redrawn")
    SPLIT = "split", _("split")
    MERGED = "merged", _("merged")
    CLOSED = "closed", pgettext_lazy("areas", "closed")


#: The kinds after which the area goes on under its own id.
GOES_ON = (SuccessionKind.RENAMED, SuccessionKind.RECODED, SuccessionKind.MOVED, SuccessionKind.REDRAWN)


class Succession(models.Model):
    """What became of an area: itself under another name, code, parent or boundary, or other areas.

    Closed, with nothing in its place, it leaves what stood in it to the area above.

    `took_effect_at` is empty until the day `on` has come and the change was brought into force.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="went_into")
    to_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="came_from")
    kind = models.CharField(max_length=8, choices=SuccessionKind.choices)
    on = models.DateField()
    document = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)
    took_effect_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["on"], condition=Q(took_effect_at=None), name="succession_to_come")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SuccessionKind.values), name="area_succession_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=GOES_ON, from_area=F("to_area"))
                | (~Q(kind__in=GOES_ON) & ~Q(from_area=F("to_area"))),
                name="area_succession_into_itself_or_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_area_id} {self.kind} {self.on}"
