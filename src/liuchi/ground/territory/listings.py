"""The lists of this room as they may be taken out of the house; all of them are public by law."""

from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.territory.models import AreaKind, SuccessionKind

AREAS = Listing(
    "territory.areas",
    _("Areas"),
    (
        ListColumn("code", _("Code"), lambda area: area.code),
        ListColumn("name", _("Name"), lambda area: area.name),
        ListColumn("official_name", _("Official name"), lambda area: area.official_name),
        ListColumn("kind", _("Kind"), lambda area: str(AreaKind(area.kind).label)),
        ListColumn("label_kind", _("Called here"), lambda area: area.label_kind),
        ListColumn("since", _("Since"), lambda area: area.valid_from),
    ),
)
HISTORY = Listing(
    "territory.history",
    _("Changes of areas"),
    (
        ListColumn("on", _("Day"), lambda row: row.on),
        ListColumn("kind", _("What happened"), lambda row: str(SuccessionKind(row.kind).label)),
        ListColumn("from_code", _("Code"), lambda row: row.from_area.code),
        ListColumn("from_name", _("Area"), lambda row: row.from_area.name),
        ListColumn("to_code", _("Code after"), lambda row: row.to_area.code),
        ListColumn("to_name", _("Area after"), lambda row: row.to_area.name),
        ListColumn("document", _("Document"), lambda row: row.document),
    ),
)
FAULTS = Listing(
    "territory.boundary_faults",
    _("Faults of boundaries"),
    (
        ListColumn("kind", _("Fault"), lambda fault: str(fault.kind.label)),
        ListColumn("codes", _("Codes"), lambda fault: " ".join(area.code for area in fault.areas)),
        ListColumn("names", _("Areas"), lambda fault: " ".join(area.name for area in fault.areas)),
        ListColumn("size", _("Square metres"), lambda fault: round(fault.size_m2, 1)),
        ListColumn("longitude", _("Longitude"), lambda fault: None if fault.at is None else round(fault.at[0], 6)),
        ListColumn("latitude", _("Latitude"), lambda fault: None if fault.at is None else round(fault.at[1], 6)),
    ),
)
SIZES = Listing(
    "territory.sizes",
    _("Grids outside the norm"),
    (
        ListColumn("code", _("Code"), lambda row: row.area.code),
        ListColumn("name", _("Name"), lambda row: row.area.name),
        ListColumn("kind", _("Kind"), lambda row: str(AreaKind(row.area.kind).label)),
        ListColumn("homes", _("Households"), lambda row: row.homes),
        ListColumn("least", _("At least"), lambda row: row.norm.least),
        ListColumn("most", _("At most"), lambda row: row.norm.most),
    ),
)
QUESTIONS = Listing(
    "territory.questions",
    _("Open questions"),
    (
        ListColumn("kind", _("Kind"), lambda each: str(each.standing.title)),
        ListColumn("name", _("Name"), lambda each: each.row.name),
        ListColumn("area", _("Stood in"), lambda each: each.area.name),
        ListColumn("until", _("Until"), lambda each: each.area.valid_to),
        ListColumn("choices", _("Goes on in"), lambda each: "; ".join(area.name for area in each.choices)),
    ),
)
