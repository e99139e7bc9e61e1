"""The lists of administration as they may be taken out: who has which account and read what is personal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from liuchi.doors.office.access.forms import READ_KINDS
from liuchi.ground.access.models import Role
from liuchi.ground.access.powers import POWERS
from liuchi.ground.access.purposes import READ_PURPOSES
from liuchi.ground.access.queries_reads import ReadRow
from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.exchange.purposes import purpose_words
from liuchi.ground.territory.queries import territory


def kind_words(row: ReadRow) -> str:
    """Return what was done, in words."""
    return str(READ_KINDS.get(row.kind, row.kind))


def reason_words(row: ReadRow) -> str:
    """Return what it was done for, in words."""
    return str(READ_PURPOSES.get(row.purpose) or purpose_words(row.purpose))


def area_name(row: ReadRow) -> str:
    """Return the area by which the value was within reach; empty where there is none."""
    area = territory().areas.get(row.place_id) if row.place_id is not None else None
    return area.name if area is not None else ""


READS = Listing(
    "access.reads",
    _("Read log"),
    (
        ListColumn("number", _("No."), lambda row: row.seq),
        ListColumn("at", _("When"), lambda row: row.at),
        ListColumn("username", _("Who"), lambda row: row.username, is_personal=True),
        ListColumn("kind", _("Read"), kind_words),
        ListColumn("field", _("Field or list"), lambda row: row.field),
        ListColumn("rows", _("How many"), lambda row: row.rows),
        ListColumn("is_found", _("Somebody was found"), lambda row: row.is_found),
        ListColumn("person", _("About"), lambda row: str(row.person_id or ""), is_personal=True),
        ListColumn("purpose", _("What for?"), reason_words),
        ListColumn("area", _("Area"), area_name),
        ListColumn("glass", _("glass broken"), lambda row: row.is_under_glass),
    ),
)

ACCOUNTS = Listing(
    "access.accounts",
    _("Accounts"),
    (
        ListColumn("username", _("User name"), lambda row: row.username, is_personal=True),
        ListColumn("state", _("State"), lambda row: row.get_close_reason_display() or pgettext("account", "open")),
        ListColumn("created_at", _("Opened"), lambda row: row.created_at),
    ),
)
GRANTS = Listing(
    "access.grants",
    _("Grants"),
    (
        ListColumn("username", _("User name"), lambda row: row.account.username, is_personal=True),
        ListColumn("role", _("Role"), lambda row: row.role.name if row.role is not None else ""),
        ListColumn("area", _("Area"), lambda row: row.area.name),
        ListColumn("unit", _("Unit"), lambda row: row.organisation.name if row.organisation is not None else ""),
        ListColumn("valid_from", _("From"), lambda row: row.valid_from),
        ListColumn("valid_to", _("Until"), lambda row: row.valid_to),
    ),
)
GLASS = Listing(
    "access.glass",
    _("Reviews of emergencies"),
    (
        ListColumn("broken_at", _("When"), lambda row: row.broken_at),
        ListColumn("username", _("Who"), lambda row: row.account.username, is_personal=True),
        ListColumn("area", _("Area"), lambda row: row.area.name),
        ListColumn("finding", _("Finding"), lambda row: row.get_finding_display()),
    ),
)
KEYS = Listing(
    "access.keys",
    _("Keys of other systems"),
    (
        ListColumn("name", _("Name"), lambda row: row.name),
        ListColumn("owner", _("Answers for it"), lambda row: row.owner.username, is_personal=True),
        ListColumn("expires_at", _("Until"), lambda row: row.expires_at),
        ListColumn("last_used_on", _("Last used"), lambda row: row.last_used_on),
        ListColumn("revoked_at", _("Revoked"), lambda row: row.revoked_at),
    ),
)


def powers_words(role: Role) -> str:
    """Return what a role opens, in words."""
    return "; ".join(str(POWERS.get(power, power)) for power in role.powers)


ROLES = Listing(
    "access.roles",
    _("Roles"),
    (
        ListColumn("code", _("Code"), lambda row: row.code),
        ListColumn("name", _("Name"), lambda row: row.name),
        ListColumn("powers", _("Powers"), powers_words),
    ),
)
