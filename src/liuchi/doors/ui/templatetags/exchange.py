"""Template words for imports and exports."""

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.purposes import purpose_words as words_of
from liuchi.ground.exchange.registers import Outcome, Register

register = template.Library()
_OUTCOMES = {
    Outcome.CREATED: _("new"),
    Outcome.CHANGED: _("changed"),
    Outcome.UNCHANGED: _("as they were"),
    Outcome.REFUSED: _("not brought in"),
}


@register.filter
def purpose_words(code: str) -> str | Promise:
    """Return what an export was for, in words."""
    return words_of(code)


@register.filter
def outcome_name(outcome: Outcome) -> Promise:
    """Return what becomes of a row, in words."""
    return _OUTCOMES[outcome]


@register.filter
def at(values: Mapping[str, str], key: str) -> str:
    """Return what stands in a column of a row."""
    return values.get(key, "")


@register.filter
def column_label(key: str, of: Register) -> str:
    """Return the heading of a register's column."""
    return str(of.column(key).label)
