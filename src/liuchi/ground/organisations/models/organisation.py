"""Organisations as they stand, as they stood, what became of them, and where they serve."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.calendars.models import Calendar
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area

LONGEST_NAME, LONGEST_SHORT_NAME = 60, 20


class OrganisationKind(models.TextChoices):
    """Closed set: what sort of body it is. The five party kinds stand in the order of their chain."""

    DEPARTMENT = "department", _("department")
    SQUAD = "squad", _("squad")
    CENTRE = "centre", _("service centre")
    UTILITY = "utility", _("utility")
    DESK = "desk", _("supervision desk")
    TOWN = "town", _("street or town office")
    COMMUNITY = "community", _("community or village committee")
    STATION = "station", _("red-collar workstation")
    WORKS_COMMITTEE = "works_committee", _("street party works committee")
    PARTY_COMMITTEE = "party_committee", _("community party committee")
    PARTY_BRANCH = "party_branch", _("party branch")
    PARTY_GROUP = "party_group", _("party group of a building")
    PARTY_HOUSEHOLD = "party_household", _("party member's centre household")
    MASS_BODY = "mass_body", _("mass organisation")
    SOCIAL_BODY = "social_body", _("social body")
    PROPERTY_COMPANY = "property_company", _("property company")
    RESIDENT_UNIT = "resident_unit", _("resident unit")
    FIRM = "firm", _("firm")


#: From the street down to the household (街道大工委 → 社区大党委 → 党支部 → 楼栋党小组 → 党员中心户).
PARTY_CHAIN = (
    OrganisationKind.WORKS_COMMITTEE,
    OrganisationKind.PARTY_COMMITTEE,
    OrganisationKind.PARTY_BRANCH,
    OrganisationKind.PARTY_GROUP,
    OrganisationKind.PARTY_HOUSEHOLD,
)


class Standing(models.Model):
    """What may change about an organisation and is kept when it does: its names, its parents, its area.

    Three chains are kept apart: `statistical_parent` counts it, `management_parent` directs it, `party_parent` is the
    party organisation above it. `area` is where it is registered and, where nothing else is listed, what it serves.
    """

    name = models.CharField(max_length=LONGEST_NAME)
    short_name = models.CharField(max_length=LONGEST_SHORT_NAME)
    english_name = models.CharField(max_length=100, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="%(class)ss")
    statistical_parent = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    management_parent = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    party_parent = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ["name"]


#: The columns that `PastState` keeps.
PARENTS = ("statistical_parent", "management_parent", "party_parent")
KEPT = ("name", "short_name", "english_name", "area_id", *(f"{parent}_id" for parent in PARENTS))


class Organisation(Standing):
    """A body that can be given work, or that others belong to, as it stands since `stands_since` (else its beginning).

    The row stays the same through every change of name and parents, so that what points at it goes on pointing; how it
    stood before is in `past`. It exists from `valid_from` until `valid_to` (exclusive; open when empty).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=20, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    seat = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="seated")
    address = models.CharField(max_length=120, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    valid_from = models.DateField()
    stands_since = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["area", "kind"], condition=Q(valid_to=None), name="organisation_by_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="organisation_code_in_force_once"
            ),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(valid_to=None) & ~Q(credit_code=""),
                name="organisation_credit_code_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="organisation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(stands_since=None) | Q(stands_since__gte=F("valid_from")),
                name="organisation_stands_since_its_beginning",
            ),
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="organisation_has_a_whole_position",
            ),
            # A centre household is somebody's home: where it is stays at the building, which is public.
            models.CheckConstraint(
                condition=~Q(kind=OrganisationKind.PARTY_HOUSEHOLD)
                | Q(address="", phone="", longitude=None, latitude=None),
                name="organisation_home_stays_private",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class Change(models.TextChoices):
    """What ended a past state."""

    RENAMED = "renamed", _("renamed")
    MOVED = "moved", _("moved")


class PastState(Standing):
    """How an organisation stood from `valid_from` until `valid_to` (exclusive), and the document that changed it.

    A state that was changed on its first day has no length: it keeps the document and never counts as a name of then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="past")
    change = models.CharField(max_length=10, choices=Change.choices)
    document = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        ordering = ["organisation_id", "valid_to", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="past_state_ends_not_before_it_begins"
            ),
            models.CheckConstraint(condition=Q(change__in=Change.values), name="past_state_change_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.valid_from}"


class SuccessionKind(models.TextChoices):
    """How one body followed another."""

    MERGED = "merged", _("merged into")
    SPLIT = "split", _("split into")


class Succession(models.Model):
    """`successor` took over from `predecessor` on a day, by a document; `is_heir` marks who has its posts and work."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=10, choices=SuccessionKind.choices)
    is_heir = models.BooleanField()
    on = models.DateField()
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["on", "predecessor_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.UniqueConstraint(fields=["predecessor"], condition=Q(is_heir=True), name="succession_has_one_heir"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_is_to_another"),
            models.CheckConstraint(
                condition=Q(kind__in=SuccessionKind.values), name="organisation_succession_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} {self.successor_id}"


class ServedArea(models.Model):
    """An area that an organisation serves beside, or instead of, where it is registered: a property company's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="served")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="served_by")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["organisation_id", "area_id", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "area"], condition=Q(valid_to=None), name="served_area_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="served_area_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.area_id}"
