"""What somebody may still do with what they reported."""

from liuchi.engines.cases.models import Case, Report, State

#: Until a unit has it, whoever reported a matter may take it back and end it; no source names another moment.
ENDS_WITH_IT = frozenset({State.RECEIVED, State.VERIFYING, State.FILED})


def may_edit(case: Case) -> bool:
    """Tell whether what was reported may still be changed."""
    return case.ended_at is None and case.filed_at is None


def ends_with_it(case: Case, own: list[Report]) -> bool:
    """Tell whether a case ends when `own`, the reports of one person in it, are taken back."""
    others = case.reports.filter(withdrawn_at=None).exclude(id__in=[report.id for report in own])
    return case.state in ENDS_WITH_IT and not others.exists() and not case.merged.exists()


def holds_place(report: Report) -> bool:
    """Tell whether the place of its case is that of a report: it came first, and with no other case."""
    return not report.is_joined and report.came_with_id is None
