"""The pages of this section, each shown to whoever may open it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.viewers import Viewer

ACCOUNTS, GRANTS, KEYS, AUDIT, GLASS = (
    "access.accounts",
    "access.grants",
    "access.keys",
    "access.audit",
    "access.break_glass",
)
LOOK = (ACCOUNTS, GRANTS, AUDIT)


@dataclass(frozen=True)
class AccessPage:
    """A page of the section: its name, its URL name, the powers of which any opens it."""

    label: Promise
    page: str
    powers: tuple[str, ...]


PAGES = (
    AccessPage(_("Accounts"), "access-accounts", LOOK),
    AccessPage(_("Grants"), "access-grants", (GRANTS, AUDIT)),
    AccessPage(_("Roles"), "access-roles", LOOK),
    AccessPage(_("Keys of other systems"), "access-keys", (KEYS, AUDIT)),
    AccessPage(_("Read log"), "access-reads", (AUDIT,)),
    AccessPage(_("Reviews of emergencies"), "access-glass-reviews", (AUDIT,)),
    AccessPage(_("Emergency access"), "access-glass", (GLASS,)),
    AccessPage(_("Explain access"), "access-explain", LOOK),
)


def pages_for(viewer: Viewer) -> list[AccessPage]:
    """Return the pages open to a viewer, in order."""
    return [each for each in PAGES if any(viewer.allows(power) for power in each.powers)]
