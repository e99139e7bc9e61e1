"""Reading requests, runs, periods and holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.records import protected
from liuchi.ground.records.actions.requests import ANSWER, CLAIMANT, WORDS
from liuchi.ground.records.due import periods
from liuchi.ground.records.inventory import Entry, inventory
from liuchi.ground.records.models import DataRequest, LegalHold, RetentionCount, RetentionPeriod, RetentionRun
from liuchi.ground.records.recipients import assessed, recipients

INVENTORY, REQUESTS, RETENTION = "records.inventory", "records.requests", "records.retention"
PAGE: Final = 50


@dataclass(frozen=True)
class RequestPage:
    """A page of requests, and the key after which the next begins (None at the end)."""

    rows: Sequence[DataRequest]
    next: tuple[datetime, UUID] | None


@dataclass(frozen=True)
class Said:
    """What was written in a request, opened."""

    words: str
    claimant: str
    answer: str


def inventory_for(viewer: Actor) -> list[Entry]:
    """Return the inventory of personal data with the place's periods, who gets it, and what is not weighed yet.

    Raises:
        NotAllowed: without the power records.inventory.
    """
    _require(viewer, INVENTORY)
    given, weighed = recipients(), assessed()
    return [
        replace(
            entry,
            recipients=_(", ").join(given.get(entry.name, ())),
            is_unassessed=entry.is_sensitive and entry.name not in weighed,
        )
        for entry in inventory(periods())
    ]


def open_requests(viewer: Actor, after: tuple[datetime, UUID] | None = None) -> RequestPage:
    """Return a page of the requests that are not decided yet, the most urgent first.

    Raises:
        NotAllowed: without the power records.requests.
    """
    _require(viewer, REQUESTS)
    rows = DataRequest.objects.filter(ended_at=None).order_by("due_at", "id")
    if after is not None:
        rows = rows.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], id__gt=after[1]))
    return _page(rows, "due_at")


def ended_requests(viewer: Actor, after: tuple[datetime, UUID] | None = None) -> RequestPage:
    """Return a page of the requests that were decided, the newest first.

    Raises:
        NotAllowed: without the power records.requests.
    """
    _require(viewer, REQUESTS)
    rows = DataRequest.objects.exclude(ended_at=None).order_by("-received_at", "-id")
    if after is not None:
        rows = rows.filter(Q(received_at__lt=after[0]) | Q(received_at=after[0], id__lt=after[1]))
    return _page(rows, "received_at")


def every_request(viewer: Actor) -> Iterator[DataRequest]:
    """Yield all requests, the newest first.

    Raises:
        NotAllowed: without the power records.requests.
    """
    _require(viewer, REQUESTS)
    return DataRequest.objects.order_by("-received_at", "-id").iterator(chunk_size=500)


def request_for(viewer: Actor, request_id: UUID) -> DataRequest:
    """Return a request that is the viewer's to work on, or their own.

    Raises:
        NotFound: there is none.
    """
    found = DataRequest.objects.filter(id=request_id).first()
    if found is None or not (viewer.allows(REQUESTS) or _person_of(viewer) == found.person_id):
        raise NotFound(_("There is no such request."))
    return found


def own_requests(viewer: Actor) -> QuerySet[DataRequest]:
    """Return the requests about the viewer's own data, the newest first."""
    person_id = _person_of(viewer)
    rows = DataRequest.objects.order_by("-received_at", "-id")
    return rows.filter(person_id=person_id) if person_id is not None else rows.none()


def said_in(request: DataRequest) -> Said:
    """Return what was written in a request that somebody may see."""
    return Said(
        words=protected.unseal(request.words_sealed, WORDS, request.id),
        claimant=protected.unseal(request.claimant_sealed, CLAIMANT, request.id),
        answer=protected.unseal(request.answer_sealed, ANSWER, request.id),
    )


def retention_runs(viewer: Actor, most: int = 30) -> list[RetentionRun]:
    """Return the newest runs with their counts.

    Raises:
        NotAllowed: without the power records.retention.
    """
    _require(viewer, RETENTION)
    counts = Prefetch("counts", RetentionCount.objects.order_by("type_name"))
    return list(RetentionRun.objects.order_by("-started_at", "-id").prefetch_related(counts, "followers")[:most])


def run_for(viewer: Actor, run_id: UUID) -> RetentionRun:
    """Return a run.

    Raises:
        NotAllowed: without the power records.retention.
        NotFound: there is none.
    """
    _require(viewer, RETENTION)
    found = RetentionRun.objects.select_related("follows").filter(id=run_id).first()
    if found is None:
        raise NotFound(_("There is no such run."))
    return found


def counts_of(viewer: Actor, run: RetentionRun) -> list[RetentionCount]:
    """Return what a run found, type by type.

    Raises:
        NotAllowed: without the power records.retention.
    """
    _require(viewer, RETENTION)
    return list(RetentionCount.objects.filter(run=run).order_by("type_name"))


def holds_in_force(viewer: Actor) -> list[LegalHold]:
    """Return what is held back at present, the newest first.

    Raises:
        NotAllowed: without the power records.retention.
    """
    _require(viewer, RETENTION)
    return list(LegalHold.objects.filter(lifted_at=None).order_by("-placed_at", "-id"))


def periods_set(viewer: Actor) -> dict[str, RetentionPeriod]:
    """Return the periods that the place has set, by record type.

    Raises:
        NotAllowed: without the power records.retention.
    """
    _require(viewer, RETENTION)
    newest: dict[str, RetentionPeriod] = {}
    for period in RetentionPeriod.objects.order_by("type_name", "-decided_at", "-id"):
        newest.setdefault(period.type_name, period)
    return newest


def _page(rows: QuerySet[DataRequest], key: str) -> RequestPage:
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return RequestPage(shown, (getattr(shown[-1], key), shown[-1].id) if len(found) > PAGE else None)


def _person_of(viewer: Actor) -> UUID | None:
    """Return whose account this is; only the viewer of an upper room knows."""
    found = getattr(viewer, "person_id", None)
    return found if isinstance(found, UUID) else None


def _require(viewer: Actor, power: str) -> None:
    if not viewer.allows(power):
        raise NotAllowed(_("This is for the officer for personal information."))
