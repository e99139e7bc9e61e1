"""The addresses of the specification."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.open311.errors import Refused, answering
from liuchi.doors.open311.inputs import text_in
from liuchi.doors.open311.jurisdictions import Served, jurisdiction
from liuchi.doors.open311.reporting import take_in, taken_in, viewer_in
from liuchi.doors.open311.requests import asked, is_extended, requests
from liuchi.doors.open311.services import service, services
from liuchi.doors.open311.telling import take_update
from liuchi.doors.open311.tokens import number_of, token_of
from liuchi.doors.open311.updates import asked as asked_updates
from liuchi.doors.open311.updates import updates
from liuchi.doors.open311.writing import MEDIA, Items, written
from liuchi.doors.ui.rules import public
from liuchi.engines.cases.queries_open import OpenFilters
from liuchi.ground.access.viewers import Viewer

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
#: When what this door can do changed last.
CHANGESET = "2026-11-21T00:00:00+08:00"


@public
@answering
@require_GET
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Tell where the service is and what it speaks."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": request.build_absolute_uri("/open311/v2/"),
        "changeset": CHANGESET,
        "type": "test" if settings.LIUCHI_DEMO else "production",
        "formats": Items("format", [MEDIA["xml"].partition(";")[0], MEDIA["json"].partition(";")[0]]),
    }
    content = {
        "changeset": CHANGESET,
        "contact": _("The district's service desk, or the 12345 hotline"),
        "key_service": _("Keys are made by the district's administrator; apply with what you will do with them."),
        "endpoints": Items("endpoint", [endpoint]),
    }
    return written("discovery", content, form)


@public
@answering
@require_GET
def list_services(request: HttpRequest, form: str) -> HttpResponse:
    """List the services."""
    where = jurisdiction(text_in(request.GET, "jurisdiction_id"))
    return written("services", Items("service", [each.listed() for each in services(where.code)]), form)


@public
@answering
@require_GET
def define_service(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Tell what a service asks for."""
    where = jurisdiction(text_in(request.GET, "jurisdiction_id"))
    found = service(code, where.code)
    if found is None or not found.attributes:
        raise Refused(404, _("There is no definition of a service of this code."))
    return written("service_definition", found.definition(), form)


@public
@answering
@require_http_methods(["GET", "HEAD", "POST"])
def list_requests(request: HttpRequest, form: str) -> HttpResponse:
    """List requests as anybody may know them; by POST, take a new one in."""
    if request.method == "POST":
        return _take_in(request, form)
    where = jurisdiction(text_in(request.GET, "jurisdiction_id"))
    found = requests(asked(request.GET, where.area_id), extended=is_extended(request.GET))
    return written("service_requests", Items("request", found), form)


def _sender(request: HttpRequest) -> tuple[Viewer, Served]:
    """Return who sends something, and to which jurisdiction."""
    viewer = viewer_in(request)
    code = text_in(request.POST, "jurisdiction_id") or text_in(request.GET, "jurisdiction_id")
    return viewer, jurisdiction(code)


def _take_in(request: HttpRequest, form: str) -> HttpResponse:
    viewer, where = _sender(request)
    asked, receipt = take_in(request, viewer, where)
    told = taken_in(asked, receipt, token_of(receipt))
    return written("service_requests", Items("request", [told]), form, 201)


@public
@answering
@require_GET
def resolve_token(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """Return the number of the request that a token was given for."""
    jurisdiction(text_in(request.GET, "jurisdiction_id"))
    number = number_of(token)
    if number is None:
        raise Refused(404, _("There is no such token."))
    told = {"service_request_id": number, "token": token}
    return written("service_requests", Items("request", [told]), form)


@public
@answering
@require_GET
def read_request(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Return one request."""
    where = jurisdiction(text_in(request.GET, "jurisdiction_id"))
    one = OpenFilters(area_id=where.area_id, numbers=(number.replace("\0", ""),))
    found = requests(one, extended=is_extended(request.GET))
    if not found:
        raise Refused(404, _("There is no request of this id."))
    return written("service_requests", Items("request", found), form)


@public
@answering
@require_http_methods(["GET", "HEAD", "POST"])
def list_updates(request: HttpRequest, form: str) -> HttpResponse:
    """List what became of requests, as anybody may know it; by POST, take an update in."""
    if request.method == "POST":
        viewer, where = _sender(request)
        told = {"update_id": take_update(request, viewer, where.area_id)}
        return written("service_request_updates", Items("request_update", [told]), form)
    if text_in(request.GET, "api_key"):
        viewer_in(request)
    where = jurisdiction(text_in(request.GET, "jurisdiction_id"))
    found = updates(asked_updates(request.GET, where.area_id))
    return written("service_request_updates", Items("request_update", found), form)
