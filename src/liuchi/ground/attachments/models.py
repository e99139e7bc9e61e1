"""Photos and files that belong to something: a report, a move of a case."""

from django.db import models
from django.db.models import F, Q
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


class Upload(models.Model):
    """A file that comes in pieces: how long it will be, how far it has come, and what became of it.

    `token` is the name that its holder gave it, "" for none; `name` that of the file. It goes a day after its last
    piece, kept or not; what was kept is an attachment like any other.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = models.BinaryField(max_length=32)
    token = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200, blank=True)
    length = models.PositiveIntegerField()
    offset = models.PositiveIntegerField()
    parts = models.PositiveSmallIntegerField()
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="upload"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["expires_at"], name="upload_by_expiry")]
        constraints = [
            models.UniqueConstraint(fields=["holder", "token"], condition=~Q(token=""), name="upload_named_once"),
            models.CheckConstraint(condition=Q(offset__lte=F("length")), name="upload_within_its_length"),
            models.CheckConstraint(condition=Q(attachment=None) | Q(offset=F("length")), name="upload_kept_when_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.offset}/{self.length}"


class UploadPart(models.Model):
    """One piece of a file on its way, by where it begins."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="pieces")
    offset = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["offset", "id"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.offset}"
