"""Keeping the index of cases: one row each, made anew from what the case says at the moment."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import connection

from liuchi.engines.cases.models import Case, Report
from liuchi.engines.cases.search.lexemes import lexemes, number_lexemes, vector

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
    rows = [(case.id, _vector(case, said[case.id])) for case in cases]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [[case_id for case_id, _ in rows], [words for _, words in rows]])


def _vector(case: Case, said: list[str]) -> str:
    condition, unit = case.condition, case.unit
    named = f"{condition.case_class.name} {condition.condition}" if condition else ""
    return vector(
        (
            ("A", number_lexemes(case.number)),
            ("A", lexemes(named)),
            ("B", lexemes(case.address)),
            ("C", lexemes(f"{unit.name} {unit.short_name}" if unit else "")),
            ("D", lexemes("\n".join(said))),
        )
    )
