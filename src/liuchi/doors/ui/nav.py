"""The sections of the desk doors: one list, each shown to whoever holds a power for it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.viewers import Viewer

WORK_POWERS = (
    "cases.see",
    "cases.accept",
    "cases.dispatch",
    "cases.handle",
    "cases.check",
    "cases.decide",
    "cases.end",
)

#: Who meets reminders, orders and cards: those who give them, those who get them, and the desk between.
SUPERVISION_READERS = ("cases.supervise", "cases.accept", "cases.dispatch", "cases.handle")

#: Whoever works at a desk may read about organisations: all of it is public.
ORGANISATION_READERS = (*WORK_POWERS, "organisations.manage", "staff.see", "people.see", "territory.manage")


@dataclass(frozen=True)
class Section:
    """A place at the desk: its name, the URL name of its first page, the powers of which any opens it.

    Every page whose address begins with that of the first page belongs to the section.
    """

    label: Promise
    page: str
    powers: tuple[str, ...]


@dataclass(frozen=True)
class Tab:
    """A section as one reader sees it."""

    label: Promise
    page: str
    is_here: bool


SECTIONS: tuple[Section, ...] = (
    Section(_("Cases"), "work-list", WORK_POWERS),
    Section(_("Supervision"), "supervisions", SUPERVISION_READERS),
    Section(_("Call-backs"), "call-backs", ("cases.accept",)),
    Section(_("Share of call-backs"), "call-back-rules", ("cases.standards",)),
    Section(_("Dwellings"), "estates", ("dwellings.see",)),
    Section(_("Public assets"), "assets", ("assets.see",)),
    Section(_("Areas"), "territory", ("territory.manage",)),
    Section(_("People"), "people", ("people.see",)),
    Section(_("Personal information"), "privacy-inventory", ("records.inventory",)),
    Section(
        _("Access"),
        "access",
        ("access.accounts", "access.grants", "access.keys", "access.audit", "access.break_glass"),
    ),
    Section(_("Messages"), "messages", ("notices.manage",)),
    Section(_("Webhooks"), "hooks", ("hooks.manage",)),
    Section(_("Other cities"), "forwarded", ("hooks.manage",)),
    Section(_("Organisations"), "organisations", ORGANISATION_READERS),
    Section(_("Staff"), "staff", ("staff.see",)),
    Section(_("Files in and out"), "imports", ("exchange.import", "access.audit")),
)


def landing_page(viewer: Viewer) -> str:
    """Return the URL name of the page where somebody's work begins: their first section, else the first page."""
    return next((each.page for each in SECTIONS if any(viewer.allows(power) for power in each.powers)), "home")


def tabs_for(viewer: Viewer | None, path: str) -> list[Tab]:
    """Return the sections open to a viewer, in order; the one whose address leads furthest towards `path` is here."""
    if viewer is None:
        return []
    open_to = [each for each in SECTIONS if any(viewer.allows(power) for power in each.powers)]
    addresses = {each.page: reverse(each.page) for each in open_to}
    here = max((each for each in addresses.values() if path.startswith(each)), key=len, default="")
    return [Tab(each.label, each.page, addresses[each.page] == here) for each in open_to]
