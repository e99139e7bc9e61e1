"""Requests as they go out: the public view of a case, with its promised deadline as `expected_datetime`."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused
from liuchi.doors.open311.inputs import list_in, moment_in, number_in
from liuchi.engines.cases.models import State
from liuchi.engines.cases.queries import classes, public_place
from liuchi.engines.cases.queries_open import UNCLASSIFIED, OpenCase, OpenFilters, open_cases
from liuchi.ground.kernel import clock

#: What the specification allows at most, and what is returned where nothing else is asked for.
LONGEST: Final = timedelta(days=90)
MOST: Final = 1000


def asked(query: Mapping[str, str], area_id: UUID) -> OpenFilters:
    """Return what a request for requests asks for.

    Raises:
        Refused: 400, a span of over 90 days, a status that is none, a date or number that cannot be read.
    """
    numbers = list_in(query, "service_request_id")
    if numbers:
        return OpenFilters(area_id=area_id, numbers=numbers[:MOST], limit=MOST)
    since, until = moment_in(query, "start_date"), moment_in(query, "end_date")
    if since is not None and until is not None and until - since > LONGEST:
        raise Refused(400, _("start_date and end_date may not lie more than 90 days apart."))
    if since is None:
        since = (until or clock.now()) - LONGEST
    until = until or since + LONGEST
    size = number_in(query, "page_size", usual=MOST if not query.get("page") else 50, most=MOST)
    page = number_in(query, "page", usual=1, most=100_000)
    return OpenFilters(
        area_id=area_id,
        matters=list_in(query, "service_code"),
        since=since,
        until=until,
        is_open=_standing(list_in(query, "status")),
        skip=(page - 1) * size,
        limit=size,
    )


def _standing(words: Iterable[str]) -> bool | None:
    said = {word.lower() for word in words}
    if said - {"open", "closed"}:
        raise Refused(400, _("status is open, closed, or both separated by a comma."))
    return said == {"open"} if len(said) == 1 else None


def requests(filters: OpenFilters) -> list[dict[str, Any]]:
    """Return the requests that fit, the newest first."""
    found = open_cases(filters)
    needs_names = any(case.asked and not case.code for case in found)
    names = {each.matter: each.name for each in classes()} if needs_names else {}
    return [_shown(case, names) for case in found]


def _shown(case: OpenCase, names: Mapping[str, str]) -> dict[str, Any]:
    code = f"{case.kind}-{case.code}" if case.code else case.asked or UNCLASSIFIED
    return {
        "service_request_id": case.number,
        "status": "closed" if case.ended_at else "open",
        "status_notes": str(State(case.state).label),
        "service_name": case.class_name or names.get(code) or _("Something else"),
        "service_code": code,
        "description": None,
        "agency_responsible": case.unit_name,
        "service_notice": None,
        "requested_datetime": case.reported_at,
        "updated_datetime": case.changed_at,
        "expected_datetime": case.due_at,
        "address": public_place(case),
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
