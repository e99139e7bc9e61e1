"""Template words of the house."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from liuchi.doors.ui.hats import hat_words, role_words
from liuchi.doors.ui.words import limit_words, time_left_words
from liuchi.engines.cases.explaining import Explanation, explain_deadline
from liuchi.engines.cases.models import Case, CaseClock, CaseMove, State
from liuchi.engines.cases.reasons import REASONS
from liuchi.ground.access.hats import Hat
from liuchi.ground.kernel import clock
from liuchi.ground.organisations.models import Facility, OrganisationKind

register = template.Library()
ASSETS = Path(__file__).resolve().parent.parent / "assets"


@register.filter
def time_left(due: datetime | None) -> str:
    """Return how long is left until a moment, or by how much it has passed; empty without a moment."""
    return "" if due is None else time_left_words(due)


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """Return a `<time>` with day and minute; the year is shown when it is not this one."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime(clock.now())
    same_year = local.year == today.year
    pattern = pgettext("date format", "j M, H:i") if same_year else pgettext("date format", "j M Y, H:i")
    exact = formats.date_format(local, "Y-m-d H:i:s")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, formats.date_format(local, pattern)
    )


@register.filter
def urgency(case: Case) -> str:
    """Return how the present step stands: "late", "soon", or "calm"."""
    return _urgency(case.step_warn_at, case.step_due_at)


@register.filter
def clock_urgency(running: CaseClock) -> str:
    """Return how a running clock stands: "late", "soon", or "calm"."""
    return _urgency(running.warn_at, running.due_at)


@register.filter
def explained(measured: CaseClock) -> Explanation:
    """Return what a clock's deadline follows from, part by part."""
    return explain_deadline(measured, clock.now())


@register.filter
def because(measured: CaseClock) -> str:
    """Return why a clock is due when it is."""
    return explain_deadline(measured, clock.now()).because


@register.filter
def move_reason(made: CaseMove) -> str:
    """Return the reason that a move names, in words; empty where it names none."""
    return str(REASONS.get(made.name, {}).get(made.reason_code, ""))


@register.filter
def promise_urgency(case: Case) -> str:
    """Return how the promised date stands: "late" when it has passed, else "calm"."""
    return "late" if case.due_at is not None and case.ended_at is None and case.due_at < clock.now() else "calm"


@register.filter
def state_name(state: str) -> str:
    """Return a state's name in the reader's language."""
    return str(State(state).label)


@register.filter
def role_name(code: str) -> str:
    """Return the name of a role; a role of the district's own keeps its code."""
    return role_words(code)


@register.filter
def hat_name(hat: Hat) -> str:
    """Return a hat in words."""
    return hat_words(hat)


@register.filter
def organisation_kind(kind: str) -> str:
    """Return what sort of body a kind of organisation is, in the reader's language."""
    return str(OrganisationKind(kind).label)


@register.filter
def facility_name(facility: str) -> str:
    """Return an accessible facility in the reader's language."""
    return str(Facility(facility).label)


@register.filter
def of(found: Mapping[object, object], key: object) -> object:
    """Return what a mapping holds for a key; empty where it holds nothing."""
    return found.get(key, "")


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of one of our files; it changes with the file, so that browsers may keep it."""
    return f"{static(name)}?{_fingerprint(name)}"


@register.simple_tag
def limit(value: Decimal, unit: str) -> str:
    """Return a limit in words."""
    return limit_words(value, unit)


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """Show one form field with its label, hint and error."""
    kind = type(bound.field.widget).__name__.lower()
    is_group = kind in {"radioselect", "checkboxselectmultiple"}
    return {"field": bound, "kind": kind, "is_group": is_group, "is_check": kind == "checkboxinput"}


@register.filter
def ground(size_m2: float) -> str:
    """Return how large a piece of ground is, in square metres, from a square kilometre on in those."""
    if size_m2 >= 1_000_000:
        return f"{formats.number_format(size_m2 / 1_000_000, 2, use_l10n=True)} km²"
    return f"{formats.number_format(round(size_m2), 0, use_l10n=True, force_grouping=True)} m²"


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256(Path(f"{ASSETS}/{name}").read_bytes()).hexdigest()[:8]


def _urgency(warn: datetime | None, due: datetime | None) -> str:
    now = clock.now()
    if due is not None and due < now:
        return "late"
    return "soon" if warn is not None and warn <= now else "calm"
