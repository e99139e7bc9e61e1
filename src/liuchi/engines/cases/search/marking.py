"""Showing where in a text stands what was looked for, as written or as it sounds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, product

from liuchi.engines.cases.search.asking import Closeness, typed_runs
from liuchi.engines.cases.search.lexemes import is_chinese, normal
from liuchi.ground.kernel import pinyin

#: Characters shown before the first place and in all.
BEFORE, SHOWN = 12, 60
#: Ways of saying a word that are looked for in a text.
_MOST_WAYS = 100


@dataclass(frozen=True)
class Part:
    """A piece of text; `is_hit` where it is what was looked for."""

    text: str
    is_hit: bool


class Marker:
    """Marks texts by one search; what is worked out of the words is worked out once."""

    def __init__(self, words: str, closeness: str = Closeness.WRITTEN) -> None:
        """Take the words that were typed, and how close to them the answers are."""
        typed = typed_runs(words)
        self._written = [list(word) for word in typed]
        self._said = [way for word in typed for way in _ways(word, closeness)]

    def first_with_hit(self, texts: Sequence[str]) -> str:
        """Return the first text that holds what is looked for; the first of all when none does."""
        return next((text for text in texts if self._hits(text)), next(iter(texts), ""))

    def parts(self, text: str, shown: int = SHOWN) -> list[Part]:
        """Return the piece of `text` around the first hit, cut where hits begin and end; its beginning without one."""
        hits = self._hits(text)
        first = min(hits, default=0)
        start = 0 if first < shown - BEFORE else first - BEFORE
        places = range(start, min(len(text), start + shown))
        found = [
            Part("".join(text[at] for at in group), is_hit)
            for is_hit, group in groupby(places, key=lambda at: at in hits)
        ]
        before, after = start > 0, start + shown < len(text)
        return [*([Part("…", is_hit=False)] if before else ()), *found, *([Part("…", is_hit=False)] if after else ())]

    def _hits(self, text: str) -> set[int]:
        plain = [normal(character) for character in text]
        hits = set(_places(self._written, [(each,) for each in plain]))
        if self._said:
            hits |= set(_places(self._said, [pinyin.readings(each) for each in plain]))
        return hits


def _ways(word: str, closeness: str) -> list[tuple[str, ...]]:
    if is_chinese(word):
        heard = [pinyin.readings(character) for character in word]
        return [] if closeness == Closeness.WRITTEN else list(islice(product(*heard), _MOST_WAYS))
    return pinyin.splits(word, slips=int(closeness == Closeness.NEAR), most=_MOST_WAYS)


def _places(wanted: Iterable[Sequence[str]], text: Sequence[tuple[str, ...]]) -> Iterator[int]:
    """Yield every place of `text` that belongs to one of the `wanted` rows; a place may be read in several ways."""
    begins: dict[str, list[int]] = {}
    for at, said in enumerate(text):
        for each in said:
            begins.setdefault(each, []).append(at)
    for row in wanted:
        for at in begins.get(row[0], ()):
            window = text[at : at + len(row)]
            if len(window) == len(row) and all(each in said for each, said in zip(row, window, strict=True)):
                yield from range(at, at + len(row))
