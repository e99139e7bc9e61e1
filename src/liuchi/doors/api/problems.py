"""What is answered when something cannot be done: problem documents (RFC 9457), the same form everywhere."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from liuchi.engines.cases.workflow import MoveRefused
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale

CONTENT_TYPE: Final = "application/problem+json"
#: Which status answers a rule that refused; the first that fits. All others: 422, understood but not acceptable.
_STATUS: Final[Sequence[tuple[type[RuleBroken], int]]] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Stale, 412),
    (MoveRefused, 409),
)


class Refused(Exception):
    """The door itself refuses: a key that is none, a header that is missing, too many requests."""

    def __init__(self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, dict(headers or {})


def used_before() -> Refused:
    """Return the answer to a name that was used for another request."""
    detail = _("This Idempotency-Key was used for something else. Choose a new one for each request.")
    return Refused(409, "key_used_before", detail)


def require(viewer: Viewer, *powers: str) -> None:
    """Refuse a key that holds none of `powers` anywhere.

    Raises:
        NotAllowed: it opens something else.
    """
    if not any(viewer.allows(power) for power in powers):
        raise NotAllowed(_("The key does not open this, here."))


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return a problem document: `code` is stable and for machines, `detail` says to people what to do.

    `errors` names the inputs at fault: each has `field` (as in the request) and `detail`.
    """
    content: dict[str, Any] = {
        "type": f"/api/v1/docs#{code}",
        "title": HTTPStatus(status).phrase if status in set(HTTPStatus) else code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": request.path,
    }
    if errors:
        content["errors"] = list(errors)
    response = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = CONTENT_TYPE
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def refusal(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Answer what the house refuses before this door is asked: no such address, unreadable, too large, a fault."""
    return problem(request, status, HTTPStatus(status).name.lower(), detail)


def broken_rule(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    """Answer an expected failure of an action or a query."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 422)
    errors = [{"field": error.field, "detail": str(error)}] if error.field else ()
    return problem(request, status, error.code, str(error), errors=errors)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Answer what this door refuses."""
    return problem(request, error.status, error.code, error.detail, headers=error.headers)


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer inputs that are not what the document describes, naming each of them."""
    errors = [{"field": _field(each["loc"]), "detail": str(each["msg"])} for each in error.errors]
    return problem(request, 422, "invalid", _("Some inputs are not as described. See errors."), errors=errors)


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that cannot be read."""
    if isinstance(error.__cause__, Refused):
        return refused(request, error.__cause__)
    detail = _("The body cannot be read as JSON in UTF-8.") if error.status_code == 400 else str(error)
    return problem(request, error.status_code, HTTPStatus(error.status_code).name.lower(), detail)


def _field(location: Sequence[object]) -> str:
    """Return the name of an input: the parts of its place but the first (where it stood) and the model's own."""
    parts = [str(part) for part in location[1:]]
    return ".".join(parts[1:] if len(parts) > 1 and location[0] == "body" else parts)
