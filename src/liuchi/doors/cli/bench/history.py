"""Years of made-up cases, laid straight into the tables of a database that is thrown away after the bench.

Everything follows from the case's number, so that two runs measure the same rows. Nearly all cases are closed long
since, as in a real district; of a closed one only the last move and the case clock are laid, for the bench has to be
quick. The journal's lines carry the weight of real ones, not their seals.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from liuchi.doors.cli.bench.words import said
from liuchi.ground.calendars.queries import current_version
from liuchi.ground.kernel import guard
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

#: One case in so many is open.
OPEN_EACH: Final = 50
#: Reported between this long ago and yesterday, evenly; the newest are the open ones.
REACHES_BACK: Final = timedelta(days=3 * 365)
STEP: Final = timedelta(hours=3)
TABLES: Final = (
    "cases_case",
    "cases_report",
    "cases_assignment",
    "cases_caseclock",
    "cases_casemove",
    "cases_caseindexed",
    "journal_line",
)

_TIMED_ID = """
CREATE OR REPLACE FUNCTION pg_temp.timed_id(at timestamptz, seed text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(seed), 1, 3)
            || 'a' || substr(md5(seed), 5, 15))::uuid
$$
"""
_STAGES = """
CREATE TEMP TABLE stage (step int, move text, from_state text, to_state text, kind text) ON COMMIT DROP;
INSERT INTO stage VALUES
    (1, 'report', '', 'received', 'case.reported'),
    (2, 'file', 'received', 'filed', 'case.filed'),
    (3, 'dispatch', 'filed', 'handling', 'case.dispatched'),
    (4, 'hand_in', 'handling', 'checking', 'case.handed_in'),
    (5, 'pass_check', 'checking', 'checked', 'case.check_passed'),
    (6, 'close', 'checked', 'closed', 'case.closed')
"""
#: `reached` is the last stage; of twenty open cases three wait for the desk, ten for a unit, the others in between.
_DRAWN = """
CREATE TEMP TABLE drawn ON COMMIT DROP AS
SELECT n, pg_temp.timed_id(at, 'case ' || n) AS id, at, reached,
       (%(grids)s::uuid[])[1 + n * 7919::bigint %% cardinality(%(grids)s::uuid[])] AS place_id,
       (%(units)s::uuid[])[1 + n * 31::bigint %% cardinality(%(units)s::uuid[])] AS unit_id,
       conditions[1 + n * 17::bigint %% cardinality(conditions)] AS condition_id
FROM (
    SELECT n, %(first)s::timestamptz + n * %(apart)s::interval AS at,
           CASE WHEN n <= %(closed)s THEN 6
                ELSE (ARRAY[1,1,1,2,2,3,3,3,3,3,3,3,3,3,3,4,4,4,5,5])[1 + n * 13 %% 20] END AS reached
    FROM generate_series(1, %(cases)s) AS n
) AS numbered, (SELECT array_agg(id ORDER BY id) AS conditions FROM cases_filingcondition) AS c
"""
_SAID = """
CREATE TEMP TABLE said ON COMMIT DROP AS
SELECT n - 1 AS n, text, address, words FROM unnest(%(texts)s::text[], %(addresses)s::text[], %(words)s::text[])
    WITH ORDINALITY AS given(text, address, words, n)
"""
_CASES = """
INSERT INTO cases_case (id, number, version, state, channel, place_id, longitude, latitude, address, condition_id,
    unit_id, reported_at, filed_at, due_at, is_provisional, step_due_at, step_warn_at, ended_at, rating)
SELECT d.id, 'B' || lpad(d.n::text, 9, '0'), reached, to_state, (ARRAY['web', 'phone', 'grid'])[1 + d.n %% 3], place_id,
    117.0, 30.5, address, CASE WHEN reached > 1 THEN condition_id END, CASE WHEN reached > 2 THEN unit_id END, at,
    CASE WHEN reached > 1 THEN at + %(step)s END, CASE WHEN reached > 1 THEN at + %(step)s * 12 END, false,
    CASE WHEN reached < 6 THEN at + %(step)s * (reached + d.n %% 7) END,
    CASE WHEN reached < 6 THEN at + %(step)s * reached END, CASE WHEN reached = 6 THEN at + %(step)s * 5 END,
    CASE WHEN reached = 6 AND d.n %% 2 = 0 THEN 1 + d.n %% 5 END
FROM drawn d JOIN stage ON step = reached JOIN said ON said.n = d.n * 7 %% %(variants)s ORDER BY d.n
"""
_REPORTS = """
INSERT INTO cases_report (id, case_id, receipt_index, text, channel, phone_sealed, phone_index, received_at)
SELECT pg_temp.timed_id(at, 'report ' || d.n), id, sha256(id::text::bytea), text,
    'web', sha256(id::text::bytea), sha256((d.n %% 20000)::text::bytea), at
FROM drawn d JOIN said ON said.n = d.n * 7 %% %(variants)s ORDER BY d.n
"""
_INDEXED = """
INSERT INTO cases_caseindexed (case_id, words)
SELECT id, (words || ' ''#B' || lpad(d.n::text, 9, '0') || ''':1A'
    || format(' ''@%%s'' ''@%%s'' ''@%%s''', left(id::text, 3), left(id::text, 4), left(id::text, 5)))::tsvector
FROM drawn d JOIN said ON said.n = d.n * 7 %% %(variants)s ORDER BY d.n
"""
_ASSIGNMENTS = """
INSERT INTO cases_assignment (id, case_id, unit_id, role, reason, assigned_at, ended_at, outcome)
SELECT pg_temp.timed_id(at + %(step)s * 2, 'part ' || n), id, unit_id, 'lead', '权责清单', at + %(step)s * 2,
    CASE WHEN reached > 3 THEN at + %(step)s * 3 END, CASE WHEN reached > 3 THEN 'handed_in' ELSE '' END
FROM drawn WHERE reached > 2 ORDER BY n
"""
#: The case clock runs from filing to closing and stands still while the result is checked; each stage has a step clock.
_CLOCKS = """
INSERT INTO cases_caseclock (id, case_id, kind, step, limit_value, limit_unit, calendar_version_id, started_at,
    running_since, paused_at, consumed, warn_at, due_at, is_provisional, stopped_at, is_overdue)
SELECT pg_temp.timed_id(began, kind || step || n), id, kind, shown, 4, 'work_hour', %(calendar)s, began,
    CASE WHEN ended IS NULL AND paused IS NULL THEN began END, CASE WHEN ended IS NULL THEN paused END, 0,
    began + %(step)s, began + %(step)s * 2, false, ended, CASE WHEN ended IS NOT NULL THEN n %% 9 = 0 END
FROM (
    SELECT n, id, 'step' AS kind, step, to_state AS shown, at + %(step)s * (step - 1) AS began,
           NULL::timestamptz AS paused, CASE WHEN step < reached THEN at + %(step)s * step END AS ended
    FROM drawn JOIN stage ON step <= reached AND reached < 6
    UNION ALL
    SELECT n, id, 'case', 0, 'case', at + %(step)s, CASE WHEN reached IN (4, 5) THEN at + %(step)s * 3 END,
           CASE WHEN reached = 6 THEN at + %(step)s * 5 END
    FROM drawn WHERE reached > 1
) AS clock ORDER BY n, began
"""
_MOVES = """
INSERT INTO cases_casemove (id, case_id, line_id, name, from_state, to_state, actor_kind, actor_id, unit_id,
    reason_code, public_text, internal_text, happened_at, recorded_at)
SELECT pg_temp.timed_id(at + %(step)s * (step - 1), 'move ' || step || n), id,
    pg_temp.timed_id(at + %(step)s * (step - 1), 'line ' || step || n), move, from_state, to_state, 'person', %(who)s,
    CASE WHEN step > 2 THEN unit_id END, '', CASE WHEN step = 4 THEN '已处置' ELSE '' END, '',
    at + %(step)s * (step - 1), at + %(step)s * (step - 1)
FROM drawn JOIN stage ON step <= reached AND (reached < 6 OR step = 6) ORDER BY n, step
"""
_LINES = """
INSERT INTO journal_line (id, kind, actor_kind, actor_id, actor_name, place_id, subject_type, subject_id, data,
    scheme_version, happened_at, recorded_at, mac, position)
SELECT pg_temp.timed_id(at + %(step)s * (step - 1), 'line ' || step || n), kind, 'person', %(who)s, '', place_id,
    'cases.case', id, jsonb_build_object('from_state', from_state, 'to_state', to_state, 'reason', NULL, 'unit',
    unit_id, 'condition', condition_id, 'overdue', false), '', at + %(step)s * (step - 1), at + %(step)s * (step - 1),
    sha256(id::text::bytea), 1000000 + row_number() OVER (ORDER BY n, step)
FROM drawn JOIN stage ON step <= reached AND (reached < 6 OR step = 6) ORDER BY n, step
"""


def lay_history(*, cases: int, until: datetime, who: UUID) -> None:
    """Write `cases` cases that were reported up to `until`, with clocks, moves and journal lines of the account `who`.

    Needed: a territory with grids, organisations, a catalogue and a calendar.
    """
    closed = cases - cases // OPEN_EACH
    values: dict[str, Any] = {
        "cases": cases,
        "closed": closed,
        "first": until - REACHES_BACK,
        "apart": (REACHES_BACK - timedelta(days=1)) / cases,
        "step": STEP,
        "grids": [area.id for area in territory().of_kind(AreaKind.GRID)],
        "units": list(Organisation.objects.order_by("code").values_list("id", flat=True)),
        "calendar": current_version().id,
        "who": who,
        **_spoken(),
    }
    with guard.scope("maintenance", "bench history"), transaction.atomic(), connection.cursor() as cursor:
        # Nobody else is here, and two million foreign keys are right by construction: their checks would take a minute.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        for definition in (_TIMED_ID, *_STAGES.split(";")):
            cursor.execute(definition)
        for statement in (_DRAWN, _SAID, _CASES, _REPORTS, _ASSIGNMENTS, _CLOCKS, _MOVES, _LINES):
            cursor.execute(statement, values)
        # Built over all rows at once, not row by row: a minute less.
        cursor.execute("DROP INDEX case_by_words")
        cursor.execute(_INDEXED, values)
        cursor.execute("CREATE INDEX case_by_words ON cases_caseindexed USING gin (words) WITH (fastupdate = off)")


def _spoken() -> dict[str, Any]:
    texts, addresses, words = zip(*said(), strict=True)
    return {"texts": list(texts), "addresses": list(addresses), "words": list(words), "variants": len(texts)}


def settle() -> None:
    """Let the server finish what a big load leaves behind, so that no lane pays for it."""
    with guard.scope("maintenance", "bench history"), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) cases_case, cases_caseindexed, cases_report, cases_casemove")
        cursor.execute(f"ANALYZE {', '.join(TABLES[1:])}")
        cursor.execute("CHECKPOINT")
