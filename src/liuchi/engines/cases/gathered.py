"""Several reports of one matter, several matters of one report: who stands behind a case, and what belongs together."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from liuchi.engines.cases.models import Case, Report, ReportVersion

#: Of cases that were merged or split so many are listed on a page.
MOST: Final = 50


def people_behind(case: Case) -> int:
    """Return how many people stand behind a case: each account and each telephone once, others by their reports."""
    found = Report.objects.filter(case=case, withdrawn_at=None).aggregate(
        accounts=Count("reporter", distinct=True),
        phones=Count("phone_index", distinct=True, filter=Q(reporter=None)),
        others=Count("id", filter=Q(reporter=None, phone_index=None)),
    )
    return int(sum(found.values()))


def people_among(reports: Iterable[Report]) -> int:
    """Return the same of reports that the caller holds already: all those of one case."""
    return len(
        {each.reporter_id or bytes(each.phone_index or b"") or each.id for each in reports if not each.withdrawn_at}
    )


def taken_in(case: Case) -> QuerySet[Case]:
    """Return the cases merged into one that the caller holds already, by number."""
    return case.merged.order_by("number")[:MOST]


def parts_of(case: Case) -> QuerySet[Case]:
    """Return what a message was split into beside `case`, which the caller holds already: the first and the others.

    Empty where it was not split.
    """
    first = case.split_from_id or case.id
    rows = Case.objects.filter(Q(id=first) | Q(split_from=first)).exclude(id=case.id)
    if not case.is_secret:
        rows = rows.filter(is_secret=False)  # who sees this one may not know of a part that was made secret since
    return rows.select_related("condition__case_class", "place").order_by("id")[:MOST]


def versions_of(reports: Iterable[Report]) -> dict[UUID, list[ReportVersion]]:
    """Return what reports that the caller holds already said before, oldest first."""
    found: dict[UUID, list[ReportVersion]] = {}
    for version in ReportVersion.objects.filter(report__in=[each.id for each in reports]).order_by("replaced_at", "id"):
        found.setdefault(version.report_id, []).append(version)
    return found
