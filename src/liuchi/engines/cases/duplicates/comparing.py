"""How alike two matters are, from where, when, as what and in which words they were reported; with the reasons.

A pure comparison: it reads nothing and decides nothing. The pairs of characters are cut as the search index cuts them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final
from uuid import UUID

from liuchi.engines.cases.search.lexemes import is_chinese, runs
from liuchi.ground.territory.coordinates import metres_between

#: FixMyStreet suggests open reports of the same category within 250 m.
REACH: Final = 250.0
#: From here on (0 to 1) two matters are shown as likely one; measured on planted pairs, see docs/measurements.md.
THRESHOLD: Final = 0.15
#: At this distance nearness counts half: telephones are right to some ten metres, and people report from where they
#: stand. Chosen on planted pairs, as are the numbers below; no source names one.
_HALF_WAY: Final = 80.0
_SAME_PLACE: Final = 0.55
_HALF_LIFE: Final = timedelta(days=21)
_SAME_CLASS, _OTHER_CLASS = 0.35, 0.6
#: Characters that stand in any sentence and tell nothing of a matter.
_EMPTY: Final = frozenset(
    "的了是在有一不我这那就都也很到要请快来看着过得地个们你他她它和与及或被把给让对从向往上下里外去又还没人都多大小好几两三二吗吧呢啊"
    "天晚早夜点什么怎可以能会已经常老直全只最太再才等为因所以但是而且"
)
MOST_WORDS: Final = 4


class SameClass(StrEnum):
    """What the classes of two matters say."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as it is compared. `matter` names its class in public words, empty where it has none yet."""

    said: str
    at: datetime
    place_id: UUID
    longitude: float | None = None
    latitude: float | None = None
    class_id: UUID | None = None
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike (0 to 1), and why: metres apart (None: one has no point), class, time between, words in common."""

    score: float
    metres: float | None
    same_class: SameClass
    earlier: timedelta
    words: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        """Tell whether the two are to be shown as likely one."""
        return self.score >= THRESHOLD


def likeness(new: Matter, known: Matter) -> Likeness:
    """Return how alike `new` is to `known`; `earlier` is how long before `new` the other was reported."""
    metres = _metres(new, known)
    same, earlier = _same_class(new, known), new.at - known.at
    score = _nearness(new, known, metres) * _sameness(new, known, same) * 0.5 ** (abs(earlier) / _HALF_LIFE)
    return Likeness(score, metres, same, earlier, common_words(new.said, known.said))


def common_words(one: str, other: str) -> tuple[str, ...]:
    """Return the longest stretches of characters that both texts share, at least two long and telling something."""
    shared = _pairs(one) & _pairs(other)
    found = {word for run in _telling_runs(one) for word in _stretches(run, shared)}
    return tuple(sorted(found, key=lambda word: (-len(word), one.find(word)))[:MOST_WORDS])


def _metres(new: Matter, known: Matter) -> float | None:
    if new.longitude is None or new.latitude is None or known.longitude is None or known.latitude is None:
        return None
    return metres_between((new.longitude, new.latitude), (known.longitude, known.latitude))


def _nearness(new: Matter, known: Matter, metres: float | None) -> float:
    if metres is None:
        return _SAME_PLACE if new.place_id == known.place_id else 0.0
    return 0.0 if metres > REACH else float(1 / (1 + (metres / _HALF_WAY) ** 2))


def _same_class(new: Matter, known: Matter) -> SameClass:
    if new.class_id is None or known.class_id is None:
        return SameClass.UNKNOWN
    return SameClass.SAME if new.class_id == known.class_id else SameClass.OTHER


def _sameness(new: Matter, known: Matter, same: SameClass) -> float:
    """Return how much words and class speak for one matter; either may make up for the other."""
    words = _overlap(new.said, known.said)
    if same == SameClass.SAME:
        return 1 - (1 - words) * (1 - _SAME_CLASS)
    if same == SameClass.OTHER:
        return words * _OTHER_CLASS
    named = max(_overlap(new.said, known.matter), _overlap(known.said, new.matter)) * _SAME_CLASS
    return 1 - (1 - words) * (1 - named)


def _overlap(one: str, other: str) -> float:
    """Return the share of the shorter text's telling pairs and characters that stand in the other, smoothed."""
    left, right = _weights(one), _weights(other)
    if not left or not right:
        return 0.0
    shared = sum(weight for mark, weight in left.items() if mark in right)
    return shared / (min(sum(left.values()), sum(right.values())) + 1)


@lru_cache(maxsize=4096)
def _weights(text: str) -> dict[str, float]:
    """Return the telling pairs of a text (weight 1) and its telling characters (weight 1/2)."""
    found = dict.fromkeys(_pairs(text), 1.0)
    for run in _telling_runs(text):
        found.update(dict.fromkeys(run if is_chinese(run) else (run,), 0.5))
    return found


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(left + right for run in _telling_runs(text) if is_chinese(run) for left, right in pairwise(run))


def _telling_runs(text: str) -> Iterator[str]:
    """Yield the runs of a text between the characters that tell nothing; numbers are no words."""
    for run in runs(text):
        if is_chinese(run):
            yield from "".join(" " if each in _EMPTY else each for each in run).split()
        elif run.isalpha():
            yield run


def _stretches(run: str, shared: Iterable[str]) -> Iterator[str]:
    """Yield the longest stretches of a run whose pairs are all shared."""
    known, start = set(shared), 0
    for place in range(1, len(run) + 1):
        if place == len(run) or run[place - 1 : place + 1] not in known:
            if place - start >= 2:
                yield run[start:place]
            start = place
