"""Roles and hats in words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liuchi.ground.access.hats import Hat

ROLE_NAMES: Mapping[str, Callable[[], str]] = {
    "resident": lambda: pgettext("role", "Resident"),
    "desk": lambda: pgettext("role", "Desk"),
    "dispatcher": lambda: pgettext("role", "Dispatcher"),
    "handler": lambda: pgettext("role", "Handler"),
    "checker": lambda: pgettext("role", "Checker"),
    "grid_worker": lambda: pgettext("role", "Grid worker"),
    "registrar": lambda: pgettext("role", "Registrar"),
    "personnel": lambda: pgettext("role", "Personnel officer"),
    "civil_affairs": lambda: pgettext("role", "Civil affairs"),
    "surveyor": lambda: pgettext("role", "Surveyor"),
    "privacy_officer": lambda: pgettext("role", "Privacy officer"),
    "duty_officer": lambda: pgettext("role", "Duty officer"),
    "supervisor": lambda: pgettext("role", "Supervisor"),
    "system_admin": lambda: pgettext("role", "System administrator"),
    "security_admin": lambda: pgettext("role", "Security administrator"),
    "audit_admin": lambda: pgettext("role", "Audit administrator"),
}


def role_words(code: str, stored: str = "") -> str:
    """Return the name of a role in the reader's language; a role of the district's own keeps its stored name."""
    return ROLE_NAMES[code]() if code in ROLE_NAMES else stored or code


def hat_words(hat: Hat) -> str:
    """Return a hat in words: the post, or the unit, with the roles; e.g. "Water centre · Handler"."""
    grant = hat.grants[0]
    roles = _(", ").join(role_words(code, stored) for code, stored in hat.roles)
    place = f"{grant.organisation_name} {grant.post_title}".strip() if hat.key.startswith(("post-", "unit-")) else ""
    return f"{place} · {roles}" if place else roles
