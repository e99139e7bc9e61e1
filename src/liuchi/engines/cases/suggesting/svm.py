"""A linear support vector machine for many classes at once, by dual coordinate descent.

One machine for each class against all others, squared hinge loss, the offset counted as a weight (Hsieh et al. 2008).
All classes take a step together on each text, so that a hundred classes cost little more than seven.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liuchi.engines.cases.suggesting.grams import Floats

Places = NDArray[np.intp]

#: Rounds over all texts at most; it ends sooner, when no step is longer than `CLOSE`.
ROUNDS: Final = 40
CLOSE: Final = 0.02
NOTHING: Final = 1e-9
#: The order of the texts within a round is shuffled, in the same way each time.
SEED: Final = 20_240_101


class Row(NamedTuple):
    """One text: which features it has, and how much of each."""

    places: Places
    values: Floats


class Machine(NamedTuple):
    """Weights (features, classes) and offsets (classes); a class's score is their sum over a text's features."""

    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]


def learn(rows: Sequence[Row], classes: Places, *, width: int, kinds: int, evens: bool = True) -> Machine:
    """Return the machine that tells `classes` (numbers below `kinds`) by `rows` over `width` features.

    `evens` makes a text of a rare class cost more when it stands on the wrong side: its class together costs as much
    as one of middling size. The same rows in the same order give the same machine.
    """
    sides = np.where(classes[:, None] == np.arange(kinds)[None, :], 1.0, -1.0)
    weights, offsets = np.zeros((width, kinds)), np.zeros(kinds)
    sizes = np.bincount(classes, minlength=kinds)
    cost = np.where(sides > 0, len(rows) / (kinds * np.maximum(sizes, 1)), 1.0) if evens else np.ones_like(sides)
    pull, ease = np.zeros((len(rows), kinds)), 1 / (2 * cost)
    lengths = np.array([[float(row.values @ row.values) + 1] for row in rows]) + ease
    shuffle = np.random.default_rng(SEED)
    for _round in range(ROUNDS):
        longest = 0.0
        for at in shuffle.permutation(len(rows)):
            places, values = rows[at]
            here = weights[places]
            slope = sides[at] * (values @ here + offsets) - 1 + ease[at] * pull[at]
            step = np.maximum(pull[at] - slope / lengths[at], 0) - pull[at]
            far = float(np.abs(step * lengths[at]).max())
            if far < NOTHING:
                continue
            longest = max(longest, far)
            pull[at] += step
            weights[places] = here + np.outer(values, step * sides[at])
            offsets += step * sides[at]
        if longest < CLOSE:
            break
    return Machine(weights.astype(np.float32), offsets.astype(np.float32))
