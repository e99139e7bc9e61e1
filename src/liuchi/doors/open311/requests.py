"""Requests as they go out: the public view of a case, with its promised deadline as `expected_datetime`.

Where it is, is told as roughly as anybody may know: `address` names town and community, `address_id` is the community's
code, `lat` and `long` are one and the same point for everything in it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused
from liuchi.doors.open311.inputs import MOST, list_in, page_in, window_in
from liuchi.doors.open311.updates import notes
from liuchi.doors.open311.writing import Items
from liuchi.engines.cases.models import State
from liuchi.engines.cases.queries import classes, public_place
from liuchi.engines.cases.queries_open import UNCLASSIFIED, OpenCase, OpenFilters, open_cases
from liuchi.engines.cases.workflow import OPEN_STATES
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory


def asked(query: Mapping[str, str], area_id: UUID) -> OpenFilters:
    """Return what a request for requests asks for.

    Raises:
        Refused: 400, a span of over 90 days, a status that is none, a date or number that cannot be read.
    """
    numbers = list_in(query, "service_request_id")
    if numbers:
        return OpenFilters(area_id=area_id, numbers=tuple(numbers[:MOST]), limit=MOST)
    since, until = window_in(query)
    skip, limit = page_in(query)
    return OpenFilters(
        area_id=area_id,
        matters=tuple(list_in(query, "service_code")),
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


def is_extended(query: Mapping[str, str]) -> bool:
    """Tell whether a request asks for more than the specification knows: `extensions=true`, or CitySDK's by name."""
    return bool({"true", "1", "citysdk"} & {word.lower() for word in list_in(query, "extensions")})


def requests(filters: OpenFilters, *, extended: bool = False) -> list[dict[str, Any]]:
    """Return the requests that fit, the newest first; `extended`: each with its finer status and what became of it."""
    found = open_cases(filters)
    needs_names = any(case.asked and not case.code for case in found)
    names = {each.matter: each.name for each in classes()} if needs_names else {}
    rows = [_shown(case, names) for case in found]
    if extended:
        told = notes(case.number for case in found)
        for case, row in zip(found, rows, strict=True):
            row["extended_attributes"] = {"detailed_status": _DETAILED[case.state], "external_status_code": case.state}
            row["notes"] = Items("note", told.get(case.number, []))
    return rows


def _shown(case: OpenCase, names: Mapping[str, str]) -> dict[str, Any]:
    code = f"{case.kind}-{case.code}" if case.code else case.asked or UNCLASSIFIED
    known = territory()
    community = known.ancestor(case.place_id, AreaKind.COMMUNITY)
    longitude, latitude = (known.middle(community.id) if community is not None else None) or (None, None)
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
        "address_id": community.code if community is not None else None,
        "zipcode": None,
        "lat": latitude,
        "long": longitude,
        "media_url": None,
    }


#: CitySDK's word for each of our states.
_DETAILED: Final[Mapping[str, str]] = {
    **dict.fromkeys(OPEN_STATES, "IN_PROCESS"),
    State.RECEIVED: "RECEIVED",
    State.CLOSED: "PROCESSED",
    State.DISMISSED: "PROCESSED",
    State.MERGED: "PROCESSED",
    State.REFUSED: "REJECTED",
    State.WITHDRAWN: "REJECTED",
}
