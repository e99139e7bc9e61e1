"""Counting what happened: one journal line, one count."""

from zoneinfo import ZoneInfo

from django.db import connection

from liuchi.engines.cases.jurisdictions import is_of_district
from liuchi.engines.cases.kinds import CASE_REPORTED, CASE_SPLIT_OFF, MOVED
from liuchi.ground.journal.models import Line

CHINA = ZoneInfo("Asia/Shanghai")
#: The kinds of lines that count: how cases begin, and every move.
COUNTED = frozenset({CASE_REPORTED.name, CASE_SPLIT_OFF.name, *(kind.name for kind in MOVED.values())})


def count_line(line: Line) -> None:
    """Add one to the tally named after the line's kind, for its place and its day in China.

    What is replayed beside the district counts in none of its figures.
    """
    if line.place_id is None or not is_of_district(line.place_id):
        return
    for figure in figures_of(line):
        _add(figure, line)


def figures_of(line: Line) -> list[str]:
    """Return the figures that a line counts in."""
    found = [line.kind]
    if line.kind == "case.closed" and line.data.get("overdue"):
        found.append("case.closed_late")
    if line.kind == "case.rated":
        found.append(f"case.rated.{line.data['rating']}")
    return found


def _add(figure: str, line: Line) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO figures_tally (figure, place_id, "on", count) VALUES (%s, %s, %s, 1)'
            ' ON CONFLICT (figure, "on", place_id) DO UPDATE SET count = figures_tally.count + 1',
            [figure, line.place_id, line.happened_at.astimezone(CHINA).date()],
        )
