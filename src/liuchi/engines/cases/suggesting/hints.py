"""What the taxonomy of demands says beforehand of a class: the words of the headings under its name.

A pair of characters speaks for a class where a heading under it holds the pair; the more, the rarer the pair is in
texts and the fewer classes have it. Texts of a class that nobody trained enough are found by it, too.
"""

import csv
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from liuchi.engines.cases.suggesting.grams import Counts, Floats, Keys, Read, read

#: The national classification of demands, 15 / 118 / 517 headings on three levels, as it ships with the product.
TAXONOMY: Final = Path(__file__).parents[1] / "data" / "demand_taxonomy_15_118_517.csv"
_LEVELS: Final = ("level1", "level2", "level3")
#: Between which keys sequences of two characters lie.
_LEAST, _BEYOND = np.uint64(1 << 21), np.uint64(1 << 42)
#: The farthest that one of seven lies from their mean, in units of their spread.
_MOST: Final = math.sqrt(6)


class Hints(NamedTuple):
    """Pairs of characters, ascending, and how much each speaks for each class (pairs, classes)."""

    keys: Keys
    weights: Floats


def words_of(labels: Collection[str]) -> dict[str, list[str]]:
    """Return, for each of `labels` that names a heading, the headings under it; the name's own words are no hint."""
    return {label: list(words) for label in labels if (words := headings().get(label, ()))}


@cache
def headings() -> Mapping[str, Sequence[str]]:
    """Return what stands under each heading of the taxonomy that has anything under it (read once)."""
    found: dict[str, dict[str, None]] = {}
    with TAXONOMY.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            names = [row[level].strip() for level in _LEVELS]
            for place, name in enumerate(names):
                found.setdefault(name, {}).update(dict.fromkeys(names[place + 1 :]))
    return {name: tuple(below) for name, below in found.items() if below}


def no_hints(classes: int) -> Hints:
    """Return hints that say nothing about so many classes."""
    return Hints(np.zeros(0, dtype=np.uint64), np.zeros((0, classes)))


def hints_for(labels: Sequence[str], texts: Sequence[Read]) -> Hints:
    """Return the hints for classes, weighed by how rare each pair is in the texts learnt from."""
    words = words_of(labels)
    held = {label: _pairs(words.get(label, ())) for label in labels}
    keys = np.array(sorted(set().union(*held.values())), dtype=np.uint64)
    if not len(keys):
        return no_hints(len(labels))
    has = np.array([[key in held[label] for label in labels] for key in keys.tolist()], dtype=np.float64)
    texts_with = np.zeros(len(keys))
    for text in texts:
        texts_with += np.isin(keys, text.whole.keys)
    rarity = np.log((1 + len(texts)) / (1 + texts_with)) + 1
    weights = has * (rarity * np.log((1 + len(labels)) / has.sum(axis=1)))[:, None]
    lengths = np.sqrt((weights**2).sum(axis=0))
    return Hints(keys, weights / np.where(lengths > 0, lengths, 1))


def spoken(text: Counts, hints: Hints) -> Floats:
    """Return how much a text is hinted at each class: told from the others' mean, in units of their spread.

    No class is hinted at more than seven classes allow, so that among a hundred hints do not drown what was learnt.
    """
    total: Floats = hints.weights[np.isin(hints.keys, text.keys)].sum(axis=0)
    spread = float(total.std())
    if spread == 0:
        return np.zeros(hints.weights.shape[1])
    told: Floats = np.clip((total - total.mean()) / spread, -_MOST, _MOST)
    return told


def _pairs(words: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for word in words:
        keys = read(word).whole.keys
        found.update(keys[(keys >= _LEAST) & (keys < _BEYOND)].tolist())
    return found
