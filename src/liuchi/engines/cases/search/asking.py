"""Turning what somebody typed into questions to the index, from the strictest to the most forgiving."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise, product

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, Value
from django.db.models.functions import Cast

from liuchi.engines.cases.search.lexemes import LONGEST_NUMBER, NUMBER, is_chinese, normal, runs, sound_pair
from liuchi.ground.kernel import pinyin

LONGEST_QUESTION = 60
#: Words beyond these narrow nothing any more and only cost.
MOST_WORDS = 8
MOST_READINGS = 100


class Closeness(StrEnum):
    """How what was found relates to what was typed."""

    WRITTEN = "written"  # it stands there so, or its pinyin was typed
    SOUNDS = "sounds"  # characters that sound alike
    NEAR = "near"  # pinyin with a letter wrong


@dataclass(frozen=True)
class Question:
    """One question to the index: a tsquery literal, and how close its answers are."""

    closeness: Closeness
    text: str

    @property
    def weighed(self) -> str:
        """Return the same lexemes as alternatives: ts_rank weighs neighbours by places, which the index leaves out."""
        return self.text.replace(" & ", " | ")


def questions(words: str) -> list[Question]:
    """Return what to ask, in order: the next only where nothing was found. Nothing for words without a letter."""
    typed = typed_runs(words)
    if not typed:
        return []
    asked: dict[str, Question] = {}
    for closeness, of_word in _WAYS:
        text = " & ".join(f"({of_word(word)})" for word in typed)
        asked.setdefault(text, Question(closeness, text))
    return list(asked.values())


def holds(text: str, words: str = "indexed__words") -> Func:
    """Return the expression that the index of a case answers a question, given as its tsquery literal."""
    asked = Cast(Value(text), SearchQueryField())
    return Func(F(words), asked, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())


def typed_runs(words: str) -> list[str]:
    """Return the runs that were typed; digits with a line between them are one number."""
    found: list[str] = []
    for part in normal(words[:LONGEST_QUESTION]).split():
        joined = part.replace("-", "")
        found += [joined] if joined.isascii() and joined.isdigit() else runs(part)
    return found[:MOST_WORDS]


def _as_written(word: str) -> str:
    if is_chinese(word):
        return _pairs(word)
    if word.isdigit():
        return _number(word)
    return " | ".join([f"'{word}':*", *_sounding(pinyin.splits(word))])


def _as_it_sounds(word: str) -> str:
    if not is_chinese(word):
        return _as_written(word)
    heard = [pinyin.readings(character) for character in word]
    if not all(heard):
        return _pairs(word)
    return " | ".join(_sounding(_ways_to_say(heard)))


def _nearly(word: str) -> str:
    if is_chinese(word):
        return _as_it_sounds(word)
    if word.isdigit():
        return _number(word)
    return " | ".join([f"'{word}':*", *_sounding(pinyin.splits(word, slips=1, most=MOST_READINGS))])


def _ways_to_say(heard: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return list(islice(product(*heard), MOST_READINGS))


def _pairs(word: str) -> str:
    if len(word) == 1:
        return f"'{word}':*"
    return " & ".join(f"'{left}{right}'" for left, right in pairwise(word))


def _number(word: str) -> str:
    of_case = f"'{NUMBER}{word}':*"
    return f"{of_case} | '{word}'" if len(word) <= LONGEST_NUMBER else of_case


def _sounding(ways: Sequence[tuple[str, ...]]) -> list[str]:
    return [f"({_sound(way)})" for way in ways]


def _sound(way: tuple[str, ...]) -> str:
    if len(way) == 1:
        return f"'{sound_pair(way[0], '')}':*"
    return " & ".join(f"'{sound_pair(left, right)}'" for left, right in pairwise(way))


_WAYS: tuple[tuple[Closeness, Callable[[str], str]], ...] = (
    (Closeness.WRITTEN, _as_written),
    (Closeness.SOUNDS, _as_it_sounds),
    (Closeness.NEAR, _nearly),
)
