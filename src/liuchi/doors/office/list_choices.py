"""What a work-list can be narrowed to: areas within reach, matters, sources, orders."""

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from liuchi.engines.cases.filtering import Order
from liuchi.engines.cases.models import Channel
from liuchi.engines.cases.queries import classes
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

#: A group of choices: its name, then value and words of each.
Group = tuple[str, list[tuple[str, str]]]


def areas_to_choose(viewer: Viewer) -> list[Group]:
    """Return towns as groups, each with itself and its communities, as far as the viewer meets cases there."""
    known = territory()
    reach = frozenset().union(*(viewer.areas(power) for power in ("cases.see", "cases.accept", "cases.check")))
    is_unit = bool(viewer.organisations("cases.handle"))
    groups: list[Group] = []
    for town in known.of_kind(AreaKind.TOWN):
        inside = [each for each in known.children.get(town.id, ()) if each.kind == AreaKind.COMMUNITY]
        offered = [
            (str(each.id), each.name if each is town else f"\u3000{each.name}")
            for each in (town, *inside)
            if is_unit or each.id in reach
        ]
        if offered:
            groups.append((town.name, offered))
    return groups


def matters() -> list[Group]:
    """Return the classes in force by major class, each group led by the whole of it."""
    return list(_matters())


def channels() -> list[tuple[str, str]]:
    """Return the sources of cases."""
    return [(channel.value, str(channel.label)) for channel in Channel]


def orders() -> list[tuple[str, str]]:
    """Return the orders a list may stand in, the usual one first, under an empty value."""
    return [
        ("", _("Most urgent step first")),
        (Order.PROMISE, _("Earliest promise first")),
        (Order.NEWEST, _("Newest first")),
    ]


def _matters() -> Iterator[Group]:
    known = sorted(classes(), key=lambda each: (each.kind, each.major_code, each.code))
    for (kind, code, name), group in groupby(known, key=lambda each: (each.kind, each.major_code, each.major_name)):
        whole = (f"{kind}-{code}", _("%(major)s: all") % {"major": name})
        yield name, [whole, *((each.matter, f"\u3000{each.name}") for each in group)]
