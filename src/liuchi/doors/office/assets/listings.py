"""The asset book as it may be taken out of the house; columns are coded as in the survey standard, where it does so."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.organisations.models import Asset, Organisation


def _named(body: str) -> Callable[[Asset], str]:
    def name(asset: Asset) -> str:
        found: Organisation | None = getattr(asset, body)
        return found.name if found is not None else ""

    return name


ASSETS = Listing(
    "organisations.assets",
    _("Public assets"),
    (
        ListColumn("ObjID", _("Component code"), lambda asset: asset.code),
        ListColumn("ObjName", _("Name"), lambda asset: asset.name),
        ListColumn("class_code", _("Class code"), lambda asset: asset.asset_class.code),
        ListColumn("class", _("Class"), lambda asset: asset.asset_class.name),
        ListColumn("DeptName1", _("Competent body"), _named("competent")),
        ListColumn("DeptName2", _("Owner"), _named("owner")),
        ListColumn("DeptName3", _("Maintainer"), _named("maintainer")),
        ListColumn("BGID", _("Grid code"), lambda asset: asset.area.code),
        ListColumn("grid", _("Grid"), lambda asset: asset.area.name),
        ListColumn("estate", _("Estate"), lambda asset: asset.estate.name if asset.estate else ""),
        ListColumn("position", _("Where exactly"), lambda asset: asset.position),
        ListColumn("X", _("Longitude"), lambda asset: asset.longitude),
        ListColumn("Y", _("Latitude"), lambda asset: asset.latitude),
        ListColumn("accuracy", _("Accuracy"), lambda asset: asset.accuracy),
        ListColumn("DataSource", _("Data source"), lambda asset: asset.get_data_source_display()),
        ListColumn("ObjState", _("State"), lambda asset: asset.get_state_display()),
        ListColumn("ORDate", _("Recorded on"), lambda asset: asset.recorded_on),
        ListColumn("CHDate", _("Changed on"), lambda asset: asset.changed_on),
        ListColumn("seen_on", _("Last looked at"), lambda asset: asset.seen_on),
        ListColumn("Note", _("Note"), lambda asset: asset.note),
    ),
)
