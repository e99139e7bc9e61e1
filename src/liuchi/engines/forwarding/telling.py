"""What another city is told of a case: what the route names, and never who reported it."""

from collections.abc import Mapping
from typing import Any

from liuchi.engines.cases.models import Case
from liuchi.engines.forwarding.models import Endpoint, Forwarded
from liuchi.engines.forwarding.speaking import Spoken
from liuchi.ground.records.protected import unseal

KEY = "forwarding.key"
#: The longest description that the specification allows.
_LONGEST = 4000


def spoken_to(endpoint: Endpoint) -> Spoken:
    """Return an endpoint as it is spoken to."""
    key = unseal(endpoint.key_sealed, KEY, endpoint.id) if endpoint.key_sealed else ""
    return Spoken(endpoint.address, endpoint.jurisdiction, key)


def route_for(endpoint: Endpoint, case: Case) -> Mapping[str, Any] | None:
    """Return the route that a case's class takes, None where it takes none."""
    matter = case.condition.case_class.matter if case.condition is not None else ""
    return next((route for route in endpoint.routes if route["class"] == matter), None)


def mark_of(forwarded: Forwarded) -> str:
    """Return what stands in the description so that a request can be found again."""
    return f"liuchi:{forwarded.id.hex}"


def form_for(forwarded: Forwarded, route: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of a request for a case, as the route says; "" where a case has no such thing."""
    case, tells = forwarded.case, set(route.get("tells", ()))
    condition = case.condition
    facts = {
        "{number}": case.number,
        "{class}": condition.case_class.name if condition else "",
        "{condition}": condition.condition if condition else "",
    }
    words = ""
    if "words" in tells:
        report = case.reports.filter(withdrawn_at=None).order_by("received_at", "id").first()
        words = report.text if report is not None else ""
    lines = [each for each in (words, facts["{class}"], facts["{condition}"], case.number) if each]
    mark = f"[{mark_of(forwarded)}]"
    form = [
        ("service_code", route["service"]),
        ("description", "\n".join(lines)[: _LONGEST - len(mark) - 1] + f"\n{mark}"),
    ]
    if "point" in tells and case.latitude is not None and case.longitude is not None:
        form += [("lat", f"{case.latitude:.6f}"), ("long", f"{case.longitude:.6f}")]
    if "address" in tells:
        form.append(("address_string", case.address or case.place.name))
    for code, value in route.get("attributes", {}).items():
        for place, fact in facts.items():
            value = value.replace(place, fact)  # noqa: PLW2901 - one place after the other
        form.append((f"attribute[{code}]", value))
    return form
