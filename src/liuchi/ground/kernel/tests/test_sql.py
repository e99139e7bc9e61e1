from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.kernel.sql import SOMETHING, written_tables

WRITES = {
    "INSERT INTO cases_case VALUES (1)": {"cases_case"},
    'insert into "Cases_Case" VALUES (1)': {"Cases_Case"},
    "UPDATE cases_case SET state = 'closed'": {"cases_case"},
    'UPDATE ONLY public."cases_case" SET state = 1': {"cases_case"},
    "UPDATE other.cases_case AS c SET state = 1": {"other.cases_case"},
    "DELETE FROM ONLY cases_case": {"cases_case"},
    "MERGE INTO cases_case USING x ON true WHEN MATCHED THEN DELETE": {"cases_case"},
    "TRUNCATE cases_case, cases_report": {SOMETHING},
    "TRUNCATE TABLE ONLY cases_case": {SOMETHING},
    "COPY cases_case (id, name) FROM STDIN": {"cases_case"},
    "copy cases_case from stdin with (format binary)": {"cases_case"},
    "/* a */ -- b\n INSERT INTO cases_case VALUES (1)": {"cases_case"},
    "/* one /* nested */ SELECT */ DELETE FROM cases_case": {"cases_case"},
    "  (WITH gone AS (DELETE FROM cases_case RETURNING id) SELECT * FROM gone)": {"cases_case"},
    "WITH x AS (SELECT 1) INSERT INTO cases_case SELECT * FROM x": {"cases_case"},
    "WITH x AS (INSERT INTO a VALUES (1)), y AS (UPDATE b SET c = 1) SELECT 1": {"a", "b"},
    "WITH x AS (SELECT 1) UPDATE cases_case SET state = 1": {"cases_case"},
    "EXPLAIN ANALYZE DELETE FROM cases_case": {"cases_case"},
    "PREPARE p AS UPDATE cases_case SET state = 1": {"cases_case"},
    "SELECT 1; DELETE FROM cases_case": {"cases_case"},
    "SELECT ';' ; UPDATE cases_case SET state = 1": {"cases_case"},
    "SELECT * INTO copied FROM cases_case": {SOMETHING},
    "DO $$ BEGIN DELETE FROM cases_case; END $$": {SOMETHING},
    "CALL sweep()": {SOMETHING},
    "WITH a AS (DELETE FROM cases_case) INSERT INTO django_session SELECT 1": {"cases_case", "django_session"},
    "INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 2": {"a"},
    'INSERT INTO "django_session" VALUES (1); DELETE FROM people_person': {"django_session", "people_person"},
}
READS = [
    "SELECT 1",
    "SELECT * FROM cases_case FOR UPDATE OF cases_case SKIP LOCKED",
    "SELECT * FROM cases_case FOR NO KEY UPDATE",
    "SELECT 'DELETE FROM cases_case'",
    "SELECT E'it\\'s; DELETE FROM cases_case'",
    "SELECT 'it''s; DELETE FROM cases_case'",
    "SELECT $$DELETE FROM cases_case$$, $x$INSERT INTO y$x$",
    'SELECT "UPDATE", "DELETE FROM" FROM x',
    "SELECT updated, deleted_from, do_it FROM inserts",
    "SELECT 1 -- DELETE FROM cases_case",
    "SELECT 1 /* ; DELETE FROM cases_case */",
    "COPY cases_case TO STDOUT",
    "COPY (SELECT * FROM cases_case) TO STDOUT",
    "SAVEPOINT s1",
    "SET LOCAL liuchi.maintenance = 'on'",
    "SELECT pg_advisory_xact_lock(hashtext('x'))",
    "",
]
WORDS = ("SELECT 1", "/* x */", "-- y\n", "(", ")", ";", "'DELETE FROM a'", '"b"', "WITH x AS (", "$$ z $$", " ")


@pytest.mark.parametrize(("statement", "tables"), WRITES.items())
def test_statement_when_it_writes_then_its_tables_are_told(statement: str, tables: set[str]) -> None:
    assert written_tables(statement) == tables


@pytest.mark.parametrize("statement", READS)
def test_statement_when_it_only_reads_then_no_table_is_told(statement: str) -> None:
    assert written_tables(statement) == frozenset()


@given(st.lists(st.sampled_from([word for word in WORDS if word not in {"/* x */"}]), max_size=8))
def test_write_when_it_follows_anything_then_it_is_still_seen(before: Iterable[str]) -> None:
    statement = " ".join([*before, "; DELETE FROM cases_case"])

    assert "cases_case" in written_tables(statement)
