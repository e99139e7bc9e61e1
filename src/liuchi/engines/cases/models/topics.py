"""What people ask for, as the national classification sorts it: three levels, 15 / 118 / 517."""

from django.db import models
from django.db.models import Q

from liuchi.ground.kernel.ids import new_id


class Topic(models.Model):
    """One heading of a classification of demands: at level 3 what is asked for, above it where that belongs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    classification = models.CharField(max_length=40)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="below")

    class Meta:
        ordering = ["classification", "code"]
        constraints = [
            models.UniqueConstraint(fields=["classification", "code"], name="topic_coded_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 3)), name="topic_has_three_levels"),
            models.CheckConstraint(
                condition=Q(level=1, parent=None) | Q(level__gt=1, parent__isnull=False),
                name="topic_stands_below_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecordedRequest(models.Model):
    """A service request that another place has recorded and published, to compare and rehearse with.

    It is no case: nobody here works on it. Addresses and words of people are not taken over. Dirt stays as published (a
    request may have been closed before it was made).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    jurisdiction = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    class_name = models.CharField(max_length=60)
    detail = models.CharField(max_length=80, blank=True)
    agency = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=40, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["jurisdiction", "made_at", "number"]
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "number"], name="recorded_request_once")]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.number}"
