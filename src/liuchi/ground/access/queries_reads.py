"""The read log: who looked at whose protected data, when and what for. It is read from the journal itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.access.models import Account, BreakGlass
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.kinds import read_kinds
from liuchi.ground.journal.models import SAYS_WHAT_FOR, Line
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.queries import ids_of
from liuchi.ground.territory.queries import territory

POWER = "access.audit"
PAGE = 50


@dataclass(frozen=True)
class ReadFilters:
    """What the read log is narrowed to; `until` is the first moment left out, `after` the `seq` of the last row."""

    person_id: UUID | None = None
    username: str = ""
    purpose: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: int | None = None


@dataclass(frozen=True)
class ReadRow:
    """One read: who (an account's user name, or a part of the house), what, whose, what for, by which area.

    `field` is the value looked at or looked for, or the list taken away; then `rows` says how many it held.
    """

    seq: int
    at: datetime
    kind: str
    username: str
    field: str
    purpose: str
    person_id: UUID | None
    subject_type: str
    subject_id: UUID
    place_id: UUID | None
    on_behalf_of: UUID | None
    is_found: bool
    rows: int
    is_under_glass: bool


@dataclass(frozen=True)
class ReadPage:
    """A page of the log, newest first, and the `after` of the next page (None at the end)."""

    rows: Sequence[ReadRow]
    next: int | None


def read_log(viewer: Viewer, filters: ReadFilters) -> ReadPage:
    """Return a page of the reads in the areas that `viewer` audits, newest first; three queries.

    Reads bound to no area (exports, look-ups that found nobody) are shown to whoever audits the whole district.

    Raises:
        NotAllowed: without the power access.audit.
    """
    lines = list(_lines(viewer, filters)[: PAGE + 1])
    names = dict(
        Account.objects.filter(id__in={line.actor_id for line in lines if line.actor_id is not None})
        .order_by("username")
        .values_list("id", "username")
    )
    behind = {line.on_behalf_of for line in lines if line.on_behalf_of is not None}
    glass = set(BreakGlass.objects.filter(id__in=behind).values_list("id", flat=True)) if behind else set()
    rows = [_row(line, names, glass) for line in lines[:PAGE]]
    return ReadPage(rows, rows[-1].seq if len(lines) > PAGE else None)


def every_read(viewer: Viewer, filters: ReadFilters) -> Iterator[ReadRow]:
    """Yield all reads as `read_log` pages them; begun before the line of this very export, so that it ends.

    Raises:
        NotAllowed: without the power access.audit.
    """
    while True:
        page = read_log(viewer, filters)
        yield from page.rows
        if page.next is None:
            return
        filters = replace(filters, after=page.next)


def _lines(viewer: Viewer, filters: ReadFilters) -> QuerySet[Line]:
    if not viewer.allows(POWER):
        raise NotAllowed(_("The read log is for audit administrators."))
    kinds = read_kinds() & {filters.kind} if filters.kind else read_kinds()
    wanted = SAYS_WHAT_FOR & ~Q(data__purpose=None) & Q(kind__in=sorted(kinds))
    if not viewer.allows(POWER, territory().root().id):
        wanted &= is_one_of("place_id", viewer.areas(POWER))
    if filters.person_id is not None:
        wanted &= Q(data__person__in=[str(each) for each in ids_of(filters.person_id)])
    if filters.username:
        wanted &= Q(actor_id__in=list(Account.objects.filter(username=filters.username).values_list("id", flat=True)))
    if filters.purpose:
        wanted &= Q(data__purpose=filters.purpose)
    if filters.since is not None:
        wanted &= Q(recorded_at__gte=filters.since)
    if filters.until is not None:
        wanted &= Q(recorded_at__lt=filters.until)
    if filters.after is not None:
        wanted &= Q(seq__lt=filters.after)
    return Line.objects.filter(wanted).order_by("-seq")


def _row(line: Line, names: dict[UUID, str], glass: set[UUID]) -> ReadRow:
    person = line.data.get("person")
    return ReadRow(
        seq=line.seq,
        at=line.recorded_at,
        kind=line.kind,
        username=names.get(line.actor_id, "") if line.actor_id is not None else line.actor_name,
        field=line.data.get("field") or line.data.get("listing", ""),
        purpose=line.data["purpose"],
        person_id=UUID(person) if person else None,
        subject_type=line.subject_type,
        subject_id=line.subject_id,
        place_id=line.place_id,
        on_behalf_of=line.on_behalf_of,
        is_found=line.data.get("is_found", True),
        rows=line.data.get("rows", 1),
        is_under_glass=line.on_behalf_of in glass,
    )
