"""Heads of building units and of joint defence (单元长、联防长): who, where, how and until when elected."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models.person import Person
from liuchi.ground.territory.models import Area, Building


class HeadKind(models.TextChoices):
    """What somebody is the head of."""

    UNIT = "unit", _("head of a building unit")
    DEFENCE = "defence", _("head of joint defence")


class ElectedHow(models.TextChoices):
    """How somebody became the head."""

    RESIDENTS = "residents", _("elected by residents")
    REPRESENTATIVES = "representatives", _("chosen by residents' representatives")
    VOLUNTEERED = "volunteered", _("came forward, confirmed by residents")
    COMMITTEE = "committee", _("proposed by the committee")


class EndedWhy(models.TextChoices):
    """Why somebody is no longer the head."""

    TERM_OVER = "term_over", _("the term is over")
    RESIGNED = "resigned", _("resigned")
    MOVED_AWAY = "moved_away", _("moved away")
    DIED = "died", _("died")
    RECALLED = "recalled", _("recalled by residents")
    AREA_CHANGED = "area_changed", _("goes on in another area")
    OTHER = "other", _("other reason")


class UnitHead(models.Model):
    """Somebody is the head of a unit of a building, or of a grid, for a term.

    `area` is the grid (or community); `building` is known where buildings are registered; `place` says the rest: a
    unit ("2单元"), or the building in words. The term ends on `ended_on`; `term_until` is when it is to. Where the area
    changed around the house, the term goes on in a row that `continues` the one before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="headed")
    kind = models.CharField(max_length=8, choices=HeadKind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="heads")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, blank=True, related_name="heads")
    place = models.CharField(max_length=40, blank=True)
    elected_how = models.CharField(max_length=16, choices=ElectedHow.choices)
    term_from = models.DateField()
    term_until = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=12, choices=EndedWhy.choices, blank=True)
    continues = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )

    class Meta:
        ordering = ["area_id", "place", "id"]
        indexes = [
            models.Index(fields=["term_until"], condition=Q(ended_on=None), name="unit_head_by_term"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "area", "building", "place"],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="unit_head_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(kind__in=HeadKind.values), name="unit_head_kind_known"),
            models.CheckConstraint(condition=Q(elected_how__in=ElectedHow.values), name="unit_head_elected_somehow"),
            models.CheckConstraint(
                condition=Q(term_until=None) | Q(term_until__gt=F("term_from")), name="unit_head_term_has_a_length"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("term_from")), name="unit_head_ends_after_election"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_why="") | Q(ended_on__isnull=False, ended_why__in=EndedWhy.values),
                name="unit_head_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.area_id}"
