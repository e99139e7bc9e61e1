"""Photos and files that belong to something: a report, a move of a case."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class AttachmentState(models.TextChoices):
    """What may be done with a file."""

    READY = "ready", _("ready")
    WAITING = "waiting", _("waits for the virus scan")
    BLOCKED = "blocked", _("blocked by the virus scan")
    REMOVED = "removed", _("removed")


class Attachment(models.Model):
    """A file as it is stored: re-encoded if it is a picture, under a key that tells nothing.

    `holder` is the keyed hash of who brought it (an account or a browser's session). Until it is claimed for a subject,
    only that holder sees it, and it is removed after a day. `taken_at`, `longitude`, `latitude` are what the picture
    said of itself, kept only when the person declared them; the picture itself says nothing any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    holder = models.BinaryField(max_length=32)
    name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    key = models.CharField(max_length=80, blank=True)
    thumbnail_key = models.CharField(max_length=80, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=AttachmentState.choices)
    created_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["subject_id"],
                condition=Q(subject_id__isnull=False, removed_at=None),
                name="attachment_by_subject",
            ),
            models.Index(
                fields=["created_at"], condition=Q(subject_id=None, removed_at=None), name="attachment_unclaimed"
            ),
            models.Index(fields=["created_at"], condition=Q(state=AttachmentState.WAITING), name="attachment_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject_type="", subject_id=None) | (~Q(subject_type="") & Q(subject_id__isnull=False)),
                name="attachment_names_its_subject_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=AttachmentState.REMOVED)
                | Q(key="", thumbnail_key="", name="", taken_at=None, longitude=None, latitude=None),
                name="attachment_removed_keeps_nothing",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="attachment_place_is_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown in a page."""
        return self.content_type.startswith("image/")
