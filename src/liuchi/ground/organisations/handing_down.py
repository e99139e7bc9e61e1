"""What goes along when an organisation ends: posts, venues, served areas and the bodies that stand below it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.organisations.changing import ChangeRefused, past_state, require_day, require_name, require_parents
from liuchi.ground.organisations.models import Change, Organisation, Post, ServedArea, Venue
from liuchi.ground.organisations.models.organisation import PARENTS

_A_DAY = timedelta(days=1)
_COLUMNS = tuple(f"{parent}_id" for parent in PARENTS)


@dataclass(frozen=True)
class Successor:
    """A body that comes into being by a merger or a split; it stands in its predecessor's area and chains."""

    name: str
    short_name: str = ""
    code: str = ""


def successor_of(origin: Organisation, new: Successor, on: date) -> Organisation:
    """Return, unsaved, a body that begins on a day in the place of `origin`: in its area, under its parents.

    Raises:
        ChangeRefused: no name, or a code in use.
    """
    name, short_name = require_name(new.name, new.short_name)
    made = Organisation(
        kind=origin.kind,
        name=name,
        short_name=short_name,
        area_id=origin.area_id,
        seat_id=origin.seat_id,
        calendar_id=origin.calendar_id,
        valid_from=on,
        **{column: getattr(origin, column) for column in _COLUMNS},
    )
    made.code = new.code.strip() or f"{origin.kind}-{made.id.hex[-12:]}"
    if Organisation.objects.filter(code=made.code, valid_to=None).exists():
        raise ChangeRefused(_("This code is in use."), field="code")
    return made


def below_of(body: Organisation) -> list[Organisation]:
    """Return the bodies in force that stand below one in any chain, locked, in the order of their ids."""
    rows = Organisation.objects.select_for_update(of=("self",)).filter(
        Q(statistical_parent=body) | Q(management_parent=body) | Q(party_parent=body), valid_to=None
    )
    return list(rows.order_by("id"))


def end_body(body: Organisation, on: date, document: str) -> None:
    """Let an organisation end on a day, by a document.

    Raises:
        ChangeRefused: it began that day.
    """
    if on <= body.valid_from:
        raise ChangeRefused(_("It ends after the day on which it began."), field="on")
    body.valid_to, body.ended_by = on, document.strip()
    body.save(update_fields=["valid_to", "ended_by"])


def end_what_it_had(body: Organisation, on: date) -> None:
    """End the posts, venues and served areas of an organisation that nobody follows."""
    for post in _posts(body):
        _close(post, on, None)
    for venue in Venue.objects.select_for_update(of=("self",)).filter(organisation=body, valid_to=None):
        venue.valid_to = max(on, venue.valid_from + _A_DAY)
        venue.save(update_fields=["valid_to"])
    _end_serving(body, on)


def lift_out(heir: Organisation, ending: Iterable[Organisation], on: date, document: str, *, is_new: bool) -> None:
    """Let the heir stand above what it takes over, not below it: parents that end are replaced by theirs.

    A new heir is saved by this; an existing one keeps how it stood.
    """
    gone = {body.id: body for body in ending}
    wanted = {}
    for column in _COLUMNS:
        parent = getattr(heir, column)
        while parent in gone:
            parent = getattr(gone[parent], column)
        wanted[column] = None if parent == heir.id else parent
    changed = [column for column in _COLUMNS if getattr(heir, column) != wanted[column]]
    if changed and not is_new:
        require_day(heir, on)
        past_state(heir, Change.MOVED, on, document).save(force_insert=True)
    for column in changed:
        setattr(heir, column, wanted[column])
    if is_new:
        heir.save(force_insert=True)
    elif changed:
        heir.save(update_fields=[*(column.removesuffix("_id") for column in changed), "stands_since"])


def hand_down(body: Organisation, heir: Organisation, on: date, document: str) -> None:
    """Let posts, venues, served areas and the bodies below go on in the heir.

    Raises:
        ChangeRefused: a body below changed later, or would stand above the heir; both have a venue of one name.
    """
    for child in below_of(body):
        require_day(child, on)
        past_state(child, Change.MOVED, on, document).save(force_insert=True)
        for column in _COLUMNS:
            if getattr(child, column) == body.id:
                setattr(child, column, heir.id)
        require_parents(child)
        child.save(update_fields=[*PARENTS, "stands_since"])
    _hand_posts(body, heir, on)
    _hand_venues(body, heir)
    served = set(ServedArea.objects.filter(organisation=heir, valid_to=None).values_list("area_id", flat=True))
    handed = _end_serving(body, on)
    ServedArea.objects.bulk_create(
        ServedArea(organisation=heir, area_id=area, valid_from=on) for area in handed if area not in served
    )


def _hand_posts(body: Organisation, heir: Organisation, on: date) -> None:
    present = {(post.title, post.area_id): post for post in _posts(heir)}
    for post in _posts(body):
        following = present.get((post.title, post.area_id))
        if following is None:
            following = Post(
                organisation=heir,
                title=post.title,
                area_id=post.area_id,
                duties=post.duties,
                seats=post.seats,
                is_head=post.is_head,
                valid_from=on,
            )
            following.save(force_insert=True)
            present[post.title, post.area_id] = following
        else:
            following.seats += post.seats
            following.save(update_fields=["seats"])
        _close(post, on, following)


def _hand_venues(body: Organisation, heir: Organisation) -> None:
    names = set(Venue.objects.filter(organisation=heir, valid_to=None).values_list("name", flat=True))
    venues = list(Venue.objects.select_for_update(of=("self",)).filter(organisation=body, valid_to=None))
    for venue in venues:
        if venue.name in names:
            raise ChangeRefused(_("Both have a venue “%(name)s”. Rename one of them first.") % {"name": venue.name})
        venue.organisation = heir
        venue.save(update_fields=["organisation"])


def _posts(body: Organisation) -> list[Post]:
    return list(Post.objects.select_for_update(of=("self",)).filter(organisation=body, valid_to=None).order_by("id"))


def _close(post: Post, on: date, following: Post | None) -> None:
    post.valid_to = on if post.valid_from is None else max(on, post.valid_from)
    post.succeeded_by = following
    post.save(update_fields=["valid_to", "succeeded_by"])


def _end_serving(body: Organisation, on: date) -> list[UUID]:
    """End the areas that a body serves and return their ids; what began that day or later never counted and goes."""
    rows = list(ServedArea.objects.select_for_update(of=("self",)).filter(organisation=body, valid_to=None))
    ServedArea.objects.filter(id__in=[row.id for row in rows if row.valid_from < on]).update(valid_to=on)
    ServedArea.objects.filter(id__in=[row.id for row in rows if row.valid_from >= on]).delete()
    return [row.area_id for row in rows]
