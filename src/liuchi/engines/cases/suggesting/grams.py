"""Texts as counts of their character sequences (one to three characters long), each packed into one 64-bit number.

Chinese needs no cutting into words for this: sequences of two and three characters are its words and more. All digits
read as 0, so that no phone or identity number can enter a model.
"""

import re
import unicodedata
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

#: The longest sequence. Three code points of 21 bits fill 63 bits.
LONGEST: Final = 3
_BITS: Final = 21
_MASK: Final = (1 << _BITS) - 1
#: How many characters of the first line count as what the matter is about: a subject, or how the message begins.
OPENING: Final = 60
_DIGIT, _BLANK = re.compile(r"\d"), re.compile(r"\s+")


class Counts(NamedTuple):
    """The sequences of one text, ascending, and how often each occurs."""

    keys: Keys
    counts: Floats


class Read(NamedTuple):
    """A text as the model reads it: all of it, and its opening for itself."""

    whole: Counts
    opening: Counts


def read(text: str, *, keeps_digits: bool = False) -> Read:
    """Return what `text` consists of, width and case in one form; its opening is the first line, cut short."""
    plain = unicodedata.normalize("NFKC", text).lower().strip()
    if not keeps_digits:
        plain = _DIGIT.sub("0", plain)
    return Read(_count(plain), _count(plain.split("\n", 1)[0][:OPENING]))


def _count(text: str) -> Counts:
    one_line = _BLANK.sub(" ", text).strip()
    points = np.frombuffer(one_line.encode("utf-32-le", errors="replace"), dtype="<u4").astype(np.uint64)
    made = [points]
    for length in range(2, min(LONGEST, len(points)) + 1):
        made.append(made[-1][:-1] | (points[length - 1 :] << np.uint64(_BITS * (length - 1))))
    keys, counts = np.unique(np.concatenate(made), return_counts=True)
    return Counts(keys, counts.astype(np.float64))


def spell(key: int) -> str:
    """Return the characters that `key` stands for."""
    return "".join(chr(point) for place in range(LONGEST) if (point := key >> (_BITS * place) & _MASK))
