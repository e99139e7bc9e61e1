"""What people agreed to: to which text, when and how; and when they took it back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models.person import Person


class ConsentText(models.Model):
    """One wording of what is asked for, as it was published; it never changes (guarded in the database).

    `is_necessary` says that the service cannot be had without it; for anything else refusing costs nothing
    (PIPL art. 16). `valid_from` is the day from which people are asked for it; at once without one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=60)
    text = models.TextField(max_length=20000)
    text_hash = models.CharField(max_length=64)
    is_necessary = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    valid_from = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["purpose", "-version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="consent_text_once"),
            models.CheckConstraint(condition=~Q(text=""), name="consent_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version} {self.language}"


class ConsentWay(models.TextChoices):
    """How consent was given or taken back."""

    ONLINE = "online", _("online, signed in")
    PAPER = "paper", _("on paper, signed")
    SPOKEN = "spoken", _("spoken, at the counter or on a visit")
    PHONE = "phone", _("by telephone")


class Guardian(models.TextChoices):
    """Who consents for a child under 14 (Civil Code art. 27)."""

    PARENT = "parent", _("parent")
    GRANDPARENT = "grandparent", _("grandparent")
    RELATIVE = "relative", _("other relative")
    ORGANISATION = "organisation", _("committee or civil affairs office")


class Consent(models.Model):
    """A person's consent to one text: given once, perhaps taken back; both stay on record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    way = models.CharField(max_length=8, choices=ConsentWay.choices)
    given_at = models.DateTimeField()
    given_by_id = models.UUIDField(null=True, blank=True)
    guardian = models.CharField(max_length=12, choices=Guardian.choices, blank=True)
    guardian_sealed = models.BinaryField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_way = models.CharField(max_length=8, choices=ConsentWay.choices, blank=True)
    withdrawn_by_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["person_id", "-given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "text"], condition=Q(withdrawn_at=None), name="consent_in_force_once"
            ),
            models.CheckConstraint(condition=Q(way__in=ConsentWay.values), name="consent_way_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_way="")
                | Q(withdrawn_at__gte=F("given_at"), withdrawn_way__in=ConsentWay.values),
                name="consent_withdrawn_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.text_id}"
