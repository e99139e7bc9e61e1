"""How good a class model is: repeated stratified cross-validation beside the plain way, on the same folds."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from liuchi.engines.cases.suggesting.grams import Floats
from liuchi.engines.cases.suggesting.model import OURS, NotTrainable, Scheme, train
from liuchi.engines.cases.suggesting.svm import Places

#: The plain way: all sequences of one to three characters as written, by frequency and rarity, and a linear machine.
PLAIN: Final = Scheme(longest=3, least=1, opens=False, evens=False, keeps_digits=True, most=10_000_000)
FOLDS, REPEATS, FEW = 5, 5, 3


@dataclass(frozen=True)
class Measured:
    """Macro-F1 and the share of texts whose class is among the first three, one value for each fold."""

    f1: Floats
    top3: Floats


@dataclass(frozen=True)
class Margin:
    """The mean of paired differences, its standard error corrected for folds that share texts, and their ratio."""

    mean: float
    error: float

    @property
    def ratio(self) -> float:
        """Return Student's t of the difference, with one degree of freedom less than there are folds."""
        return self.mean / self.error if self.error else 0.0


@dataclass(frozen=True)
class Evaluation:
    """The model beside the plain way."""

    texts: int
    classes: int
    ours: Measured
    plain: Measured
    f1: Margin
    top3: Margin


def evaluate(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    repeats: int = REPEATS,
    seed: int = 0,
    say: Callable[[str], object] = str,
) -> Evaluation:
    """Return how well classes of texts are found that the model has not seen, by five folds, `repeats` times.

    Raises:
        NotTrainable: a class has fewer than five texts, or there are too few to learn from.
    """
    kinds = sorted(set(labels))
    truth = np.array([kinds.index(label) for label in labels])
    if min(np.bincount(truth), default=0) < FOLDS + 2:
        raise NotTrainable(f"To be evaluated, each class needs {FOLDS + 2} texts: leave rarer classes out.")
    found: dict[Scheme, list[tuple[float, float]]] = {OURS: [], PLAIN: []}
    for number, held_out in enumerate(folds(truth, repeats=repeats, seed=seed)):
        say(f"fold {number + 1} of {FOLDS * repeats}")
        learnt = np.setdiff1d(np.arange(len(truth)), held_out)
        for scheme, values in found.items():
            model = train([texts[at] for at in learnt], [labels[at] for at in learnt], scheme=scheme)
            ranks = np.argsort(-model.scores([texts[at] for at in held_out]), axis=1, kind="stable")
            ranked = np.array([kinds.index(label) for label in model.labels])[ranks]
            values.append((macro_f1(truth[held_out], ranked[:, 0], len(kinds)), _among(truth[held_out], ranked)))
    ours, plain = (Measured(*np.array(values).T) for values in found.values())
    return Evaluation(len(truth), len(kinds), ours, plain, margin(ours.f1 - plain.f1), margin(ours.top3 - plain.top3))


def folds(truth: Places, *, repeats: int, seed: int) -> Iterator[Places]:
    """Yield the texts held out of each fold: every text once in each repeat, every class spread evenly."""
    shuffle = np.random.default_rng(seed)
    for _repeat in range(repeats):
        fold_of = np.empty(len(truth), dtype=np.intp)
        turn = 0
        for kind in np.unique(truth):
            members = shuffle.permutation(np.flatnonzero(truth == kind))
            fold_of[members] = (np.arange(len(members)) + turn) % FOLDS
            turn += len(members)
        yield from (np.flatnonzero(fold_of == fold) for fold in range(FOLDS))


def macro_f1(truth: Places, guess: Places, kinds: int) -> float:
    """Return the mean over the classes of 2 · hits / (texts of the class + guesses of the class)."""
    hits = np.bincount(truth[truth == guess], minlength=kinds)
    sizes = np.bincount(truth, minlength=kinds) + np.bincount(guess, minlength=kinds)
    return float(np.mean(2 * hits / np.maximum(sizes, 1)))


def margin(differences: Floats) -> Margin:
    """Return the mean difference with the standard error of Nadeau and Bengio (2003).

    Variance times (1 / folds + share held out / share learnt from): texts shared by folds make them look more alike
    than they are.
    """
    spread = float(np.var(differences, ddof=1))
    return Margin(float(np.mean(differences)), math.sqrt(spread * (1 / len(differences) + 1 / (FOLDS - 1))))


def _among(truth: Places, ranked: Places) -> float:
    return float((ranked[:, :FEW] == truth[:, None]).any(axis=1).mean())
