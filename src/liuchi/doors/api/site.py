"""The API itself: its resources, who may come in, how refusals look, and the document that describes it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from liuchi.doors.api import (
    appeals,
    areas,
    bulk,
    calling,
    cases,
    catalogue,
    finding,
    gathering,
    history,
    hooks,
    me,
    moves,
    organisations,
    own,
    parts,
    suggestions,
    supervisions,
    uploads,
)
from liuchi.doors.api.described import describe
from liuchi.doors.api.keys import ByKey, no_key
from liuchi.doors.api.linking import link
from liuchi.doors.api.problems import Refused, broken_rule, invalid, refused, unreadable
from liuchi.doors.api.reading import StrictParser
from liuchi.doors.ui.rules import by_key, public
from liuchi.ground.kernel.errors import RuleBroken

DESCRIPTION = """
What other systems do with a district's cases: report, list, read, move. Every answer is what the key's owner would see
and could do on the pages, for the powers, areas and networks of the key.

Changes name the version they were decided on (`If-Match`), reports a key of their own (`Idempotency-Key`): repeat
without fear. Refusals are problem documents (RFC 9457). Moments carry an offset; coordinates are CGCS2000 degrees.
"""


ROOT = "/api/v1/"


class Api(NinjaAPI):
    """REST under /api/v1."""

    def get_root_path(self, path_params: dict[str, Any]) -> str:
        """Return where the API begins; its addresses stand in no namespace."""
        del path_params
        return ROOT

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> Any:
        """Return the OpenAPI 3.1 document, with meanings, examples, links, and refusals in their own media type."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        shapes = document["components"]["schemas"]
        for operations in document["paths"].values():
            for operation in operations.values():
                _spell_fields(operation, shapes)
        describe(document)
        link(document)
        return document


def _spell_fields(operation: dict[str, Any], shapes: dict[str, Any]) -> None:
    """Say which names the parameter `fields` of an operation takes: those of the rows it returns."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "fields":
            shape = _named(operation["responses"][200]["content"]["application/json"]["schema"], shapes)
            rows = shape["properties"].get("items")
            row = _named(rows["items"], shapes) if rows else shape
            row.pop("required", None)  # `fields` leaves any of them out
            name = "|".join(row["properties"])
            parameter["schema"] = {"type": "string", "default": "", "pattern": rf"^(({name})(,({name}))*)?$"}


def _named(schema: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = shapes[str(schema["$ref"]).rpartition("/")[2]] if "$ref" in schema else schema
    return found


api = Api(
    title="Liuchi 六尺",
    version="1.0.0",
    description=DESCRIPTION,
    auth=ByKey(),
    urls_namespace="api",
    openapi_url="openapi.json",
    docs_url=None,
    parser=StrictParser(),
)
api.add_router("/areas", areas.router)
api.add_router("", catalogue.router)
api.add_router("", organisations.router)
api.add_router("", me.router)
api.add_router("/cases", finding.router)
api.add_router("/cases", cases.router)
api.add_router("/cases", history.router)
api.add_router("/cases", suggestions.router)
api.add_router("/cases", own.router)
api.add_router("/cases", moves.router)
api.add_router("/cases", gathering.router)
api.add_router("/cases", parts.router)
api.add_router("", appeals.router)
api.add_router("", supervisions.router)
api.add_router("", calling.router)
api.add_router("/bulk", bulk.router)
api.add_router("/webhooks", hooks.router)
api.add_router("/uploads", uploads.router)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return refused(request, error)


@api.exception_handler(RuleBroken)
def _broken(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    return broken_rule(request, error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return invalid(request, error)


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    del error
    return refused(request, no_key())


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return unreadable(request, error)


def urlpatterns() -> list[URLPattern]:
    """Return the API's addresses: its description opens to everybody, everything else to a key."""
    found = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    for pattern in found:
        (public if pattern.name == "openapi-json" else by_key)(pattern.callback)
    return found
