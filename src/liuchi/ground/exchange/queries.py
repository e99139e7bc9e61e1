"""Reading imports and exports, with the viewer's eyes: an import belongs to whoever made it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan  # type: ignore[import-untyped]
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.exchange.access import require_own
from liuchi.ground.exchange.models import ExportRecord, Import
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed

PAGE = 50
AUDIT = "access.audit"


@dataclass(frozen=True)
class Key:
    """After which row a page goes on."""

    at: datetime
    id: UUID


@dataclass(frozen=True)
class ImportPage:
    """A page of imports, newest first, and where the next begins."""

    rows: list[Import]
    next: Key | None


@dataclass(frozen=True)
class ExportPage:
    """A page of exports, newest first, and where the next begins."""

    rows: list[ExportRecord]
    next: Key | None


@dataclass(frozen=True)
class ImportFilters:
    """What a list of imports is narrowed to."""

    register: str = ""
    state: str = ""


@dataclass(frozen=True)
class ExportFilters:
    """What the list of exports is narrowed to: the number of a watermark, a list, an account, days (China's)."""

    number: str = ""
    listing: str = ""
    actor_id: UUID | None = None
    since: date | None = None
    until: date | None = None


ALL_IMPORTS, ALL_EXPORTS = ImportFilters(), ExportFilters()


def imports_of(by: Actor) -> QuerySet[Import]:
    """Return the imports that an actor made, newest first; the house itself sees all."""
    rows = Import.objects.order_by("-received_at", "-id")
    return rows if by.kind == "system" else rows.filter(actor_id=by.id, actor_kind=by.kind)


def import_page(by: Actor, after: Key | None = None, filters: ImportFilters = ALL_IMPORTS) -> ImportPage:
    """Return a page of the imports that an actor made."""
    rows = _imports(by, filters)
    if after is not None:
        rows = rows.filter(TupleLessThan(Tuple("received_at", "id"), (after.at, after.id)))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return ImportPage(found[:PAGE], Key(last.received_at, last.id) if last else None)


def every_import(by: Actor, filters: ImportFilters = ALL_IMPORTS) -> Iterator[Import]:
    """Yield the imports that an actor made, newest first."""
    yield from _imports(by, filters).iterator(chunk_size=500)


def _imports(by: Actor, filters: ImportFilters) -> QuerySet[Import]:
    rows = imports_of(by)
    wanted = {"register": filters.register, "state": filters.state}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def find_import(by: Actor, number: str) -> Import:
    """Return an import of the actor by its number.

    Raises:
        NotFound: there is none, or somebody else made it.
    """
    return require_own(by, Import.objects.filter(number=number.strip().upper()).first())


def import_for(by: Actor, import_id: UUID) -> Import:
    """Return an import of the actor.

    Raises:
        NotFound: there is none, or somebody else made it.
    """
    return require_own(by, Import.objects.filter(id=import_id).first())


def export_page(by: Actor, after: Key | None = None, filters: ExportFilters = ALL_EXPORTS) -> ExportPage:
    """Return a page of the exports that were made, newest first.

    Raises:
        NotAllowed: the actor lacks the power access.audit.
    """
    rows = _exports(by, filters)
    if after is not None:
        rows = rows.filter(TupleLessThan(Tuple("made_at", "id"), (after.at, after.id)))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return ExportPage(found[:PAGE], Key(last.made_at, last.id) if last else None)


def every_export(by: Actor, filters: ExportFilters = ALL_EXPORTS) -> Iterator[ExportRecord]:
    """Yield the exports that were made, newest first.

    Raises:
        NotAllowed: the actor lacks the power access.audit.
    """
    yield from _exports(by, filters).iterator(chunk_size=500)


def _exports(by: Actor, filters: ExportFilters) -> QuerySet[ExportRecord]:
    if not by.allows(AUDIT):
        raise NotAllowed(_("The list of exports is for audit administrators."))
    wanted = {
        "number__iexact": filters.number,
        "listing": filters.listing,
        "actor_id": filters.actor_id,
        "made_at__gte": _beginning(filters.since) if filters.since else None,
        "made_at__lt": _beginning(filters.until + timedelta(days=1)) if filters.until else None,
    }
    rows = ExportRecord.objects.order_by("-made_at", "-id")
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
