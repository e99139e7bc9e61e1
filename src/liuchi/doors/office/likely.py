"""Likely duplicates in words: what speaks for their being one matter."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from liuchi.doors.ui.words import span_words
from liuchi.engines.cases.duplicates.comparing import Likeness, SameClass
from liuchi.engines.cases.duplicates.queries import likely_duplicates
from liuchi.engines.cases.models import Case
from liuchi.ground.access.viewers import Viewer

#: Telephones are right to some ten metres: nothing nearer is told apart.
_NEAREST: Final = 5


@dataclass(frozen=True)
class ShownLikely:
    """A likely duplicate as the page shows it, and why it is one."""

    case: Case
    title: str
    why: str


def shown_duplicates(viewer: Viewer, case: Case) -> list[ShownLikely]:
    """Return the likely duplicates of a case with their reasons in words, the likeliest first."""
    return [
        ShownLikely(
            each.case,
            each.case.condition.case_class.name if each.case.condition else _("Not yet classified"),
            reasons(each.likeness),
        )
        for each in likely_duplicates(viewer, case)
    ]


def reasons(found: Likeness) -> str:
    """Return what speaks for one matter: how far, which class, how long between, which words."""
    parts = [_apart(found.metres)]
    if found.same_class != SameClass.UNKNOWN:
        parts.append(_("same class") if found.same_class == SameClass.SAME else _("another class"))
    parts.append(
        (_("%(span)s earlier") if found.earlier >= timedelta(0) else _("%(span)s later"))
        % {"span": span_words(found.earlier)}
    )
    if found.words:
        parts.append(_("words in common: %(words)s") % {"words": " ".join(found.words)})
    return " · ".join(parts)


def _apart(metres: float | None) -> str:
    if metres is None:
        return _("same place, without a point")
    return _("at the same spot") if metres < _NEAREST else _("%(metres)d m away") % {"metres": round(metres)}
