"""What people ask about their own data (PIPL art. 44 to 50): with a clock, and an answer or a reasoned refusal."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id


class RequestKind(models.TextChoices):
    """What is asked for."""

    VIEW = "view", _("See what is kept about me")
    COPY = "copy", _("Get a copy")
    CORRECT = "correct", _("Correct or complete it")
    DELETE = "delete", _("Delete it")
    EXPLAIN = "explain", _("Explain the rules by which it is handled")
    WITHDRAW = "withdraw", _("Take back a consent")
    RESTRICT = "restrict", _("Restrict or refuse its handling")


class RequestWay(models.TextChoices):
    """How it came in."""

    ONLINE = "online", _("online, signed in")
    COUNTER = "counter", _("at the counter")
    LETTER = "letter", _("by letter")
    PHONE = "phone", _("by telephone")


class RequestState(models.TextChoices):
    """Where it stands."""

    RECEIVED = "received", _("waits for proof of who asks")
    WORKING = "working", _("being worked on")
    ANSWERED = "answered", _("answered")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")


class Proof(models.TextChoices):
    """How it was checked that who asks is the person, or may ask for them."""

    ACCOUNT = "account", _("signed in with their own account")
    DOCUMENT = "document", _("identity document seen")
    CALL_BACK = "call_back", _("called back on the telephone on record")
    KINSHIP = "kinship", _("proof of kinship and of death seen")
    MANDATE = "mandate", _("written authority seen")


class Ground(models.TextChoices):
    """Why a request may be refused."""

    SECRECY = "art18", _("Law demands secrecy, or telling would hinder a statutory duty (PIPL art. 18, 35, 45)")
    PERIOD = "art47_period", _("A period set by law is not over (PIPL art. 47)")
    NEEDED = "art47_needed", _("Still needed for the duty it was collected for (PIPL art. 47)")
    CORRECT = "art46", _("Checked, and what is kept is right (PIPL art. 46)")
    NOT_PROVEN = "art50", _("It was not proven who asks (PIPL art. 50)")
    OTHERS = "art44_others", _("It would tell about other people (PIPL art. 44)")


ENDED = (RequestState.ANSWERED, RequestState.REFUSED, RequestState.WITHDRAWN)


class DataRequest(models.Model):
    """One request of a person, or of a near relative after their death (art. 49), about data kept about them.

    Sealed are their words, who asks for somebody else and how to reach them (`claimant_sealed`), and the answer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=RequestKind.choices)
    way = models.CharField(max_length=8, choices=RequestWay.choices)
    is_after_death = models.BooleanField(default=False)
    words_sealed = models.BinaryField(null=True, blank=True)
    claimant_sealed = models.BinaryField(null=True, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=RequestState.choices)
    proof = models.CharField(max_length=9, choices=Proof.choices, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    answer_sealed = models.BinaryField(null=True, blank=True)
    ground = models.CharField(max_length=12, choices=Ground.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(ended_at=None), name="request_open_by_due"),
            models.Index(fields=["person_id", "-id"], name="request_by_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at=None)),
                name="request_ended_means_decided",
            ),
            models.CheckConstraint(
                condition=Q(proof="", proven_at=None) | (~Q(proof="") & Q(proven_at__isnull=False)),
                name="request_proof_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.WORKING, RequestState.ANSWERED]) | ~Q(proof=""),
                name="request_answered_only_to_who_was_proven",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.REFUSED) ^ Q(ground=""), name="request_refused_with_a_ground"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("received_at")), name="request_due_after_it_came"),
            models.CheckConstraint(
                condition=Q(is_after_death=False) | Q(claimant_sealed__isnull=False),
                name="request_after_death_names_who_asks",
            ),
        ]

    def __str__(self) -> str:
        return self.number
