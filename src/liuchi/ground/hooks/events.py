"""What may be subscribed to. Upper rooms declare it (`config/wiring.EVENTS`); this room knows no case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.viewers import Viewer

#: Told when somebody asks whether a receiver works.
TEST: Final = "webhook.test"


@dataclass(frozen=True)
class Subject:
    """What something happened to: the number people know it by, and the address under which the API shows it."""

    number: str
    path: str


@dataclass(frozen=True)
class Events:
    """Events of one noun: the journal kinds they follow from, with their labels, and who may know of the subject.

    The kinds' names are what receivers see as `type`. `find` returns the subject with the viewer's eyes as they are
    now, None where it is not for them to know.
    """

    noun: str
    kinds: Mapping[str, str | Promise]
    find: Callable[[Viewer, UUID], Subject | None]


@cache
def _sources(place: str) -> Sequence[Events]:
    found: Sequence[Events] = import_string(place)
    return found


def labels() -> Mapping[str, str | Promise]:
    """Return every event that may be subscribed to, with its label, in the order of declaration."""
    return {name: label for each in _sources(settings.LIUCHI_EVENTS) for name, label in each.kinds.items()}


def label_of(event: str) -> str:
    """Return what an event is called; one that is no longer told is called by its name."""
    return str(_("Test") if event == TEST else labels().get(event, event))


def subject_for(viewer: Viewer, event: str, subject_id: UUID) -> Subject | None:
    """Return what an event happened to if `viewer` may know of it now."""
    for each in _sources(settings.LIUCHI_EVENTS):
        if event in each.kinds:
            return each.find(viewer, subject_id)
    return None
