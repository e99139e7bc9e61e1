"""How often likely duplicates are right, and how many are found, on reports whose matter is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from liuchi.engines.cases.duplicates.comparing import THRESHOLD, Matter, likeness

#: The thresholds that are shown beside the one in use.
BESIDE: Final = (0.05, 0.10, 0.15, 0.20, 0.30, 0.40)


@dataclass(frozen=True, slots=True)
class Probe:
    """A report of which it is known which matter it is about: `of` is the same for reports of one matter."""

    of: int
    matter: Matter


@dataclass(frozen=True, slots=True)
class At:
    """What one threshold does: pairs shown, pairs shown that are one matter, and reports whose matter was found."""

    threshold: float
    shown: int
    right: int
    found: int
    again: int

    @property
    def precision(self) -> float | None:
        """Return the share of shown pairs that are one matter; None where nothing was shown."""
        return self.right / self.shown if self.shown else None

    @property
    def recall(self) -> float | None:
        """Return the share of repeated reports whose matter was shown; None where nothing was repeated."""
        return self.found / self.again if self.again else None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures at the threshold in use and beside it."""

    known: int
    new: int
    again: int
    at: Sequence[At]


def evaluate(known: Sequence[Probe], new: Sequence[Probe]) -> Evaluation:
    """Compare each new report with every matter known by then, and count at each threshold."""
    about = {probe.of for probe in known}
    scores = [
        (number, likeness(each.matter, other.matter).score, other.of == each.of)
        for number, each in enumerate(new)
        for other in known
        if other.matter.at <= each.matter.at
    ]
    again = sum(probe.of in about for probe in new)
    thresholds = sorted({*BESIDE, THRESHOLD})
    return Evaluation(len(known), len(new), again, [_at(each, scores, again) for each in thresholds])


def _at(threshold: float, scores: Sequence[tuple[int, float, bool]], again: int) -> At:
    shown = [(number, is_one) for number, score, is_one in scores if score >= threshold]
    right = [number for number, is_one in shown if is_one]
    return At(threshold, len(shown), len(right), len(set(right)), again)
