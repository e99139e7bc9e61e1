"""Guessing the class from the reporter's words, so that the desk seldom has to search. A guess decides nothing."""

from collections.abc import Iterable

from liuchi.engines.cases.models import CaseClass

MOST = 4


def suggested_names(text: str, known: Iterable[CaseClass]) -> list[str]:
    """Return the names of the classes that share most pairs of characters with `text`, best first, at most four."""
    said = _pairs(text)
    scores = {each.name: len(_pairs(each.name) & said) / (len(each.name) or 1) for each in known}
    ranked = sorted((-score, name) for name, score in scores.items() if score)
    return [name for _score, name in ranked[:MOST]]


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))
