"""One message to one person, as their inbox shows it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.models import Person


class Urgency(models.TextChoices):
    """Ordinary ones wait for the daily digest; urgent ones go out at once, outside quiet hours."""

    ORDINARY = "ordinary", _("ordinary")
    URGENT = "urgent", _("urgent")


class Notice(models.Model):
    """A message made of a template and parameters: ids, codes and numbers, never words about a person.

    `source` is what it follows from (a journal line, a clock): one notice per source, template and person.
    `organisation` is the unit in whose name somebody is told, None for what is their own. `words_sealed` holds words
    meant for this reader only. `is_seen` is the reader's own bookmark: no moment is kept, and nobody else is shown it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    topic = models.CharField(max_length=40)
    urgency = models.CharField(max_length=8, choices=Urgency.choices)
    template = models.CharField(max_length=80)
    parameters = models.JSONField(default=dict)
    words_sealed = models.BinaryField(null=True, blank=True)
    link = models.CharField(max_length=200, blank=True)
    source = models.UUIDField()
    created_at = models.DateTimeField()
    is_seen = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "is_seen", "-id"], name="notice_inbox"),
            models.Index(fields=["created_at"], name="notice_by_age"),
            models.Index(
                fields=["organisation", "created_at"], condition=Q(organisation__isnull=False), name="notice_by_unit"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "template", "person"], name="notice_once"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="notice_urgency_known"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.id}"
