"""Pinyin without tones: how characters sound, how typed letters fall into syllables, and what is easily mistaken.

The table `hanzi_pinyin.tsv` (a syllable, its characters; at most three readings each) is drawn from pypinyin's
(MIT). ü stands as v.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from string import ascii_lowercase

#: No syllable is longer: zhuang, chuang, shuang.
LONGEST = 6
#: A word longer than this is no pinyin that anybody types into a search box.
LONGEST_WORD = 40


def readings(character: str) -> tuple[str, ...]:
    """Return how a character may sound, syllables as `fold` leaves them; none for what is no character."""
    return _readings().get(character, ())


def fold(syllable: str) -> str:
    """Return one spelling for syllables that many speakers do not tell apart: z/zh, c/ch, s/sh, n/l, in/ing, en/eng."""
    text = syllable.replace("ü", "v")
    if text[:2] in {"zh", "ch", "sh"}:
        text = text[0] + text[2:]
    if text[:1] == "n" and len(text) > 1:
        text = "l" + text[1:]
    if text in {"lue", "lve"}:
        text = "lve"
    return text[:-1] if text.endswith(("ing", "eng")) else text


def splits(word: str, *, slips: int = 0, most: int = 100) -> list[tuple[str, ...]]:
    """Return the ways in which typed letters fall into syllables, folded, at most `most`.

    With `slips` = 1 one syllable may be off by a letter: missing, too much, wrong, or two of them swapped.
    """
    if not word or len(word) > LONGEST_WORD or not set(word) <= _LETTERS:
        return []
    ends = _ends(word, slips)
    return list(dict.fromkeys(islice(_walk(word, 0, slips, ends), most)))


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in _table():
        for each in characters:
            found[each] = tuple(dict.fromkeys((*found.get(each, ()), fold(syllable))))
    return found


@cache
def _table() -> tuple[tuple[str, str], ...]:
    text = files(__package__).joinpath("hanzi_pinyin.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return tuple((syllable, characters) for syllable, characters in rows)


@cache
def _folded() -> frozenset[str]:
    return frozenset(fold(syllable) for syllable, _ in _table())


@lru_cache(maxsize=4096)
def _near(piece: str) -> tuple[str, ...]:
    """Return the syllables, folded, of which `piece` is one slip away; not those that it is."""
    cuts = [(piece[:at], piece[at:]) for at in range(len(piece) + 1)]
    typed = {left + right[1:] for left, right in cuts if right}
    typed |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    typed |= {left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase}
    typed |= {left + letter + right for left, right in cuts for letter in ascii_lowercase}
    known = {syllable for syllable, _ in _table()}
    return tuple(sorted({fold(each) for each in typed & known} - {fold(piece)}))


def _ends(word: str, slips: int) -> set[tuple[int, int]]:
    """Return from where (place, slips left) the end of the word can be reached, so that no walk goes astray."""
    good = {(len(word), left) for left in range(slips + 1)}
    for start in range(len(word) - 1, -1, -1):
        for left in range(slips + 1):
            if any(step in good for _, step in _steps(word, start, left)):
                good.add((start, left))
    return good


def _steps(word: str, start: int, left: int) -> Iterator[tuple[str, tuple[int, int]]]:
    longest = LONGEST + left
    pieces = [word[start:end] for end in range(min(len(word), start + longest), start, -1)]
    for piece in pieces:
        if fold(piece) in _folded():
            yield fold(piece), (start + len(piece), left)
    if left:
        for piece in pieces:
            for syllable in _near(piece):
                yield syllable, (start + len(piece), left - 1)


def _walk(word: str, start: int, left: int, good: set[tuple[int, int]]) -> Iterator[tuple[str, ...]]:
    if start == len(word):
        yield ()
        return
    for syllable, (end, rest) in _steps(word, start, left):
        if (end, rest) in good:
            for tail in _walk(word, end, rest, good):
                yield (syllable, *tail)


_LETTERS = frozenset(ascii_lowercase)
