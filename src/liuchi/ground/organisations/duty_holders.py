"""Who has to act in a matter at a place: what dispatch reads from the powers and duties lists in force on the day."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from liuchi.ground.organisations.changing import today
from liuchi.ground.organisations.models import Duty, DutyRole, Organisation, OrganisationKind, Succession
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import in_force, territory

Read = TypeVar("Read")
_held: ContextVar[dict[object, Any] | None] = ContextVar("held_duties", default=None)
_OFFICE_OF = {
    "town": (AreaKind.TOWN, OrganisationKind.TOWN),
    "community": (AreaKind.COMMUNITY, OrganisationKind.COMMUNITY),
}


@dataclass(frozen=True)
class DutyHolder:
    """An organisation that leads or assists in a matter at a place, and the document that says so in which item."""

    organisation: Organisation
    role: str
    document: str
    note: str
    number: int


@dataclass(frozen=True)
class TakenBack:
    """The department above has taken a matter back from streets and communities: which one, how, by which document."""

    unit: str
    document: str
    method: str


@dataclass(frozen=True)
class DutiesAt:
    """Who has to act in a matter at a place, leads first, and who above has taken it back from those below."""

    holders: list[DutyHolder]
    taken_back: list[TakenBack]


def duties_at(matter: str, place_id: UUID, on: date | None = None) -> DutiesAt:
    """Return who leads and who assists in `matter` at a place, by the lists in force on a day (today).

    What a department above has taken back (上级部门收回) is no longer the duty of the place's offices, whatever a list
    of the same day or an earlier one says; the department leads when it is one of ours. Bodies that were merged or
    split are followed to their successors. Two queries; one more where a body of the list has ended.
    """
    day = on or today()
    sides = _sides(matter, day)
    taken = max((each.item.duty_list.valid_from for each in sides if each.role == DutyRole.TAKEN_BACK), default=None)
    left = [
        each
        for each in sides
        if not each.unit and (taken is None or not each.by_place or each.item.duty_list.valid_from > taken)
    ]
    offices = _offices(place_id, day) if any(each.by_place for each in left) else {}
    following = _following([each.organisation for each in left if each.organisation is not None], day)
    found: dict[UUID, DutyHolder] = {}
    for side in sorted(left, key=lambda each: each.role == DutyRole.ASSIST):
        for body in following.get(side.organisation_id, ()) if side.organisation_id else offices.get(side.by_place, ()):
            found.setdefault(body.id, _holder(body, side))
    holders = sorted(found.values(), key=lambda each: (each.role != DutyRole.LEAD, each.organisation.code))
    return DutiesAt(holders, _taken(sides))


def duty_holders(matter: str, place_id: UUID, on: date | None = None) -> list[DutyHolder]:
    """Return who leads and who assists in `matter` at a place, leads first; see `duties_at`."""
    return duties_at(matter, place_id, on).holders


def taken_back(matter: str, on: date | None = None) -> list[TakenBack]:
    """Return by whom a matter was taken back from streets and communities, newest document first; mostly empty."""
    return _taken(_sides(matter, on or today()))


def _taken(sides: Iterable[Duty]) -> list[TakenBack]:
    back = [each for each in sides if each.role == DutyRole.TAKEN_BACK]
    back.sort(key=lambda each: each.item.duty_list.valid_from, reverse=True)
    return [
        TakenBack(
            each.organisation.name if each.organisation else each.unit, str(each.item.duty_list), each.item.method
        )
        for each in back
    ]


@contextmanager
def duties_held() -> Iterator[None]:
    """Let lists of duties and the offices of places be read once within the block, for loads that ask of many."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def _once(asked: tuple[object, ...], read: Callable[[], Read]) -> Read:
    held = _held.get()
    if held is None:
        return read()
    if asked not in held:
        held[asked] = read()
    found: Read = held[asked]
    return found


def _sides(matter: str, day: date) -> list[Duty]:
    return _once((matter, day), lambda: _read_sides(matter, day))


def _read_sides(matter: str, day: date) -> list[Duty]:
    rows = (
        Duty.objects.filter(item__matters__contains=[matter], item__duty_list__valid_from__lte=day)
        .exclude(item__duty_list__valid_to__lte=day)
        .select_related("item__duty_list", "organisation")
    )
    return list(rows.order_by("item__duty_list__valid_from", "id"))


def _holder(body: Organisation, side: Duty) -> DutyHolder:
    role = DutyRole.LEAD if side.role == DutyRole.TAKEN_BACK else DutyRole(side.role)
    return DutyHolder(body, role, str(side.item.duty_list), side.note or side.item.method, side.item.number)


def _following(bodies: Iterable[Organisation], day: date) -> dict[UUID, Sequence[Organisation]]:
    """Return, for each body named by a list, the bodies that act for it on the day: itself, or its successors."""
    known = {each.id: each for each in bodies}
    if all(_stands(each, day) for each in known.values()):
        return {each: (body,) for each, body in known.items()}
    became: dict[UUID, list[Organisation]] = {}
    for each in Succession.objects.select_related("successor").order_by("on", "id"):
        if each.on <= day:
            became.setdefault(each.predecessor_id, []).append(each.successor)
    return {each: tuple(_acting(body, became, day, frozenset())) for each, body in known.items()}


def _acting(
    body: Organisation, became: dict[UUID, list[Organisation]], day: date, seen: Collection[UUID]
) -> Iterable[Organisation]:
    if _stands(body, day):
        yield body
        return
    for successor in became.get(body.id, ()):
        if successor.id not in seen:
            yield from _acting(successor, became, day, {*seen, body.id})


def _stands(body: Organisation, day: date) -> bool:
    return body.valid_to is None or body.valid_to > day


def _offices(place_id: UUID, day: date) -> dict[str, Sequence[Organisation]]:
    """Return the town office and the committee that serve a place."""
    areas = {
        by_place: area
        for by_place, (kind, _) in _OFFICE_OF.items()
        if (area := territory().ancestor(place_id, kind)) is not None
    }
    area_ids = tuple(area.id for area in areas.values())
    at: dict[tuple[UUID, str], list[Organisation]] = {}
    for body in _once((area_ids, day), lambda: _read_offices(area_ids, day)):
        at.setdefault((body.area_id, body.kind), []).append(body)
    return {by_place: at.get((area.id, _OFFICE_OF[by_place][1]), []) for by_place, area in areas.items()}


def _read_offices(area_ids: Sequence[UUID], day: date) -> list[Organisation]:
    kinds = [kind for _, kind in _OFFICE_OF.values()]
    return list(Organisation.objects.filter(in_force(day), area_id__in=area_ids, kind__in=kinds).order_by("code"))
