"""Who may open a page: every view declares it, and a view that declares nothing opens to nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Rule:
    """A page opens to everybody, to whoever has signed in, or to whoever holds one of `powers` somewhere.

    What opens `by_key` asks for the key itself: other systems come without a session.

    It is the first gate only: what is shown, and where, is decided by the room's queries with the viewer's eyes.
    """

    is_public: bool = False
    powers: frozenset[str] = frozenset()
    is_by_key: bool = False


def public(view: View) -> View:
    """Open a view to everybody; `tests/house` holds the list of those."""
    return _ruled(view, Rule(is_public=True))


def signed_in(view: View) -> View:
    """Open a view to whoever has signed in: it shows people what is their own."""
    return _ruled(view, Rule())


def needs(*powers: str) -> Callable[[View], View]:
    """Open a view to whoever holds one of `powers` somewhere.

    Raises:
        ValueError: when no power is named.
    """
    if not powers:
        raise ValueError("name a power, or say signed_in")
    return lambda view: _ruled(view, Rule(powers=frozenset(powers)))


def by_key(view: View) -> View:
    """Open a view to whoever brings a key that it checks itself; sessions count for nothing there."""
    return _ruled(view, Rule(is_by_key=True))


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """Return what a view declares, or None."""
    found = getattr(view, "rule", None)
    return found if isinstance(found, Rule) else None


def _ruled(view: View, rule: Rule) -> View:
    view.rule = rule  # type: ignore[attr-defined]
    return view
