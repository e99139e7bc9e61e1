"""Blocks of time: marks in the index of words, by which a question reads the newest cases and leaves the older alone.

The index knows no order: a word of every tenth case costs by all cases there ever were. So each case also holds the
marks of the blocks in which it came in, and a question may be put to some blocks only: the index follows the rarer
side of "word and block" and skips what the other holds beyond. Blocks are the beginnings of the case's id, whose first
48 bits are milliseconds (RFC 9562, version 7): of 3, 4 and 5 hexadecimal digits, some 2.2 years, 50 days and 3 days.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet

from liuchi.engines.cases.models import CaseIndexed
from liuchi.engines.cases.search.asking import Question, holds

T = TypeVar("T")
#: Begins the mark of a block; nothing that is typed or said is cut into a word that begins so.
BLOCK: Final = "@"
#: Digits of the blocks, coarse to fine; the migration that marked what was there before spells them too.
DIGITS: Final = (3, 4, 5)
#: A window is named by so many blocks at most, where coarser ones would not be enough for all of time.
_MOST_BLOCKS: Final = 16
#: The newest so many cases tell how many come in; the first window is to hold a few times as many, so that it alone
#: answers for a word of every tenth case.
_SAMPLE, _FIRST = 2000, 6
#: Each further window is made for half as much again as is still missing, by how many fitted so far; but it is no more
#: than 32 times what was looked through, and no less than a quarter of it, then all of it, then four times as much.
_MARGIN, _LEAST, _STEEPER, _MOST = 1.5, 0.25, 4, 32.0
_MILLISECOND: Final = 80
_REACH: Final = """
SELECT (SELECT id FROM cases_case ORDER BY id DESC LIMIT 1),
       (SELECT id FROM cases_case ORDER BY id DESC OFFSET %s LIMIT 1),
       (SELECT id FROM cases_case ORDER BY id LIMIT 1)
"""


@dataclass(frozen=True)
class Window:
    """The cases with ids from `since` on and before `before`; of a whole end nothing is said. `until` is the newest."""

    since: UUID | None
    before: UUID | None
    until: UUID

    def asks(self, question: Question) -> str:
        """Return the question as a tsquery that is put to the blocks of this window."""
        if self.since is None:
            return question.text
        blocks = " | ".join(f"'{mark}'" for mark in marks_between(self.since, self.before or self.until))
        return f"({question.text}) & ({blocks})"

    def holds(self, asked: str) -> Q:
        """Return the condition that a case is of this window and answers what it `asks`.

        Who answers is found first and handed over as one array: joined, the planner expects what a viewer may see to be
        costly to ask for each case, and reads all cases instead.
        """
        ids = ArraySubquery(self._answering(asked).values("case_id"))
        return Q(Func(F("id"), ids, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()))

    def is_empty(self, question: Question) -> bool:
        """Tell whether no case of this window answers `question`, whoever may see it: cheaper than to ask for them.

        Counted, for a planner that is asked whether there is any reads row after row until it meets one.
        """
        return self._answering(self.asks(question)).count() == 0

    def _answering(self, asked: str) -> QuerySet[CaseIndexed]:
        rows = CaseIndexed.objects.order_by()
        if self.before is not None:
            rows = rows.filter(case_id__lt=self.before)
        if self.since is not None:
            # The bounds are exact, the blocks reach a little further and let the index alone find what lies between.
            rows = rows.filter(case_id__gte=self.since)
        return rows.filter(holds(asked, "words"))


@dataclass(frozen=True)
class Reach:
    """How far the cases reach, in milliseconds, and the span that the first window is to have."""

    newest: int
    oldest: int
    span: int


def marks_of(case_id: UUID) -> list[str]:
    """Return the marks of the blocks in which a case came in, coarse to fine."""
    return [BLOCK + case_id.hex[:digits] for digits in DIGITS]


def marks_between(first: UUID, last: UUID) -> list[str]:
    """Return the marks of blocks that hold every id from `first` to `last`, as fine as few of them allow."""
    for digits in reversed(DIGITS):
        low, high = (int(each.hex[:digits], 16) for each in (first, last))
        if high - low < _MOST_BLOCKS or digits == DIGITS[0]:
            break
    return [f"{BLOCK}{block:0{digits}x}" for block in range(low, high + 1)]


def reach() -> Reach | None:
    """Return how far the cases reach (one query); None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_REACH, [_SAMPLE])
        newest, known, oldest = cursor.fetchone() or (None, None, None)
    if newest is None or oldest is None:
        return None
    at, begins = newest.int >> _MILLISECOND, oldest.int >> _MILLISECOND
    # Too few to tell: all of them at once.
    return Reach(at, begins, at - begins + 1 if known is None else (at - (known.int >> _MILLISECOND) + 1) * _FIRST)


def look_back(reached: Reach, ask: Callable[[Window, int], Sequence[T]], most: int) -> list[T]:
    """Return what `ask` finds in windows, the newest first, until `most` are found or no case is left.

    `ask` is given a window and how many are missing, and answers with the newest of them. What is found is the same
    as in one window over everything; what it costs is not.
    """
    until = UUID(int=(reached.newest + 1 << _MILLISECOND) - 1)
    found: list[T] = []
    end, span, before, least = reached.newest + 1, reached.span, None, _LEAST
    while True:
        start = end - span
        # What is left is no more than this window: looked through together.
        since = UUID(int=start << _MILLISECOND) if start - reached.oldest >= span else None
        found += ask(Window(since, before, until), most - len(found))
        if since is None or len(found) >= most:
            return found
        share = _MARGIN * (most - len(found)) / len(found) if found else _MOST
        before, end, span = since, start, math.ceil((reached.newest + 1 - start) * min(max(share, least), _MOST))
        least *= _STEEPER
