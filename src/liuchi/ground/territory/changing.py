"""What every change of the territory does: lock, end what was, begin what is from the day on, bring the areas forward.

Only actions call this. All changes of the territory wait for one another: there are few, and each looks at many rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.territory import queries
from liuchi.ground.territory.models import Area, AreaVersion, Boundary, Edition, Succession, SuccessionKind
from liuchi.ground.territory.models.area import LONGEST_DOCUMENT
from liuchi.ground.territory.snapshot import FACTS, Territory, read_territory

POWER = "territory.manage"
FACT_FIELDS = [name.removesuffix("_id") for name in FACTS]


class ChangeRefused(RuleBroken):
    """The territory cannot change like this."""

    code = "territory_change_refused"


@dataclass
class Change:
    """The territory held under lock while it changes from the day `on`; collects what has to be written together."""

    by: Actor
    on: date
    document: str
    edition: Edition | None
    before: Territory
    versions: dict[UUID, AreaVersion] = field(default_factory=dict)
    new_areas: list[Area] = field(default_factory=list)
    new_versions: list[AreaVersion] = field(default_factory=list)
    ended_versions: list[AreaVersion] = field(default_factory=list)
    amended_versions: list[AreaVersion] = field(default_factory=list)
    new_boundaries: list[Boundary] = field(default_factory=list)
    ended_boundaries: list[Boundary] = field(default_factory=list)
    amended_boundaries: list[Boundary] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    ended_areas: list[Area] = field(default_factory=list)


def hold_edition() -> Edition | None:
    """Lock the territory for a change; None before anything was imported."""
    return Edition.objects.select_for_update(of=("self",)).filter(id=True).first()


def raise_edition(edition: Edition | None) -> int:
    """Tell every process to read the territory anew, and return the new edition's number."""
    if edition is None:
        edition = Edition(id=True, number=1)
        edition.save(force_insert=True)
    else:
        edition.number += 1
        edition.save(update_fields=["number"])
    transaction.on_commit(queries.forget)
    return edition.number


def version_of(area: Area) -> AreaVersion:
    """Return the first version of a new area: its facts from its first day on."""
    facts = {name: getattr(area, name) for name in FACTS}
    return AreaVersion(area=area, valid_from=area.valid_from, valid_to=area.valid_to, **facts)


def begin_change(*, by: Actor, areas: Iterable[UUID], on: date, document: str = "") -> Change:
    """Lock the territory and hold the versions of `areas` that a change from `on` ends or amends.

    Raises:
        NotFound: there is no such area, or it ends before.
        NotAllowed: the actor may not change one of them.
        ChangeRefused: one of them begins, or changes again, on a later day; or the document's title is too long.
    """
    title = document_title(document)
    edition = hold_edition()
    # Read here and not from memory: another process may have changed it within the last second.
    before = read_territory(edition.number if edition else 0, on)
    change = Change(by=by, on=on, document=title, edition=edition, before=before)
    wanted = list(dict.fromkeys(areas))
    refuse_unless_allowed(by, wanted)
    for area_id in wanted:
        hold(change, area_id)
    return change


def document_title(text: str) -> str:
    """Return the title of a document as it is kept.

    Raises:
        ChangeRefused: it is too long.
    """
    kept = " ".join(text.replace("\0", "").split())
    if len(kept) > LONGEST_DOCUMENT:
        raise ChangeRefused(
            _("Please use at most %(most)d characters for the document.") % {"most": LONGEST_DOCUMENT},
            field="document",
        )
    return kept


def refuse_unless_allowed(by: Actor, areas: Iterable[UUID]) -> None:
    """Refuse who may not change these areas.

    Raises:
        NotAllowed: naming nothing.
    """
    if not all(by.allows(POWER, area_id) for area_id in areas):
        raise NotAllowed(_("You may not change the territory here."))


def hold(change: Change, area_id: UUID, *, on_first_day: bool = False) -> AreaVersion:
    """Return the version of an area that stands on the day of the change; the last one, for history goes forward.

    On its first day an area does not change, or nobody would know what it was; `on_first_day` lets it move along with
    what it stands under.

    Raises:
        NotFound, ChangeRefused: as `begin_change`.
    """
    known = change.versions.get(area_id)
    if known is not None:
        return known
    rows = AreaVersion.objects.select_related("area").filter(area_id=area_id).order_by("-valid_from")
    last = rows.first()
    if last is None:
        raise NotFound(_("There is no such area."))
    if last.valid_to is not None and last.valid_to <= change.on:
        raise ChangeRefused(
            _("%(name)s ended on %(day)s; choose an earlier day.") % {"name": last.name, "day": last.valid_to},
            field="on",
        )
    if change.on < last.area.valid_from or (change.on == last.area.valid_from and not on_first_day):
        raise ChangeRefused(
            _("%(name)s exists since %(day)s; a change has to come after that day.")
            % {"name": last.name, "day": last.area.valid_from},
            field="on",
        )
    if last.valid_from > change.on:
        raise ChangeRefused(
            _("%(name)s changes on %(day)s already; choose that day or a later one.")
            % {"name": last.name, "day": last.valid_from},
            field="on",
        )
    if last.valid_to is not None:
        raise ChangeRefused(
            _("It is settled that %(name)s ends on %(day)s; it cannot change any more.")
            % {"name": last.name, "day": last.valid_to},
            field="on",
        )
    change.versions[area_id] = last
    return last


def change_facts(change: Change, area_id: UUID, **facts: Any) -> AreaVersion:
    """Let an area have other facts from the day on: end its version and begin the next, or amend that of the day."""
    held = hold(change, area_id)
    if held.valid_from == change.on:
        for name, value in facts.items():
            setattr(held, name, value)
        if held not in change.new_versions and held not in change.amended_versions:
            change.amended_versions.append(held)
        return held
    kept = {name: getattr(held, name) for name in FACTS} | facts
    begun = AreaVersion(area=held.area, valid_from=change.on, **kept)
    held.valid_to = change.on
    change.ended_versions.append(held)
    change.new_versions.append(begun)
    change.versions[area_id] = begun
    return begun


def end_area(change: Change, area_id: UUID) -> Area:
    """Let an area end on the day, with its version and its boundary."""
    held = hold(change, area_id)
    if held.valid_from == change.on:
        raise ChangeRefused(
            _("%(name)s changes on that very day; choose a later one.") % {"name": held.name}, field="on"
        )
    held.valid_to = held.area.valid_to = change.on
    change.ended_versions.append(held)
    change.ended_areas.append(held.area)
    boundary = boundary_of(change, area_id)
    if boundary is not None:
        boundary.valid_to = change.on
        change.ended_boundaries.append(boundary)
    return held.area


def new_area(change: Change, *, kind: str, geometry: Mapping[str, Any] | None = None, **facts: Any) -> Area:
    """Let a new area begin on the day, with its boundary."""
    area = Area(kind=kind, valid_from=change.on, **facts)
    change.new_areas.append(area)
    version = version_of(area)
    change.new_versions.append(version)
    change.versions[area.id] = version
    if geometry is not None:
        change.new_boundaries.append(Boundary(area=area, geometry=geometry, valid_from=change.on))
    return area


def boundary_of(change: Change, area_id: UUID) -> Boundary | None:
    """Return the last boundary of an area, if it has one that still stands on the day.

    Raises:
        ChangeRefused: it is redrawn on a later day.
    """
    last = Boundary.objects.filter(area_id=area_id).order_by("-valid_from").first()
    if last is None or (last.valid_to is not None and last.valid_to <= change.on):
        return None
    if last.valid_from > change.on:
        raise ChangeRefused(
            _("The boundary is redrawn on %(day)s already; choose that day or a later one.") % {"day": last.valid_from},
            field="on",
        )
    return last


def change_boundary(change: Change, area_id: UUID, geometry: Mapping[str, Any]) -> None:
    """Let an area have another boundary from the day on."""
    held, last = hold(change, area_id), boundary_of(change, area_id)
    if last is not None and last.valid_from == change.on:
        last.geometry = geometry
        change.amended_boundaries.append(last)
        return
    if last is not None:
        last.valid_to = change.on
        change.ended_boundaries.append(last)
    change.new_boundaries.append(Boundary(area=held.area, geometry=geometry, valid_from=change.on))


def note_succession(change: Change, kind: str, from_area: Area, to_area: Area | None = None) -> None:
    """Note what becomes of an area on the day: itself changed, or another."""
    took_effect = clock.now() if change.on <= queries.today() else None
    change.successions.append(
        Succession(
            from_area=from_area,
            to_area=to_area or from_area,
            kind=kind,
            on=change.on,
            document=change.document,
            took_effect_at=took_effect,
        )
    )


def note_closed(change: Change, area: Area) -> None:
    """Note that an area ends with nothing in its place; what stood in it is left to the area above."""
    held = change.versions[area.id]
    parent_id = held.management_parent_id or held.statistical_parent_id
    parent = change.before.areas.get(parent_id) if parent_id is not None else None
    if parent is not None:
        note_succession(change, SuccessionKind.CLOSED, area, parent)


def finish_change(change: Change) -> int:
    """Write everything the change collected, bring the areas forward, and return the new edition's number.

    Raises:
        ChangeRefused: a code belongs to another area on that day.
    """
    refuse_codes_twice(change)
    Area.objects.bulk_create(change.new_areas, batch_size=500)
    Area.objects.bulk_update(change.ended_areas, ["valid_to"], batch_size=500)
    AreaVersion.objects.bulk_update(change.ended_versions, ["valid_to"], batch_size=500)
    AreaVersion.objects.bulk_update(change.amended_versions, FACT_FIELDS, batch_size=500)
    AreaVersion.objects.bulk_create(change.new_versions, batch_size=500)
    Boundary.objects.bulk_update(change.ended_boundaries, ["valid_to"], batch_size=500)
    Boundary.objects.bulk_update(change.amended_boundaries, ["geometry"], batch_size=500)
    Boundary.objects.bulk_create(change.new_boundaries, batch_size=500)
    Succession.objects.bulk_create(change.successions, batch_size=500)
    bring_forward(queries.today(), area_ids=list(change.versions))
    return raise_edition(change.edition)


def bring_forward(day: date, area_ids: Iterable[UUID]) -> None:
    """Let areas show, for joins, the facts in force on a day (before their first day: those to come)."""
    shown: dict[UUID, AreaVersion] = {}
    rows = AreaVersion.objects.filter(area_id__in=list(area_ids)).select_related("area")
    for version in rows.order_by("area_id", "valid_from"):
        if version.area_id not in shown or version.valid_from <= day:
            shown[version.area_id] = version
    moved = []
    for version in shown.values():
        if any(getattr(version.area, name) != getattr(version, name) for name in FACTS):
            for name in FACTS:
                setattr(version.area, name, getattr(version, name))
            moved.append(version.area)
    Area.objects.bulk_update(moved, FACT_FIELDS, batch_size=500)


def refuse_codes_twice(change: Change) -> None:
    """Refuse a change by which a code would name two areas on one day.

    Raises:
        ChangeRefused: naming the area that bears the code.
    """
    codes: dict[str, AreaVersion] = {}
    for version in (*change.new_versions, *change.amended_versions):
        other = codes.setdefault(version.code, version)
        if other.area_id != version.area_id:
            raise ChangeRefused(_("The code %(code)s is given twice.") % {"code": version.code}, field="code")
    gone = [each.id for each in (*change.ended_versions, *change.amended_versions)]
    others = AreaVersion.objects.filter(code__in=codes).exclude(id__in=gone)
    for other in others.filter(Q(valid_to=None) | Q(valid_to__gt=change.on)).order_by("code", "valid_from"):
        if other.area_id != codes[other.code].area_id:
            raise ChangeRefused(
                _("The code %(code)s belongs to %(name)s on that day; choose another.")
                % {"code": other.code, "name": other.name},
                field="code",
            )
