"""Cutting text into what the index holds: pairs of characters, words, and pairs of sounds."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise, product

from liuchi.ground.kernel import pinyin

#: What a run of text is made of: Chinese characters, or letters, or digits.
_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff〇]+|[a-z]+|[0-9]+")
_LETTER_OR_DIGIT = re.compile(r"[a-z0-9]")
#: Longer numbers in what people write are telephones, identities, accounts: never indexed.
LONGEST_NUMBER = 6
LONGEST_WORD = 40
NUMBER, SOUND = "#", "~"


def runs(text: str) -> list[str]:
    """Return the runs of Chinese characters, letters and digits of a text, in one width and lower case."""
    return _RUNS.findall(normal(text))


def normal(text: str) -> str:
    """Return a text as it is compared: one width, lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def is_chinese(run: str) -> bool:
    """Tell whether a run is of Chinese characters."""
    return not _LETTER_OR_DIGIT.match(run)


def lexemes(text: str) -> Iterator[str]:
    """Yield what the index holds of a text.

    Of Chinese each pair of neighbours and the last character, as written and as they may sound; of letters the words;
    of digits the numbers up to six places.
    """
    for run in runs(text):
        if is_chinese(run):
            yield from (left + right for left, right in pairwise(run))
            yield run[-1]
            yield from _sounds(run)
        elif run.isalpha() or len(run) <= LONGEST_NUMBER:
            yield run[:LONGEST_WORD]


def number_lexemes(number: str) -> set[str]:
    """Return what the index holds of a case number: the whole, and the count after the day with and without zeros."""
    day, _, count = number.partition("-")
    return {NUMBER + each for each in (day + count, count, count.lstrip("0")) if each}


def sound_pair(left: str, right: str) -> str:
    """Return the index's mark of two syllables one after the other."""
    return f"{SOUND}{left}.{right}"


def vector(fields: Iterable[tuple[str, Iterable[str]]], marks: Iterable[str] = ()) -> str:
    """Return a tsvector literal: the lexemes of each field under its weight (A to D).

    `marks` narrow and weigh nothing. A lexeme may be given again: the database keeps it once, with its highest weight.
    """
    return " ".join((*(f"'{mark}'" for mark in marks), *(weighed(found, weight) for weight, found in fields)))


def weighed(found: Iterable[str], weight: str) -> str:
    """Return the part of a tsvector literal that holds lexemes under one weight."""
    return " ".join([f"'{lexeme}':1{weight}" for lexeme in dict.fromkeys(found)])


def _sounds(run: str) -> Iterator[str]:
    heard = [pinyin.readings(character) for character in run]
    for left, right in pairwise(heard):
        yield from (sound_pair(*pair) for pair in product(left, right))
        if not right:
            yield from (sound_pair(each, "") for each in left)
    yield from (sound_pair(each, "") for each in heard[-1])
