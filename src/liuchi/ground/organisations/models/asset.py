"""The public asset book 公共设施台账: what stands in public, whose it is, and how it was found when somebody looked."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models.organisation import Organisation
from liuchi.ground.territory.models import Area, Estate


class AssetClass(models.Model):
    """A minor class of components: code (major and minor class) and name, by the standard or added by the city.

    Classes of our own are numbered downward from the highest number of their width.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=5)
    name = models.CharField(max_length=30)
    major_name = models.CharField(max_length=30)
    document = models.CharField(max_length=120, blank=True)
    is_extension = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="asset_class_code_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{4,5}$"), name="asset_class_code_is_digits"),
            models.CheckConstraint(condition=~Q(name=""), name="asset_class_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AssetState(models.TextChoices):
    """How an asset is (完好 破损 丢失 废弃 移除)."""

    INTACT = "intact", _("intact")
    DAMAGED = "damaged", _("damaged")
    LOST = "lost", _("lost")
    ABANDONED = "abandoned", _("abandoned")
    REMOVED = "removed", _("removed")


class DataSource(models.TextChoices):
    """Where the position comes from."""

    SURVEYED = "surveyed", _("surveyed on site")
    TOPOGRAPHIC = "topographic", _("topographic map")
    IMAGERY = "imagery", _("aerial or satellite image")
    REPORTED = "reported", _("reported")


class Accuracy(models.TextChoices):
    """How exact a position is (accuracy classes of component surveys)."""

    A = "A", _("A: within 0.5 m")
    B = "B", _("B: within 1 m")
    C = "C", _("C: within 10 m")


#: Metres within which a position of each class is right.
METRES = {Accuracy.A: 0.5, Accuracy.B: 1.0, Accuracy.C: 10.0}


class Asset(models.Model):
    """One public facility, named by its 16-digit component code.

    The comments name the attributes of the survey standard: ObjID, ObjName, DeptCode1 to 3, BGID, ObjState, ORDate,
    CHDate, DataSource. `area` is the smallest known area it stands in. One that was removed keeps its row and its code.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=16)  # ObjID
    name = models.CharField(max_length=40)  # ObjName
    asset_class = models.ForeignKey(AssetClass, on_delete=models.PROTECT, related_name="assets")
    competent = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    maintainer = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="assets")  # BGID, where it is a grid
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, null=True, blank=True, related_name="assets")
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    position = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=9, choices=AssetState.choices, default=AssetState.INTACT)
    data_source = models.CharField(max_length=11, choices=DataSource.choices, default=DataSource.SURVEYED)
    accuracy = models.CharField(max_length=1, choices=Accuracy.choices, default=Accuracy.C)
    note = models.CharField(max_length=200, blank=True)
    recorded_on = models.DateField()  # ORDate
    changed_on = models.DateField()  # CHDate
    seen_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["latitude", "longitude"], name="asset_by_position")]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="asset_code_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{16}$"), name="asset_code_has_16_digits"),
            models.CheckConstraint(condition=~Q(name=""), name="asset_has_a_name"),
            models.CheckConstraint(condition=Q(state__in=AssetState.values), name="asset_state_known"),
            models.CheckConstraint(condition=Q(data_source__in=DataSource.values), name="asset_data_source_known"),
            models.CheckConstraint(condition=Q(accuracy__in=Accuracy.values), name="asset_accuracy_known"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
                name="asset_position_whole",
            ),
            models.CheckConstraint(
                condition=Q(changed_on__gte=F("recorded_on")), name="asset_changes_after_it_was_recorded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AssetLook(models.Model):
    """Somebody looked at an asset on a day and found it in a state: inspection log and history of conditions in one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="looks")
    on = models.DateField()
    state = models.CharField(max_length=9, choices=AssetState.choices)
    note = models.CharField(max_length=200, blank=True)
    actor_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["asset_id", "-on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(state__in=AssetState.values), name="look_state_known")]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.on} {self.state}"
