"""People, and where they live. Identifiers, phones and addresses are sealed; names stand in clear and are masked."""

from django.db import models
from django.db.models import F, Q

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.identity import DocumentKind, Sex
from liuchi.ground.people.naming import LONGEST_ORDER
from liuchi.ground.territory.models import Area, Dwelling

#: What an erased person keeps of each column.
NOTHING = {
    "name": "",
    "name_order": b"",
    "sex": "",
    "birth_on": None,
    "death_on": None,
    "phone_sealed": None,
    "phone_index": None,
    "identity_kind": "",
    "identity_sealed": None,
    "identity_index": None,
    "home": None,
}


class Person(models.Model):
    """A human being known to the district.

    `phone_sealed` and `identity_sealed` hold values sealed for this row; `*_index` are blind indexes for exact look-up.
    `home` is the area of the newest residence: who may see and change the record hangs on it. A record that turned out
    to be a double points at the one kept (`merged_into`, never more than one step) and changes no further. An erased
    person keeps the row, so that history stays whole, and nothing else.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40, blank=True)
    name_order = models.BinaryField(max_length=LONGEST_ORDER, default=b"")
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    birth_on = models.DateField(null=True, blank=True)
    death_on = models.DateField(null=True, blank=True)
    phone_sealed = models.BinaryField(null=True, blank=True)
    phone_index = models.BinaryField(null=True, blank=True)
    identity_kind = models.CharField(max_length=10, choices=DocumentKind.choices, blank=True)
    identity_sealed = models.BinaryField(null=True, blank=True)
    identity_index = models.BinaryField(null=True, blank=True)
    home = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="people", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed", db_index=False
    )
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["phone_index"], condition=Q(phone_index__isnull=False), name="person_by_phone"),
            models.Index(fields=["home", "name_order", "id"], name="person_by_home"),
            models.Index(fields=["name_order", "id"], name="person_by_name"),
            models.Index(
                fields=["birth_on", "name_order"], condition=Q(birth_on__isnull=False), name="person_by_birth"
            ),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_by_kept"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_index"],
                condition=Q(identity_index__isnull=False, merged_into=None),
                name="person_identity_once",
            ),
            models.CheckConstraint(condition=Q(erased_at=None) | Q(**NOTHING), name="person_erased_keeps_nothing"),
            models.CheckConstraint(
                condition=Q(identity_sealed=None, identity_index=None, identity_kind="")
                | Q(identity_sealed__isnull=False, identity_index__isnull=False, identity_kind__in=DocumentKind.values),
                name="person_identity_is_whole",
            ),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="person_sex_known"),
            models.CheckConstraint(
                condition=Q(death_on=None) | Q(birth_on=None) | Q(death_on__gte=F("birth_on")),
                name="person_dies_after_birth",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="person_merged_into_another"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Residence(models.Model):
    """Where a person lived, and when: in a registered dwelling, or at an address below the community, sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="residences")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="residences")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, blank=True, related_name="residences")
    address_sealed = models.BinaryField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["person_id", "-valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="residence_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(valid_to=None), name="person_lives_in_one_place"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.area_id}"
