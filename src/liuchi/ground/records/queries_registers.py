"""Reading the registers of sharing, breaches and impact assessments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.records.entries import POWER
from liuchi.ground.records.models import Assessment, Breach, Sharing

PAGE: Final = 50


@dataclass(frozen=True)
class RegisterPage:
    """A page of a register, newest entry first, and the id after which the next begins (None at the end)."""

    rows: Sequence[Any]
    next: UUID | None


def sharings(viewer: Actor, *, is_ended: bool = False, after: UUID | None = None) -> RegisterPage:
    """Return a page of who gets personal data, or got it once.

    Raises:
        NotAllowed: without the power records.registers.
    """
    _require(viewer)
    return _page(Sharing.objects.filter(ended_on__isnull=not is_ended), after)


def breaches(viewer: Actor, *, is_ended: bool = False, after: UUID | None = None) -> RegisterPage:
    """Return a page of the breaches being worked on, or of those closed.

    Raises:
        NotAllowed: without the power records.registers.
    """
    _require(viewer)
    return _page(Breach.objects.filter(ended_at__isnull=not is_ended).prefetch_related("tellings"), after)


def assessments(viewer: Actor, *, is_ended: bool = False, after: UUID | None = None) -> RegisterPage:
    """Return a page of the impact assessments that count, or of earlier ones.

    Raises:
        NotAllowed: without the power records.registers.
    """
    _require(viewer)
    return _page(Assessment.objects.filter(ended_on__isnull=not is_ended), after)


def every_entry(viewer: Actor, model: type[Any]) -> Iterator[Any]:
    """Yield the whole of a register (`Sharing`, `Breach` or `Assessment`), newest entry first.

    Raises:
        NotAllowed: without the power records.registers.
    """
    _require(viewer)
    rows: QuerySet[Any] = model.objects.order_by("-id")
    return (rows.prefetch_related("tellings") if model is Breach else rows).iterator(chunk_size=500)


def entry_for(viewer: Actor, model: type[Any], row_id: UUID) -> Any:
    """Return an entry of a register.

    Raises:
        NotAllowed: without the power records.registers.
        NotFound: there is none.
    """
    _require(viewer)
    found = model.objects.filter(id=row_id).first()
    if found is None:
        raise NotFound(_("There is no such entry, or it has ended."))
    return found


def _page(rows: QuerySet[Any], after: UUID | None) -> RegisterPage:
    rows = rows.order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return RegisterPage(shown, shown[-1].id if len(found) > PAGE else None)


def _require(viewer: Actor) -> None:
    if not viewer.allows(POWER):
        raise NotAllowed(_("This is for the officer for personal information."))
