"""The class model: learnt from texts with known classes, asked for the likeliest ones, and able to say why."""

import json
import math
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liuchi.engines.cases.suggesting.grams import Counts, Floats, Keys, Read, read, spell
from liuchi.engines.cases.suggesting.hints import Hints, hints_for, no_hints, spoken
from liuchi.engines.cases.suggesting.svm import Machine, Row, learn
from liuchi.ground.kernel.errors import RuleBroken

#: The make of the file; another make is refused and asks for training anew.
MAKE: Final = 2
#: Texts and classes that are too few to learn anything from.
LEAST_TEXTS, LEAST_OF_A_CLASS, LEAST_CLASSES = 50, 5, 2
#: What reading a file that is no model, or no longer one, ends with.
DAMAGE = (ValueError, KeyError, TypeError, AttributeError, EOFError, zlib.error, zipfile.BadZipFile)
#: How many sequences an explanation names.
NAMED: Final = 4


class NotTrainable(RuleBroken):
    """There is too little to learn from."""

    code = "suggest_not_trainable"


class ModelUnreadable(RuleBroken):
    """The file holds no class model of this version."""

    code = "suggest_model_unreadable"


@dataclass(frozen=True)
class Scheme:
    """How texts become a model.

    The `longest` sequence; in how many texts it must be found at `least`; whether the opening is counted again
    (`opens`), rare classes are made up for (`evens`) and digits are told apart; how many sequences are kept at `most`;
    whether the taxonomy's headings are hints (`hinted`).
    """

    longest: int
    least: int
    opens: bool
    evens: bool
    keeps_digits: bool = False
    most: int = 150_000
    hinted: bool = False

    def read(self, text: str) -> Read:
        """Return what `text` consists of."""
        return read(text, keeps_digits=self.keeps_digits)


#: What the product learns by. A sequence enters only where three texts hold it: what one person wrote is not kept.
OURS: Final = Scheme(longest=2, least=3, opens=True, evens=True, hinted=True)
#: What a hint counts against what was learnt. Chosen on folds of seed 7, see `docs/measurements.md`.
HINT: Final = 0.2


@dataclass(frozen=True)
class Suggestion:
    """A class, its score (above 0: more for than against it) and the sequences that spoke most for it."""

    label: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """Known sequences with their weight by rarity, and a machine over them; `labels` in the order of its columns."""

    scheme: Scheme
    labels: tuple[str, ...]
    keys: Keys
    rarity: Floats
    machine: Machine
    hints: Hints
    texts: int

    def suggest(self, text: str, most: int = 3) -> list[Suggestion]:
        """Return the `most` likely classes, best first; none for a text without a single known sequence."""
        said = self.scheme.read(text)
        row = row_of(said, self.keys, self.rarity, opens=self.scheme.opens)
        hinted = spoken(said.whole, self.hints)
        if not len(row.places) and not hinted.any():
            return []
        parts = row.values[:, None] * self.machine.weights[row.places]
        scores = parts.sum(axis=0) + self.machine.offsets + HINT * hinted
        best = np.argsort(-scores, kind="stable")[:most]
        return [
            Suggestion(self.labels[each], float(scores[each]), self._because(said, row, parts[:, each], int(each)))
            for each in best
        ]

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the scores of each text (texts, classes)."""
        found = []
        for said in map(self.scheme.read, texts):
            row = row_of(said, self.keys, self.rarity, opens=self.scheme.opens)
            learnt = row.values @ self.machine.weights[row.places] + self.machine.offsets
            found.append(learnt + HINT * spoken(said.whole, self.hints))
        return np.array(found)

    def _because(self, text: Read, row: Row, parts: Floats, label: int) -> tuple[str, ...]:
        """Return the sequences that spoke most for a class, learnt ones first, none inside another already named."""
        learnt = [int(self.keys[row.places[at]]) for at in np.argsort(-parts, kind="stable") if parts[at] > 0]
        hints = np.flatnonzero(np.isin(self.hints.keys, text.whole.keys) & (self.hints.weights[:, label] > 0))
        hinted = hints[np.argsort(-self.hints.weights[hints, label], kind="stable")]
        named: list[str] = []
        for key in (*learnt, *self.hints.keys[hinted].tolist()):
            if len(named) == NAMED:
                break
            said = spell(key)
            if len(said.strip()) > 1 and said.isalpha() and not any(said in other for other in named):
                named.append(said)
        return tuple(named)


def train(texts: Sequence[str], labels: Sequence[str], *, scheme: Scheme = OURS) -> Model:
    """Return a model learnt from `texts` with their `labels`.

    Classes with fewer than five texts are left out: they are found by words. The same texts give the same model.

    Raises:
        NotTrainable: fewer than fifty texts or two classes are left.
    """
    counts = {label: labels.count(label) for label in set(labels)}
    kinds = tuple(sorted(label for label, number in counts.items() if number >= LEAST_OF_A_CLASS))
    chosen = [
        (scheme.read(text), kinds.index(label)) for text, label in zip(texts, labels, strict=True) if label in kinds
    ]
    if len(chosen) < LEAST_TEXTS or len(kinds) < LEAST_CLASSES:
        raise NotTrainable(
            f"There are {len(chosen)} texts in {len(kinds)} classes that have {LEAST_OF_A_CLASS} or more; "
            f"at least {LEAST_TEXTS} texts in {LEAST_CLASSES} classes are needed. Until then classes are suggested by "
            "their words."
        )
    reads = [text for text, _kind in chosen]
    keys, rarity = _known(reads, scheme)
    rows = [row_of(text, keys, rarity, opens=scheme.opens) for text in reads]
    machine = learn(
        rows, np.array([kind for _text, kind in chosen]), width=len(keys), kinds=len(kinds), evens=scheme.evens
    )
    hints = hints_for(kinds, reads) if scheme.hinted else no_hints(len(kinds))
    return Model(scheme, kinds, keys, rarity, machine, hints, len(chosen))


def row_of(text: Read, keys: Keys, rarity: Floats, *, opens: bool) -> Row:
    """Return the features of a text: its sequences by frequency and rarity, of length one; with its opening added."""
    row = _weighed(text.whole, keys, rarity)
    if not opens:
        return row
    opening = _weighed(text.opening, keys, rarity)
    values = row.values.copy()
    # Every sequence of the opening is one of the whole, too: the opening is a part of it.
    values[np.searchsorted(row.places, opening.places)] += opening.values
    return Row(row.places, values)


def _weighed(counts: Counts, keys: Keys, rarity: Floats) -> Row:
    near = np.minimum(np.searchsorted(keys, counts.keys), max(len(keys) - 1, 0))
    known = keys[near] == counts.keys if len(keys) else np.zeros(len(counts.keys), dtype=bool)
    places = near[known]
    values = counts.counts[known] * rarity[places]
    length = math.sqrt(float(values @ values))
    return Row(places, values / length if length else values)


def _known(texts: Sequence[Read], scheme: Scheme) -> tuple[Keys, Floats]:
    """Return the sequences held by enough texts, ascending, and ln((1 + texts) / (1 + texts with it)) + 1 of each."""
    held = np.concatenate([text.whole.keys for text in texts])
    keys, texts_with = np.unique(held[held < np.uint64(1 << 21 * scheme.longest)], return_counts=True)
    kept = np.flatnonzero(texts_with >= scheme.least)
    if len(kept) > scheme.most:
        kept = np.sort(kept[np.argsort(-texts_with[kept], kind="stable")[: scheme.most]])
    return keys[kept], np.log((1 + len(texts)) / (1 + texts_with[kept])) + 1


def save(model: Model, path: Path) -> None:
    """Write the model to `path`, whole or not at all; numbers and names only, nothing in it can run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"make": MAKE, "texts": model.texts, "labels": model.labels, "scheme": vars(model.scheme)}
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        np.savez_compressed(
            file,
            about=np.array(json.dumps(about, ensure_ascii=False)),
            keys=model.keys,
            rarity=model.rarity,
            weights=model.machine.weights.astype(np.float16),
            offsets=model.machine.offsets,
            hint_keys=model.hints.keys,
            hints=model.hints.weights.astype(np.float32),
        )
    beside.replace(path)


def load(path: Path) -> Model:
    """Return the model that `path` holds.

    Raises:
        ModelUnreadable: it is no model, damaged, or of another make.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            about = json.loads(str(held["about"]))
            if about["make"] != MAKE:
                raise ModelUnreadable(f"{path.name} is of another make; train it anew: liuchi suggest train")
            weights: NDArray[np.float32] = held["weights"].astype(np.float32)
            machine = Machine(weights, held["offsets"])
            labels, keys, rarity = tuple(about["labels"]), held["keys"], held["rarity"]
            hints = Hints(held["hint_keys"], held["hints"].astype(np.float64))
    except DAMAGE as error:
        raise ModelUnreadable(f"{path.name} holds no class model; train it anew: liuchi suggest train") from error
    fits = weights.shape == (len(keys), len(labels)) and len(rarity) == len(keys)
    fits = fits and machine.offsets.shape == (len(labels),) and hints.weights.shape == (len(hints.keys), len(labels))
    if not fits:
        raise ModelUnreadable(f"{path.name} does not fit together; train it anew: liuchi suggest train")
    return Model(Scheme(**about["scheme"]), labels, keys, rarity, machine, hints, int(about["texts"]))
