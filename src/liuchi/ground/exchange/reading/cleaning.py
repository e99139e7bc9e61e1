"""What nobody sees in a text and nobody meant to write."""

import re
from typing import Final

from liuchi.ground.exchange.reading.limits import LONGEST_CELL

#: Taken out, and noted: control characters, soft hyphens, marks without width, byte order marks.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2060-\u2064\ufeff\ufff9-\ufffb]"
)
#: These make a text read otherwise than it is stored (UAX 9); nobody can check such a value by looking at it.
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Bytes that fit no character, and halves of characters.
_BROKEN: Final = re.compile("[\ufffd\ud800-\udfff]")
_SUSPECT: Final = re.compile("|".join(each.pattern for each in (_UNSEEN, _TURNING, _BROKEN)))

#: Flags that only tell; with any other a row is refused.
NOTES: Final = frozenset({"unseen", "calculated"})


def clean(text: str, longest: int = LONGEST_CELL) -> tuple[str, str]:
    """Return a text fit to be stored, and a flag: empty, "unseen" (something was taken out), or why it is refused."""
    if len(text) > longest:
        return "", "cell_too_long"
    if _SUSPECT.search(text) is None:
        return text, ""
    if _BROKEN.search(text):
        return _UNSEEN.sub("", _TURNING.sub("", _BROKEN.sub("\ufffd", text))), "broken_text"
    if _TURNING.search(text):
        return _UNSEEN.sub("", _TURNING.sub("", text)), "turning"
    return _UNSEEN.sub("", text), "unseen"
