"""What a house's cases say, without what differs from instance to instance: to compare two runs of the demo."""

import hashlib
from datetime import datetime
from typing import Final

from django.db import connection

#: Ids of other rooms stand as codes; keys, keyed hashes and sequence numbers are left out.
_CONTENT: Final = {
    "cases": """
        SELECT concat_ws('|', c.id, left(c.number, 8), c.version, c.state, c.channel, a.code, c.longitude, c.latitude,
            k.code, f.number, o.code, c.reported_at, c.filed_at, c.due_at, c.step_due_at, c.step_warn_at, c.ended_at,
            c.rating, c.rated_at)
        FROM cases_case c JOIN territory_area a ON a.id = c.place_id
        LEFT JOIN cases_filingcondition f ON f.id = c.condition_id
        LEFT JOIN cases_caseclass k ON k.id = f.case_class_id
        LEFT JOIN organisations_organisation o ON o.id = c.unit_id WHERE c.reported_at >= %s ORDER BY c.id
    """,
    "reports": """
        SELECT concat_ws('|', r.id, r.case_id, r.text, r.channel, r.received_at)
        FROM cases_report r JOIN cases_case c ON c.id = r.case_id WHERE c.reported_at >= %s ORDER BY r.id
    """,
    "clocks": """
        SELECT concat_ws('|', t.id, t.case_id, t.kind, t.step, t.limit_value, t.limit_unit, t.extension_value,
            t.started_at, t.running_since, t.paused_at, t.consumed, t.rested, t.warn_at, t.due_at, t.stopped_at,
            t.is_overdue, t.excused, t.rests_until, t.assignment_id)
        FROM cases_caseclock t JOIN cases_case c ON c.id = t.case_id WHERE c.reported_at >= %s ORDER BY t.id
    """,
    "moves": """
        SELECT concat_ws('|', m.id, m.case_id, m.line_id, m.name, m.from_state, m.to_state, m.actor_kind, u.username,
            o.code, m.reason_code, m.public_text, m.internal_text, m.happened_at, m.recorded_at)
        FROM cases_casemove m JOIN cases_case c ON c.id = m.case_id LEFT JOIN access_account u ON u.id = m.actor_id
        LEFT JOIN organisations_organisation o ON o.id = m.unit_id WHERE c.reported_at >= %s ORDER BY m.id
    """,
    "appeals": """
        SELECT concat_ws('|', p.id, p.clock_id, p.asked_id, p.decided_id, p.is_upheld)
        FROM cases_appeal p JOIN cases_case c ON c.id = p.case_id WHERE c.reported_at >= %s ORDER BY p.id
    """,
    "parts": """
        SELECT concat_ws('|', p.id, p.case_id, o.code, p.role, p.reason, p.assigned_at, p.ended_at, p.outcome)
        FROM cases_assignment p JOIN cases_case c ON c.id = p.case_id
        JOIN organisations_organisation o ON o.id = p.unit_id WHERE c.reported_at >= %s ORDER BY p.id
    """,
}


def content_hash(since: datetime) -> str:
    """Return a hash of what the cases say that were reported since a moment (UTC), the same in every instance."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        for statement in _CONTENT.values():
            cursor.execute(statement, [since])
            while rows := cursor.fetchmany(5000):
                digest.update("\n".join(row for (row,) in rows).encode())
    return digest.hexdigest()
