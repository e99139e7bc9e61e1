"""A request and a service of Open311, for the access matrix: open to anybody, with nobody's words."""

from liuchi.doors.ui.samples import Sample, Samples
from liuchi.engines.cases.testing import World, report

WORDS = "金丝雀家门口的井盖坏了"
_PUBLIC = "what anybody may know"


def samples(world: World) -> Samples:
    """Return a case with words that this door never tells."""
    number = report(world, text=WORDS).number
    return Samples(
        pages=(
            Sample("open311-discovery", {"form": "xml"}, no_area=_PUBLIC),
            Sample("open311-services", {"form": "json"}, no_area=_PUBLIC),
            Sample("open311-service", {"code": "component-0109", "form": "xml"}, no_area=_PUBLIC),
            Sample("open311-token", {"token": "x", "form": "xml"}, no_area=_PUBLIC),
            Sample("open311-requests", {"form": "json"}, no_area=_PUBLIC),
            Sample("open311-updates", {"form": "json"}, no_area=_PUBLIC),
            Sample("open311-request", {"number": number, "form": "xml"}, no_area=_PUBLIC),
        ),
        canaries=(),
    )
