"""Indexes that stand aside while a year is laid: made at the end, row by row costs several times as much.

Only those of which nothing that is laid asks, and none that keeps a rule. Whoever is killed meanwhile leaves them away:
the next load of any size brings them back before it ends.
"""

from typing import Any, Final

from django.db import connection
from django.db.models import Index

from liuchi.engines.cases.models import Assignment, Case, CaseClock, CaseIndexed, CaseMove, Report
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard

#: What is laid by the hundred thousand, but for the index by which the sealer finds what waits.
_ASIDE: Final[tuple[tuple[Any, Index], ...]] = tuple(
    (model, index)
    for model in (CaseIndexed, CaseMove, CaseClock, Line)
    for index in model._meta.indexes  # noqa: SLF001 - Django's own public name
    if index.name != "journal_line_pending"
)


class IndexesAside:
    """Take the indexes away inside the block."""

    def __enter__(self) -> None:
        with guard.scope("maintenance", "demo.year"), connection.cursor() as cursor:
            for _model, index in _ASIDE:
                cursor.execute(f"DROP INDEX IF EXISTS {index.name}")

    def __exit__(self, *_: object) -> None:
        bring_back()
        with guard.scope("maintenance", "demo.year"), connection.cursor() as cursor:
            for model in (Case, Report, Assignment, CaseClock, CaseMove, Line, CaseIndexed):
                cursor.execute(f"ANALYZE {model._meta.db_table}")  # noqa: SLF001


def bring_back() -> int:
    """Make the indexes that are away, as after a load that was killed, and return how many."""
    away = [(model, index) for model, index in _ASIDE if not _stands(index)]
    with guard.scope("maintenance", "demo.year"), connection.cursor() as cursor:
        if away:
            cursor.execute("SET maintenance_work_mem = '256MB'")
        for model, index in away:
            with connection.schema_editor() as editor:
                editor.add_index(model, index)
    return len(away)


def _stands(index: Index) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [index.name])
        return bool((cursor.fetchone() or (False,))[0])
