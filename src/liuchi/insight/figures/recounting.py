"""Counting everything anew from the journal: after a big load, or where the figures are in doubt."""

from typing import Final

from django.db import connection, transaction

from liuchi.engines.cases.jurisdictions import outside_district
from liuchi.ground.kernel import guard
from liuchi.insight.figures.reactions import COUNTED

#: What `reactions.figures_of` says, for all lines at once; a test holds the two against each other.
_COUNT: Final = """
INSERT INTO figures_tally (figure, place_id, "on", count)
SELECT figure, place_id, (happened_at AT TIME ZONE 'Asia/Shanghai')::date, count(*)
FROM journal_line, LATERAL (
    VALUES (kind),
           (CASE WHEN kind = 'case.closed' AND (data->>'overdue')::boolean THEN 'case.closed_late' END),
           (CASE WHEN kind = 'case.rated' THEN 'case.rated.' || (data->>'rating') END)
) AS counted (figure)
WHERE position IS NOT NULL AND kind = ANY(%s) AND place_id IS NOT NULL AND place_id <> ALL(%s) AND figure IS NOT NULL
GROUP BY 1, 2, 3
"""


def recount() -> int:
    """Replace all tallies by what the sealed lines of cases say and return how many there are.

    Whoever calls it moves the checkpoint of the reaction `figures.cases`; nothing may be sealed meanwhile.
    """
    with guard.scope("maintenance", "figures.recount"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM figures_tally")
        cursor.execute(_COUNT, [list(COUNTED), list(outside_district())])
        return int(cursor.rowcount)
