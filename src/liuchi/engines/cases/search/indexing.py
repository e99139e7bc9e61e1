"""Keeping the index of cases: one row each, made anew from what the case says at the moment."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from liuchi.engines.cases.models import Case, CaseMove, Report
from liuchi.engines.cases.search.blocks import marks_of
from liuchi.engines.cases.search.lexemes import lexemes, number_lexemes, weighed
from liuchi.ground.kernel import guard

#: Cases held at once while the index is made anew.
_BATCH: Final = 500
_PUT: Final = """
INSERT INTO cases_caseindexed (case_id, words) SELECT * FROM unnest(%s::uuid[], %s::text[]::tsvector[])
ON CONFLICT (case_id) DO UPDATE SET words = EXCLUDED.words WHERE cases_caseindexed.words <> EXCLUDED.words
"""


def index_cases(case_ids: Collection[UUID]) -> None:
    """Write the index rows of cases anew, within the transaction in force.

    The cases are held first: who erases words and who indexes them wait for each other, so none comes back.
    """
    held = Case.objects.select_for_update(of=("self",), no_key=True).filter(id__in=case_ids).order_by("id")
    cases = list(held.select_related("condition__case_class", "unit"))
    if not cases:
        return
    said: dict[UUID, list[str]] = {case.id: [] for case in cases}
    for case_id, text in Report.objects.filter(case_id__in=list(said)).values_list("case_id", "text").order_by("id"):
        said[case_id].append(text)
    moves = CaseMove.objects.filter(case_id__in=list(said)).exclude(public_text="", internal_text="").order_by("id")
    for case_id, *texts in moves.values_list("case_id", "public_text", "internal_text"):
        said[case_id] += texts
    rows = [(case.id, vector_of(case, said[case.id])) for case in cases]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [[case_id for case_id, _ in rows], [words for _, words in rows]])


def rebuild_index() -> Iterator[int]:
    """Write the index of all cases anew while the house goes on working; yield how many are done after each batch."""
    done, last = 0, None
    while True:
        rows = Case.objects.order_by("id") if last is None else Case.objects.filter(id__gt=last).order_by("id")
        batch = list(rows.values_list("id", flat=True)[:_BATCH])
        if not batch:
            return
        with guard.scope("maintenance", "cases.search"), transaction.atomic():
            index_cases(batch)
        done, last = done + len(batch), batch[-1]
        yield done


def vector_of(case: Case, said: Iterable[str], weigh: Callable[[str, str], str] | None = None) -> str:
    """Return what the index holds of a case, given what was said in its reports and moves; and when it came in.

    `weigh` is `weighed_text`, or remembers what that said, for loads in which the same words come again and again.
    """
    condition, unit, weigh = case.condition, case.unit, weigh or weighed_text
    named = f"{condition.case_class.name} {condition.condition}" if condition else ""
    return " ".join(
        (
            *(f"'{mark}'" for mark in marks_of(case.id)),
            weighed(number_lexemes(case.number), "A"),
            weigh(named, "A"),
            weigh(case.address, "B"),
            weigh(f"{unit.name} {unit.short_name}" if unit else "", "C"),
            *(weigh(each, "D") for each in said),
        )
    )


def weighed_text(text: str, weight: str) -> str:
    """Return the part of a tsvector literal that holds the lexemes of a text under a weight."""
    return weighed(lexemes(text), weight)
