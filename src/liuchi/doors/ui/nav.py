"""The sections of the desk doors: one list, each shown to whoever holds a power for it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.viewers import Viewer

WORK_POWERS = ("cases.see", "cases.accept", "cases.dispatch", "cases.handle", "cases.check")


@dataclass(frozen=True)
class Section:
    """A place at the desk: its name, the URL name of its first page, the powers of which any opens it."""

    label: Promise
    page: str
    powers: tuple[str, ...]


SECTIONS: tuple[Section, ...] = (Section(_("Cases"), "work-list", WORK_POWERS),)


def sections_of(viewer: Viewer | None) -> list[Section]:
    """Return the sections open to a viewer, in order."""
    if viewer is None:
        return []
    return [each for each in SECTIONS if any(viewer.allows(power) for power in each.powers)]
