"""Classes and units that are offered first, each with why, on pages and to other systems. A guess decides nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.models import Case, CaseClass, CaseMove
from liuchi.engines.cases.queries import classes
from liuchi.engines.cases.secrecy import accused_units
from liuchi.engines.cases.suggesting.kept import model_in_use
from liuchi.engines.cases.suggesting.model import Model
from liuchi.engines.cases.suggesting.places import Around, classes_around
from liuchi.engines.cases.suggesting.practice import SuggestedUnit, suggested_units
from liuchi.engines.cases.suggesting.units import Ring
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.queries import DutiesAt, DutyHolder

MOST = 4
#: How many of them the model may fill, so that a class it has never met can still be among them.
MOST_OF_THE_MODEL = 3
#: The least score at which a class is worth a look; 0 stands between for and against, -1 is a text learnt as another's.
NEAR = -0.6


#: How many components or classes filed near are offered where the words say nothing.
MOST_OF_THE_PLACE = 2
Places = Mapping[tuple[str, str], Around]
#: How a unit says that a case, or its part in one, is not its own.
SAYS_NOT_OURS = ("decline", "decline_part")


@dataclass(frozen=True)
class Suggested:
    """The name of a class, and why it is suggested."""

    name: str
    why: str


def suggested_classes(
    text: str, known: Iterable[CaseClass], model: Model | None, around: Places | None = None
) -> list[Suggested]:
    """Return at most four of the `known` classes for `text`, best first.

    The model learnt from closed cases speaks first, where there is one; classes whose names share pairs of characters
    with the text follow. Among those that the words name, what is `around` weighs: the words' own best is always shown.
    Where the words name none, what is around is offered.
    """
    near: dict[str, Around] = {}
    names = set()
    for each in known:
        names.add(each.name)
        if around and (each.kind, each.code) in around:
            near[each.name] = around[each.kind, each.code]
    learnt = _weighed(_by_model(text, names, model), near, MOST_OF_THE_MODEL)
    found = {each.name for each in learnt}
    named = [each for each in _by_name(text, names) if each[1].name not in found]
    if said := [*learnt, *_weighed(named, near, MOST - len(learnt))]:
        return said
    placed = sorted(near, key=lambda name: (-near[name].weight, name))[:MOST_OF_THE_PLACE]
    return [Suggested(name, _around_words(near[name])) for name in placed]


def classes_for(
    viewer: Viewer | None, case: Case, said: str, report_ids: Sequence[UUID] = (), chosen: Collection[str] = ()
) -> list[Suggested]:
    """Return the classes to file a case by, likeliest first: what reporters chose, then what their words say.

    `said` is what was reported, `chosen` the matters that reporters named; the place counts for whoever works on it.
    """
    around = classes_around(viewer, case, report_ids) if viewer is not None else {}
    known = list(classes())
    named = [Suggested(each.name, _("chosen by the reporter")) for each in known if each.matter in chosen]
    names = {each.name for each in named}
    guessed = suggested_classes(said, known, model_in_use(), around)
    return [*named, *(each for each in guessed if each.name not in names)]


def cleared_units(past: Sequence[CaseMove]) -> set[UUID]:
    """Return the units of which it was decided, since the case was filed last, that it is not their own."""
    filed = max((place for place, move in enumerate(past) if move.name == "file"), default=0)
    return {move.unit_id for move in past[filed:] if move.name == "uphold_decline" and move.unit_id}


def units_for_dispatch(
    viewer: Viewer | None, case: Case, duties: DutiesAt, past: Sequence[CaseMove]
) -> list[SuggestedUnit]:
    """Return up to three units for a case that waits for dispatch, likeliest first.

    Not among them: whoever a secret report is about, and whoever said, or was found right in saying, not ours.
    """
    said_not = {move.unit_id for move in past if move.name in SAYS_NOT_OURS and move.unit_id}
    left_out = accused_units(case) | cleared_units(past) | said_not
    return suggested_units(viewer, case, duties, left_out=left_out) if viewer is not None else []


def _weighed(said: Sequence[tuple[float, Suggested]], near: Mapping[str, Around], most: int) -> list[Suggested]:
    """Return the best `most` by what words and place say together; the words' own best is among them."""
    if not said:
        return []
    best = max(said, key=lambda each: each[0])[1]
    ranked = sorted(said, key=lambda each: -(each[0] + (near[each[1].name].weight if each[1].name in near else 0)))
    order = [each for _score, each in ranked]
    if order.index(best) >= most:
        order.insert(most - 1, best)
    return [
        Suggested(each.name, f"{each.why} · {_around_words(near[each.name])}") if each.name in near else each
        for each in order[:most]
    ]


def _by_model(text: str, names: Collection[str], model: Model | None) -> list[tuple[float, Suggested]]:
    return [
        (
            each.score,
            Suggested(each.label, _("often so in such reports: %(words)s") % {"words": "、".join(each.because)}),
        )
        for each in (model.suggest(text, 2 * MOST) if model else [])
        if each.label in names and each.score >= NEAR and each.because
    ]


def _by_name(text: str, names: Iterable[str]) -> list[tuple[float, Suggested]]:
    said = _pairs(text)
    scores = {name: len(_pairs(name) & said) / (len(name) or 1) for name in names}
    ranked = sorted((-score, name) for name, score in scores.items() if score)
    return [
        (-score, Suggested(name, _("the report says: %(words)s") % {"words": "、".join(_shared(name, said))}))
        for score, name in ranked
    ]


def _around_words(around: Around) -> str:
    """Return what is around, in words."""
    said = []
    if around.metres is not None:
        said.append(_("one stands %(metres)d m away") % {"metres": round(around.metres)})
    if around.cases:
        said.append(_("%(number)d such cases within 100 m in 90 days") % {"number": around.cases})
    return _(", ").join(said)


def _shared(name: str, said: frozenset[str]) -> list[str]:
    """Return the stretches of `name` of which each pair of characters is said."""
    stretches = [""]
    for place in range(len(name) - 1):
        pair = name[place : place + 2]
        if pair in said:
            stretches[-1] = stretches[-1] + pair[1] if stretches[-1] else pair
        elif stretches[-1]:
            stretches.append("")
    return [each for each in stretches if each]


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))


def why_unit(found: SuggestedUnit, *, by_name: bool = False) -> str:
    """Return why a unit is suggested, in one line: its duty, and what became of such cases around."""
    said = [item_of(found.duty, by_name=by_name)] if found.duty is not None else []
    ring, practice = found.ranked.ring, found.ranked.practice
    if ring is not None:
        facts = {"where": _where(ring), "done": practice.done, "returned": practice.returned}
        said.append(
            _("same class within a year, %(where)s: %(done)d finished by it, %(returned)d not its own") % facts
            if practice.returned
            else _("same class within a year, %(where)s: %(done)d finished by it") % facts
        )
    return " · ".join(said)


def _where(ring: Ring) -> str:
    return {
        Ring.DISTRICT: _("in the whole district"),
        Ring.TOWN: _("in this street or town"),
        Ring.COMMUNITY: _("in this community"),
        Ring.GRID: _("in this grid"),
    }[ring]


def item_of(duty: DutyHolder, *, by_name: bool = False) -> str:
    """Return which item of which list names a unit; `by_name` where the page shows more lists than one."""
    if by_name:
        return _("%(document)s, item %(number)d") % {"document": duty.document, "number": duty.number}
    return _("list of duties, item %(number)d") % {"number": duty.number}
