"""The schematic map of the district, drawn here."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_GET

from liuchi.doors.resident.drawing import drawn_map, map_tag
from liuchi.doors.ui.rules import public


def _tag(request: HttpRequest) -> str:
    del request
    return map_tag()


@public
@require_GET
@condition(etag_func=_tag)
def district_map(request: HttpRequest) -> HttpResponse:
    """Send the map; the tag changes with the territory and with the shades."""
    del request
    response = HttpResponse(drawn_map(), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=60"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
