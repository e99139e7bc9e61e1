"""Requests as they go out: the public view of a case, with its promised deadline as `expected_datetime`."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused
from liuchi.doors.open311.inputs import MOST, list_in, page_in, window_in
from liuchi.engines.cases.models import State
from liuchi.engines.cases.queries import classes, public_place
from liuchi.engines.cases.queries_open import UNCLASSIFIED, OpenCase, OpenFilters, open_cases


def asked(query: Mapping[str, str], area_id: UUID) -> OpenFilters:
    """Return what a request for requests asks for.

    Raises:
        Refused: 400, a span of over 90 days, a status that is none, a date or number that cannot be read.
    """
    numbers = list_in(query, "service_request_id")
    if numbers:
        return OpenFilters(area_id=area_id, numbers=numbers[:MOST], limit=MOST)
    since, until = window_in(query)
    skip, limit = page_in(query)
    return OpenFilters(
        area_id=area_id,
        matters=list_in(query, "service_code"),
        since=since,
        until=until,
        is_open=_standing(list_in(query, "status")),
        skip=skip,
        limit=limit,
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
