"""One event a request: method, path without its query, status, milliseconds, who; never what was typed.

An address that is none of ours is what somebody typed, so it is not told either.
"""

import time
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from liuchi.doors.ui.middleware import GetResponse

HEALTH = "/healthz"
_log = structlog.get_logger(__name__)


class RequestLogMiddleware:
    """Gives each request a number that stands in all its events and in the answer's X-Request-ID."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and tell how it went."""
        number, started = uuid4().hex[:16], time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=number):
            response = self.get_response(request)
            viewer = getattr(request, "viewer", None)
            tell = _log.debug if request.path == HEALTH else _log.info
            tell(
                "request",
                method=request.method,
                path=_path(request),
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
                account=str(viewer.id) if viewer else None,
            )
        response.headers.setdefault("X-Request-ID", number)
        return response


def _path(request: HttpRequest) -> str:
    is_ours = request.resolver_match is not None or request.path.startswith(settings.STATIC_URL)
    return request.path if is_ours else "(no page)"
