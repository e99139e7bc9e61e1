"""The powers that exist, and the roles the product starts with. Roles are data; these are the first rows."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Anybody may report, and may follow, rate and reopen what they reported.
PUBLIC_POWERS = frozenset({"cases.report", "cases.rate", "cases.reopen"})

#: The three administrators whose work one person never does alone (GB/T 22239: system, security, audit).
SYSTEM, SECURITY, AUDIT = "system_admin", "security_admin", "audit_admin"
ADMINISTRATORS = frozenset({SYSTEM, SECURITY, AUDIT})

#: The powers by which each of the three administers; no role holds those of two, and nobody two such roles.
OF_ADMINISTRATION: Mapping[str, frozenset[str]] = {
    SYSTEM: frozenset({"access.accounts"}),
    SECURITY: frozenset({"access.grants", "access.keys"}),
    AUDIT: frozenset({"access.audit"}),
}

#: Every power there is, by the room it belongs to, with what it lets somebody do.
POWERS: Mapping[str, Promise] = {
    "cases.report": _("Report something"),
    "cases.rate": _("Rate one's own case"),
    "cases.reopen": _("Reopen one's own case"),
    "cases.see": _("See cases of the area"),
    "cases.accept": _("Accept, file, refuse and close cases"),
    "cases.dispatch": _("Dispatch cases"),
    "cases.decide": _("Decide on what units ask for in a case"),
    "cases.end": _("Approve the formal ending of unreasonable demands"),
    "cases.handle": _("Handle the unit's cases"),
    "cases.check": _("Verify and check on the spot"),
    "cases.lookup": _("Find cases by their reporter's exact name, phone or identity number"),
    "cases.supervise": _("Supervise cases: remind, order, judge answers"),
    "cases.standards": _("Keep the standards that cases are filed by"),
    "figures.manage": _("Keep figures that documents state"),
    "people.see": _("See people, masked"),
    "people.manage": _("Register and correct people"),
    "people.lookup": _("Look people up by an exact number"),
    "people.reveal": _("Show protected values, with a purpose"),
    "people.care": _("See and keep care records"),
    "people.categories": _("Define categories of care"),
    "people.erase": _("Erase people"),
    "staff.see": _("See staff and the posts they hold"),
    "staff.manage": _("Manage staff and posts held"),
    "dwellings.see": _("See buildings and dwellings"),
    "dwellings.manage": _("Manage buildings and dwellings"),
    "assets.see": _("See the book of public assets"),
    "assets.manage": _("Manage the book of public assets"),
    "assets.inspect": _("Note the condition of public assets"),
    "territory.manage": _("Manage areas and boundaries"),
    "organisations.manage": _("Manage organisations, posts and duties"),
    "exchange.import": _("Bring in files"),
    "exchange.export": _("Take out lists with personal data"),
    "records.inventory": _("Read the inventory of personal data"),
    "records.requests": _("Answer requests of data subjects"),
    "records.retention": _("Delete what has run out"),
    "records.registers": _("Keep the registers of sharing, breaches and impact assessments"),
    "notices.manage": _("Manage messages and templates"),
    "hooks.receive": _("Have another system told of events"),
    "hooks.manage": _("Look after what other systems are told"),
    "calendars.publish": _("Publish working calendars"),
    "operate_journal": _("Operate the journal"),
    "access.accounts": _("Open and close accounts (system administration)"),
    "access.grants": _("Give and end grants, change roles (security administration)"),
    "access.keys": _("Make and revoke keys of other systems (security administration)"),
    "access.audit": _("Read the read log, review emergencies (audit administration)"),
    "access.break_glass": _("Break the glass in an emergency"),
}

#: Powers that know no area: what they open belongs to the whole district, so they are given for the whole only.
OF_THE_WHOLE = frozenset(
    {
        "records.inventory",
        "records.requests",
        "records.retention",
        "records.registers",
        "people.categories",
        "people.erase",
        "operate_journal",
        "calendars.publish",
        "notices.manage",
        "hooks.manage",
    }
)

#: What broken glass may open: seeing, never changing.
FOR_GLASS = (
    "cases.see",
    "people.see",
    "people.lookup",
    "people.reveal",
    "staff.see",
    "dwellings.see",
    "assets.see",
)

#: What a key of another system never opens: administration, emergencies, and what asks a human being what for.
NOT_FOR_KEYS = frozenset(
    {power for powers in OF_ADMINISTRATION.values() for power in powers}
    | {"access.break_glass", "people.reveal", "cases.lookup", "people.erase", "operate_journal", "hooks.manage"}
)

#: What grants are given for.
GRANT_PURPOSES: Mapping[str, Promise] = {
    "casework": _("Casework"),
    "registers": _("Keeping registers of people, dwellings and assets"),
    "personnel": _("Organisation and personnel"),
    "protection": _("Protection of personal information"),
    "duty": _("Duty and emergencies"),
    "administration": _("Administration of the system"),
}


def administration_of(powers: Iterable[str]) -> frozenset[str]:
    """Return which of the three administrations some powers belong to; more than one is refused everywhere."""
    held = frozenset(powers)
    return frozenset(role for role, own in OF_ADMINISTRATION.items() if own & held)


ROLES: Mapping[str, tuple[str, frozenset[str]]] = {
    "resident": ("居民", PUBLIC_POWERS),
    "desk": ("受理员", PUBLIC_POWERS | {"cases.see", "cases.accept", "cases.decide", "cases.lookup", "hooks.receive"}),
    "dispatcher": ("派遣员", PUBLIC_POWERS | {"cases.see", "cases.dispatch"}),
    "handler": ("处置员", PUBLIC_POWERS | {"cases.handle"}),
    "checker": ("核查员", PUBLIC_POWERS | {"cases.see", "cases.check"}),
    "grid_worker": (
        "网格员",
        PUBLIC_POWERS
        | {"cases.see", "cases.check", "people.see", "people.lookup", "dwellings.see"}
        | {"assets.see", "assets.inspect"},
    ),
    "registrar": (
        "社区登记员",
        PUBLIC_POWERS
        | {"people.see", "people.manage", "people.lookup", "people.reveal", "people.care"}
        | {"dwellings.see", "dwellings.manage", "assets.see", "exchange.import", "exchange.export"},
    ),
    "civil_affairs": (
        "民政管理员",
        PUBLIC_POWERS | {"people.see", "people.care", "people.categories", "exchange.export"},
    ),
    "personnel": (
        "人事管理员",
        PUBLIC_POWERS | {"staff.see", "staff.manage", "organisations.manage", "exchange.import", "exchange.export"},
    ),
    "surveyor": (
        "区划管理员",
        PUBLIC_POWERS
        | {"territory.manage", "dwellings.see", "dwellings.manage", "assets.see", "assets.manage"}
        | {"exchange.import", "exchange.export"},
    ),
    "privacy_officer": (
        "个保负责人",
        PUBLIC_POWERS
        | {"records.inventory", "records.requests", "records.retention", "records.registers"}
        | {"people.erase", "people.see"},
    ),
    "duty_officer": (
        "值班长",
        PUBLIC_POWERS | {"cases.see", "cases.decide", "cases.supervise", "cases.end", "access.break_glass"},
    ),
    "supervisor": ("督查员", PUBLIC_POWERS | {"cases.see", "cases.supervise"}),
    SYSTEM: (
        "系统管理员",
        frozenset({"access.accounts", "notices.manage", "hooks.manage", "calendars.publish", "operate_journal"})
        | {"cases.standards", "figures.manage", "exchange.import"},
    ),
    SECURITY: ("安全管理员", frozenset({"access.grants", "access.keys"})),
    AUDIT: ("审计管理员", frozenset({"access.audit", "exchange.export"})),
}
