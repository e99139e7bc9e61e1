"""Indexes stand aside while a year is laid, and come back whatever happens."""

import pytest
from django.db import connection

from liuchi.demo.indexes import IndexesAside, bring_back


def standing() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1")
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_indexes_when_the_load_fails_then_they_come_back_as_they_were() -> None:
    before = standing()
    meanwhile: set[str] = set()

    def load() -> None:
        with IndexesAside():
            meanwhile.update(standing())
            raise ValueError("stopped")

    with pytest.raises(ValueError, match="stopped"):
        load()

    away = before.keys() - meanwhile
    assert {"case_by_words", "move_by_case", "clock_by_case", "journal_line_subject"} <= away
    assert "journal_line_pending" not in away
    assert standing() == before


@pytest.mark.django_db
def test_indexes_when_the_load_was_killed_then_the_next_brings_back_what_is_away_and_only_that() -> None:
    before = standing()
    IndexesAside().__enter__()  # and nothing after it: as a kill leaves it
    away = before.keys() - standing().keys()

    assert bring_back() == len(away)

    assert standing() == before
    assert bring_back() == 0
