"""Reading messages: one's own inbox, and, for whoever looks after messages, what was sent and what was given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.notices.addresses import mask_address, open_address
from liuchi.ground.notices.models import Delivery, DeliveryState, Notice, Preferences, Robot
from liuchi.ground.notices.templates import LANGUAGES, Topic, say, topics
from liuchi.ground.notices.wishes import own_wishes
from liuchi.ground.people.queries import same_person
from liuchi.ground.records.protected import unseal

PAGE: Final = 20
LOG_PAGE: Final = 50
#: The badge counts no further.
MOST_COUNTED: Final = 99
POWER: Final = "notices.manage"
#: The field under which words for one reader are sealed.
WORDS: Final = "notices.words"

#: Where a page of an inbox ended: whether what came last was seen, and its id.
Key = tuple[bool, UUID]


@dataclass(frozen=True)
class Filters:
    """What an inbox is narrowed to: only what is new, one topic; and after which entry the page begins."""

    is_new: bool = False
    topic: str = ""
    after: Key | None = None


@dataclass(frozen=True)
class Entry:
    """A notice in the reader's words; `words` are for this reader only."""

    id: UUID
    title: str
    text: str
    words: str
    topic: str
    is_urgent: bool
    is_seen: bool
    has_link: bool
    created_at: datetime


@dataclass(frozen=True)
class Page:
    """One page of an inbox, and the key after which the next begins (None on the last)."""

    entries: Sequence[Entry]
    next_key: Key | None


@dataclass(frozen=True)
class Log:
    """One page of what was sent, newest first, and the id after which the next begins."""

    deliveries: Sequence[Delivery]
    next_key: UUID | None


def inbox(viewer: Viewer, filters: Filters) -> Page:
    """Return a page of the viewer's own inbox: what is new first, then newest first."""
    rows = Notice.objects.filter(same_person("person", viewer.person_id))
    if filters.is_new:
        rows = rows.filter(is_seen=False)
    if filters.topic:
        rows = rows.filter(topic=filters.topic)
    if filters.after is not None:
        seen, last = filters.after
        older = Q(is_seen=seen, id__lt=last)
        rows = rows.filter(older if seen else older | Q(is_seen=True))
    found = list(rows.order_by("is_seen", "-id")[: PAGE + 1])
    page = found[:PAGE]
    return Page(_entries(page), (page[-1].is_seen, page[-1].id) if len(found) > PAGE else None)


def unseen_count(viewer: Viewer) -> int:
    """Return how many notices the viewer has not looked at, at most `MOST_COUNTED` + 1 (one small query)."""
    return Notice.objects.filter(same_person("person", viewer.person_id), is_seen=False)[: MOST_COUNTED + 1].count()


def topics_for(viewer: Viewer) -> list[Topic]:
    """Return the topics that concern the viewer."""
    return [each for each in topics().values() if not each.powers or any(viewer.allows(power) for power in each.powers)]


def preferences_of(viewer: Viewer) -> Preferences:
    """Return the viewer's own wishes; the house's where nothing was chosen (then not stored)."""
    return own_wishes(viewer.person_id) or Preferences(person_id=viewer.person_id, language=_language())


def own_address(viewer: Viewer, preferences: Preferences) -> str:
    """Return the viewer's own e-mail address, empty where none was given."""
    del viewer  # whose wishes these are was asked when they were read
    return open_address(preferences.email_sealed, preferences.person_id)


def masked_address(viewer: Viewer, preferences: Preferences) -> str:
    """Return the viewer's own e-mail address as z***@example.cn."""
    return mask_address(own_address(viewer, preferences))


def robots_for(viewer: Viewer) -> list[Robot]:
    """Return the robots in use that the viewer looks after."""
    places = is_one_of("organisation__area_id", viewer.areas(POWER))
    return list(
        Robot.objects.filter(places, is_active=True)
        .select_related("organisation")
        .order_by("organisation__code", "name", "id")
    )


def dead_deliveries(viewer: Viewer, after: UUID | None = None) -> Log:
    """Return what was given up, newest first.

    Raises:
        NotAllowed: without the power to look after messages.
    """
    return _log(viewer, Q(state=DeliveryState.DEAD), after)


def deliveries(viewer: Viewer, *, way: str = "", state: str = "", after: UUID | None = None) -> Log:
    """Return what was sent or waits, newest first: ways, states and moments, no recipient's name and no text.

    Raises:
        NotAllowed: without the power to look after messages.
    """
    narrowed = Q(**{name: value for name, value in (("way", way), ("state", state)) if value})
    return _log(viewer, narrowed, after)


def _log(viewer: Viewer, narrowed: Q, after: UUID | None) -> Log:
    if not viewer.allows(POWER):
        raise NotAllowed(_("Looking after messages is for whoever holds the power for it."))
    rows = Delivery.objects.filter(narrowed).select_related("robot__organisation").order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows[: LOG_PAGE + 1])
    page = found[:LOG_PAGE]
    return Log(page, page[-1].id if len(found) > LOG_PAGE else None)


def _entries(notices: Sequence[Notice]) -> list[Entry]:
    said = say([(each.template, each.parameters) for each in notices], _language())
    return [
        Entry(
            id=notice.id,
            title=words.title if words else _("A message of an earlier version"),
            text=words.long if words else "",
            words=unseal(notice.words_sealed, WORDS, notice.id),
            topic=notice.topic,
            is_urgent=notice.urgency == "urgent",
            is_seen=notice.is_seen,
            has_link=bool(notice.link),
            created_at=notice.created_at,
        )
        for notice, words in zip(notices, said, strict=True)
    ]


def _language() -> str:
    language = get_language() or ""
    return language if language in LANGUAGES else LANGUAGES[0]
