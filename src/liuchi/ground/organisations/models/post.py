"""The posts that exist in organisations, whoever holds them."""

from django.db import models
from django.db.models import F, Q

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models.organisation import Organisation
from liuchi.ground.territory.models import Area


class Post(models.Model):
    """A post that exists in an organisation (from its beginning, without a date of its own), for an area.

    `is_head` marks the post whose holder speaks for the body: secretary, head of station, director. When a body is
    merged or split, `succeeded_by` names the post that goes on in the heir.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=30)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    duties = models.CharField(max_length=500, blank=True)
    seats = models.PositiveSmallIntegerField(default=1)
    is_head = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    succeeded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="succeeds")

    class Meta:
        ordering = ["organisation_id", "title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "title", "area"], condition=Q(valid_to=None), name="post_exists_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="post_ends_not_before_it_begins",
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="post_has_a_seat"),
            models.CheckConstraint(
                condition=Q(succeeded_by=None) | Q(valid_to__isnull=False), name="post_succeeded_has_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.title
