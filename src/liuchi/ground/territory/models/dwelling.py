"""Where people live and work: estates, their buildings, and the dwellings in them. A register of public bodies."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.addresses import room_address
from liuchi.ground.territory.models.area import Area

LONGEST_PART = 20


class EstateKind(models.TextChoices):
    """What holds buildings together under one name."""

    ESTATE = "estate", _("housing estate")
    COMPOUND = "compound", _("courtyard or compound")
    STREET = "street", _("houses along a street")
    HAMLET = "hamlet", _("village group")


class Estate(models.Model):
    """Buildings under one name: a housing estate 小区, a compound 院落, a street, a village group 村民组.

    `community` is the community or village it belongs to; its buildings may stand in several grids.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=EstateKind.choices, default=EstateKind.ESTATE)
    community = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="estates")
    street_address = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="estate_code_in_force_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="estate_has_code_and_name"),
            models.CheckConstraint(condition=Q(kind__in=EstateKind.values), name="estate_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="estate_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """A building 楼栋 of an estate, in the phase 期 it was built in where there were several.

    `area` is the smallest known area it stands in: its grid, else its community. `facilities` are named in words
    (二楼平台, 电梯 …), for every estate has others. `sort_key` puts 2栋 before 10栋.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="buildings")
    phase = models.CharField(max_length=LONGEST_PART, blank=True)
    number = models.CharField(max_length=LONGEST_PART)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="buildings")
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    facilities = ArrayField(models.CharField(max_length=LONGEST_PART), default=list, blank=True)
    sort_key = models.CharField(max_length=120, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["estate_id", "sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "phase", "number"], condition=Q(valid_to=None), name="building_in_force_once"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="building_has_a_number"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="building_position_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="building_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase}{self.number}"


class DwellingUse(models.TextChoices):
    """What a dwelling is used for."""

    HOME = "home", _("home")
    SHOP = "shop", _("shop")
    OFFICE = "office", _("office")
    STORE = "store", _("storage")
    PUBLIC = "public", _("public service room")


class Dwelling(models.Model):
    """A room 户室 of a building, by unit 单元, floor and room; floors below ground are negative, there is no floor 0.

    Its address names no person; together with who lives there it is personal.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="dwellings")
    unit = models.CharField(max_length=LONGEST_PART, blank=True)
    floor = models.SmallIntegerField()
    room = models.CharField(max_length=LONGEST_PART)
    use = models.CharField(max_length=8, choices=DwellingUse.choices, default=DwellingUse.HOME)
    floor_area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    sort_key = models.CharField(max_length=120, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["building_id", "sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "unit", "floor", "room"],
                condition=Q(valid_to=None),
                name="dwelling_in_force_once",
            ),
            models.CheckConstraint(condition=~Q(room=""), name="dwelling_has_a_room"),
            models.CheckConstraint(condition=~Q(floor=0), name="dwelling_floor_not_zero"),
            models.CheckConstraint(condition=Q(use__in=DwellingUse.values), name="dwelling_use_known"),
            models.CheckConstraint(
                condition=Q(floor_area_m2=None) | Q(floor_area_m2__gt=0), name="dwelling_floor_area_positive"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="dwelling_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return room_address(self.unit, self.room)
