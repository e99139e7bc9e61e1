"""The lists of this section as they may be taken out of the house; all of them name people."""

from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.people.models import EmployerType
from liuchi.ground.people.staff import is_lent_too_long, name_of

ROLL = Listing(
    "people.staff",
    _("Staff roll"),
    (
        ListColumn("name", _("Name"), lambda row: row.name, is_personal=True),
        ListColumn("organisation", _("Organisation"), lambda row: row.organisation),
        ListColumn("posts", _("Posts"), lambda row: row.posts),
        ListColumn("employer", _("Terms"), lambda row: str(EmployerType(row.employer).label)),
        ListColumn("since", _("Since"), lambda row: row.valid_from),
        ListColumn("contract_until", _("Contract until"), lambda row: row.contract_until),
        ListColumn("lent_to", _("Lent to"), lambda row: row.seconded_to),
        ListColumn("lent_since", _("Lent since"), lambda row: row.seconded_since),
    ),
)
SECONDMENTS = Listing(
    "people.secondments",
    _("Secondments"),
    (
        ListColumn("name", _("Name"), lambda row: name_of(row.employment.person), is_personal=True),
        ListColumn("organisation", _("Organisation"), lambda row: row.employment.organisation.short_name),
        ListColumn("lent_to", _("Lent to"), lambda row: row.to_organisation.short_name),
        ListColumn("since", _("Since"), lambda row: row.since),
        ListColumn("until", _("Planned until"), lambda row: row.until),
        ListColumn("document", _("Document"), lambda row: row.document),
        ListColumn("returned_on", _("Back on"), lambda row: row.returned_on),
        ListColumn("overdue", _("Too long"), is_lent_too_long),
    ),
)
HEADS = Listing(
    "people.unit_heads",
    _("Heads of units"),
    (
        ListColumn("name", _("Name"), lambda row: name_of(row.person), is_personal=True),
        ListColumn("kind", _("Kind"), lambda row: row.get_kind_display()),
        ListColumn("area", _("Area"), lambda row: row.area.name),
        ListColumn("building", _("Building"), lambda row: str(row.building or "")),
        ListColumn("place", _("Place"), lambda row: row.place),
        ListColumn("elected_how", _("Elected"), lambda row: row.get_elected_how_display()),
        ListColumn("term_from", _("Term from"), lambda row: row.term_from),
        ListColumn("term_until", _("Term until"), lambda row: row.term_until),
    ),
)
