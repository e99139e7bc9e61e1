"""Planted near-duplicates: the demo's stories told again by somebody else, among many that are nearly alike.

A hard district for telling them apart: every story happens at three spots of one square of 1,200 m, so that most
matters have a twin in the very same words that is another matter. Everything follows from the seed.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final
from uuid import UUID, uuid5

from liuchi.demo.district.stories import stories
from liuchi.engines.cases.catalogue import SHIPPED, read_catalogue
from liuchi.engines.cases.duplicates.comparing import Matter
from liuchi.engines.cases.duplicates.evaluating import Probe

NAMESPACE: Final = UUID("b1f0a6de-51d8-4d10-8d53-6d4b2d2f6c11")
SPOTS: Final = 3
_SIDE, _BLOCK = 1200.0, 300.0
_WEST, _SOUTH = 117.03, 30.52
_METRES_EAST, _METRES_NORTH = 95_700.0, 111_000.0
_BEGINS: Final = datetime(2024, 9, 2, 0, 0, tzinfo=UTC)
_SPAN: Final = timedelta(days=21)


def again() -> dict[str, str]:
    """Return how somebody else tells a story, by the beginning of the story's words."""
    text = files(__package__).joinpath("again.csv").read_text(encoding="utf-8")
    return {row["begins"]: row["again"] for row in csv.DictReader(io.StringIO(text, newline=""))}


def planted(seed: int) -> tuple[list[Probe], list[Probe]]:
    """Return the matters known already, and reports that come in later: some tell a known matter again, some a new one.

    A new one repeats the words of a story at a spot of its own. `of` is negative for matters nobody reported before.
    """
    chance = Random(f"planted {seed}")
    known = list(_known(chance))
    fresh = [_fresh(chance, number) for number in range(len(stories()))]
    return known, [*_told_again(chance, known), *fresh]


def _known(chance: Random) -> Iterator[Probe]:
    for number, story in enumerate(each for each in stories() if each.matter):
        for spot in range(SPOTS):
            filed = story.matter if chance.random() < 0.7 else ""
            yield _told(chance, number * SPOTS + spot, story.text, filed)


def _told(chance: Random, of: int, text: str, filed_as: str) -> Probe:
    east, north = chance.uniform(0, _SIDE), chance.uniform(0, _SIDE)
    at = _BEGINS + chance.random() * _SPAN
    class_id = uuid5(NAMESPACE, filed_as) if filed_as else None
    name = _names().get(filed_as, "")
    return Probe(of, Matter(text, at, _block(east, north), *_point(east, north), class_id, name))


def _fresh(chance: Random, number: int) -> Probe:
    return _told(chance, -1 - number, stories()[number].text, "")


def _told_again(chance: Random, known: list[Probe]) -> Iterator[Probe]:
    """Yield the same matters in other words, from within some 30 m (one in six from 90 m), within five days."""
    spoken = again()
    for each in known:
        first = each.matter
        words = next((words for begins, words in spoken.items() if first.said.startswith(begins)), "")
        if not words or chance.random() < 0.5 or first.longitude is None or first.latitude is None:
            continue
        reach = 90.0 if chance.random() < 1 / 6 else 30.0
        east = (first.longitude - _WEST) * _METRES_EAST + chance.gauss(0, reach / 1.5)
        north = (first.latitude - _SOUTH) * _METRES_NORTH + chance.gauss(0, reach / 1.5)
        at = first.at + timedelta(hours=min(chance.expovariate(1 / 24), 120))
        if chance.random() < 0.1:
            yield Probe(each.of, Matter(words, at, first.place_id))
        else:
            yield Probe(each.of, Matter(words, at, _block(east, north), *_point(east, north)))


@cache
def _names() -> dict[str, str]:
    """Return the classes of the shipped standard by kind and code."""
    return {f"{row.kind}-{row.code}": row.name for row in read_catalogue(SHIPPED)[0]}


def _point(east: float, north: float) -> tuple[float, float]:
    return _WEST + east / _METRES_EAST, _SOUTH + north / _METRES_NORTH


def _block(east: float, north: float) -> UUID:
    """Return the square of 300 m that stands for a grid."""
    return uuid5(NAMESPACE, f"{int(east // _BLOCK)}/{int(north // _BLOCK)}")
