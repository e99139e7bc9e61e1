"""People and where they live. Identifiers and phones are sealed."""

from django.db import models
from django.db.models import F, Q

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area


class Person(models.Model):
    """A human being known to the district.

    `phone_sealed` and `identity_sealed` hold what `Keyring.seal` made; `*_index` are blind indexes for exact look-up.
    An erased person keeps the row, so that history stays whole, and nothing else.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40, blank=True)
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_index = models.BinaryField(null=True, blank=True)
    identity_sealed = models.BinaryField(null=True, blank=True)
    identity_index = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["phone_index"], name="person_by_phone")]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_index"], condition=Q(identity_index__isnull=False), name="person_identity_once"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(name="", phone_sealed=None, phone_index=None, identity_sealed=None, identity_index=None),
                name="person_erased_keeps_nothing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Residence(models.Model):
    """Where a person lived, and when; the address below the community is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="residences")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="residences")
    address_sealed = models.BinaryField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["person_id", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="residence_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.area_id}"
