"""Comparing a new edition of the statistical divisions with the territory: what would be renamed, added, closed …

An area of the file is the one that is known by the same code and name; else by the same name under the same parent (its
code changed); else by the same code (its name changed); else by a name that occurs once on both sides in the same city
(it came under another parent). What is left in the file is new. What is left here, under a parent whose areas the file
lists, is no longer there: it closes if nothing stands below it, else somebody has to say what became of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from liuchi.ground.territory.actions.importing import NewArea
from liuchi.ground.territory.divisions import KIND_BY_LENGTH
from liuchi.ground.territory.models import Area, AreaKind
from liuchi.ground.territory.snapshot import Territory

#: The storeys that statistics list, top to bottom.
STATISTICAL: Final = tuple(KIND_BY_LENGTH.values())
_PARENT_DIGITS: Final = {4: 2, 6: 4, 9: 6, 12: 9}
_ABOVE: Final = {2: AreaKind.PROVINCE, 4: AreaKind.CITY, 6: AreaKind.DISTRICT, 9: AreaKind.TOWN}


@dataclass(frozen=True)
class Difference:
    """What an edition says otherwise of an area that is known: new values by the name of the fact."""

    area: Area
    facts: Mapping[str, Any]

    @property
    def is_renamed(self) -> bool:
        """Tell whether its name, its official name or what it is called changes."""
        return not self.facts.keys().isdisjoint({"name", "official_name", "label_kind"})

    @property
    def is_recoded(self) -> bool:
        """Tell whether its code changes."""
        return "code" in self.facts

    @property
    def is_moved(self) -> bool:
        """Tell whether it comes under another area."""
        return "statistical_parent" in self.facts


@dataclass
class EditionPlan:
    """What an edition would change. `undecided` are gone from it, but areas stand below them here: merge or move these.

    `unnamed` are areas that the file presupposes without naming them; they are added with their code as name. New areas
    name their parent by code.
    """

    unchanged: int = 0
    changed: list[Difference] = field(default_factory=list)
    added: list[NewArea] = field(default_factory=list)
    closed: list[Area] = field(default_factory=list)
    undecided: list[Area] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    #: The area that each code of the file names, where it is known here.
    matched: dict[str, Area] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing would change."""
        return not (self.changed or self.added or self.closed)


def plan_edition(known: Territory, areas: Iterable[NewArea], *, is_complete: bool = True) -> EditionPlan:
    """Return what an edition would change in the territory of a day. Reads nothing but its arguments.

    Of an extract that is not complete, nothing follows for what it does not list.
    """
    plan, wanted = EditionPlan(), {area.code: area for area in areas}
    for code, kind in _presupposed(wanted):
        parent = code[: _PARENT_DIGITS.get(len(code), 0)] or None
        wanted[code] = NewArea(kind, code, code, parent, is_managed=False)
        plan.unnamed.append(code)
    for kind in STATISTICAL:
        rows = sorted((row for row in wanted.values() if row.kind == kind), key=lambda row: row.code)
        rows = [row for row in rows if row.code not in plan.unnamed or not _take_by_code(plan, known, row)]
        left = _match(plan, known, kind, rows)
        if is_complete:
            _note_gone(plan, known, rows, left)
    plan.unnamed = [code for code in plan.unnamed if code not in plan.matched]
    plan.added.sort(key=lambda row: (len(row.code), row.code))
    return plan


def _presupposed(wanted: Mapping[str, NewArea]) -> list[tuple[str, AreaKind]]:
    """Return the codes that others in the file begin with and that it does not name itself."""
    missing: dict[str, AreaKind] = {}
    for code in wanted:
        while len(code) > 2:
            code = code[: _PARENT_DIGITS[len(code)]]  # noqa: PLW2901 - one step up at a time
            if code not in wanted:
                missing[code] = _ABOVE[len(code)]
    return sorted(missing.items())


def _take_by_code(plan: EditionPlan, known: Territory, row: NewArea) -> bool:
    """Match an area that the file only presupposes: by its code, whatever it is called here."""
    found = next((area for area in known.of_kind(row.kind) if area.code == row.code), None)
    if found is not None:
        plan.matched[row.code] = found
    return found is not None


def _match(plan: EditionPlan, known: Territory, kind: AreaKind, rows: Sequence[NewArea]) -> list[Area]:
    """Match the rows of one storey with the areas known, note differences and what is new; return the areas left."""
    taken = {area.id for area in plan.matched.values()}
    left = {area.id: area for area in known.of_kind(kind) if area.id not in taken}
    open_rows = list(rows)
    for keys in (_code_and_name, _parent_and_name(plan), _code, _city_and_name):
        pairs = _paired(open_rows, left.values(), keys)
        for row, area in pairs:
            plan.matched[row.code] = area
            del left[area.id]
            _note(plan, row, area)
        found = {row.code for row, _ in pairs}
        open_rows = [row for row in open_rows if row.code not in found]
    plan.added += open_rows
    return list(left.values())


def _note_gone(plan: EditionPlan, known: Territory, rows: Sequence[NewArea], left: Sequence[Area]) -> None:
    """Note the areas that stand here under a parent of which the file lists the areas, but not these.

    A single district, city or province in a file says where it belongs; it is no list.
    """
    listed = Counter(row.parent_code for row in rows if row.code not in plan.unnamed and row.parent_code)
    covered = {
        plan.matched[code].id
        for code, count in listed.items()
        if code in plan.matched and (count > 1 or len(code) >= 6)
    }
    for area in left:
        if area.statistical_parent_id in covered:
            (plan.undecided if known.children.get(area.id) else plan.closed).append(area)


Key = Callable[[NewArea | Area, str], object]


def _paired(rows: Sequence[NewArea], areas: Iterable[Area], key: Key) -> list[tuple[NewArea, Area]]:
    """Return the rows and areas that a key brings together, where it is one of each."""
    by_row: dict[object, set[str]] = {}
    by_area: dict[object, set[UUID]] = {}
    named, found = {row.code: row for row in rows}, {area.id: area for area in areas}
    for row in rows:
        for name in _names(row):
            by_row.setdefault(key(row, name), set()).add(row.code)
    for area in found.values():
        for name in _names(area):
            by_area.setdefault(key(area, name), set()).add(area.id)
    pairs: dict[str, UUID] = {}
    times: Counter[UUID] = Counter()
    for each, codes in by_row.items():
        ids = by_area.get(each, set())
        if each is not None and len(codes) == len(ids) == 1 and pairs.get(next(iter(codes))) not in ids:
            pairs[next(iter(codes))] = next(iter(ids))
            times[next(iter(ids))] += 1
    return [(named[code], found[area_id]) for code, area_id in pairs.items() if times[area_id] == 1]


def _names(area: NewArea | Area) -> Iterator[str]:
    """Give the names by which an area may be known: the official one, else the one people use."""
    yield area.official_name or area.name
    if area.official_name:
        yield area.name


def _code_and_name(area: NewArea | Area, name: str) -> object:
    return area.code, name


def _code(area: NewArea | Area, name: str) -> object:
    del name
    return area.code


def _city_and_name(area: NewArea | Area, name: str) -> object:
    return area.code[:4], name


def _parent_and_name(plan: EditionPlan) -> Key:
    """Return the key of an area's parent, matched before, and its name."""

    def key(area: NewArea | Area, name: str) -> object:
        if isinstance(area, Area):
            return area.statistical_parent_id, name
        parent = plan.matched.get(area.parent_code or "")
        return None if parent is None else (parent.id, name)

    return key


def _note(plan: EditionPlan, row: NewArea, area: Area) -> None:
    facts: dict[str, Any] = {}
    if row.code != area.code:
        facts["code"] = row.code
    if (row.official_name or row.name) != (area.official_name or area.name):
        facts["name"] = row.name
        facts["official_name"] = row.official_name
    if row.label_kind and row.label_kind != area.label_kind:
        facts["label_kind"] = row.label_kind
    parent = plan.matched.get(row.parent_code or "")
    if row.parent_code and (parent is None or parent.id != area.statistical_parent_id):
        facts["statistical_parent"] = row.parent_code
    if facts:
        plan.changed.append(Difference(area, facts))
    else:
        plan.unchanged += 1
