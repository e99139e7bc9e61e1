"""Sign-in for every page unless the page says that it is public; expected refusals become pages; strict headers."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.defaults import page_not_found, permission_denied

from liuchi.doors.ui.kept import keep_fields
from liuchi.doors.ui.refusals import UNREAD, machine_answer, refuse
from liuchi.doors.ui.rules import rule_of
from liuchi.doors.ui.sessions import has_run_out
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import PUBLIC, Viewer, viewer_of
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound

GetResponse = Callable[[HttpRequest], HttpResponse]

_READABLE = frozenset({"utf-8", "utf8"})
#: What stands where the framework met bytes that are none of UTF-8.
_REPLACED = "\ufffd"
#: Under which name a session says by which way somebody signed in.
WAY = "signed_in_by"
#: Under which name a session keeps the hat that was chosen.
HAT = "hat"
#: What opens to somebody who has still to choose a password of their own.
WHILE_TEMPORARY = frozenset({"account", "sign-out"})
POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def find_viewer(request: HttpRequest) -> Viewer | None:
    """Return the viewer signed in, read once per request, or None."""
    if not hasattr(request, "viewer"):
        account = getattr(request, "user", None)
        hat = request.session.get(HAT, "") if isinstance(account, Account) else ""
        request.viewer = viewer_of(account, hat) if isinstance(account, Account) else None  # type: ignore[attr-defined]
    return cast("Viewer | None", request.viewer)  # type: ignore[attr-defined]


def actor_of(request: HttpRequest) -> Viewer | Visitor:
    """Return who acts in this request: the viewer signed in, else the public visitor."""
    return find_viewer(request) or PUBLIC


def viewer_in(request: HttpRequest) -> Viewer:
    """Return the viewer signed in; only for views that are not public."""
    return cast("Viewer", find_viewer(request))


class SignInMiddleware:
    """Send whoever has not signed in to the sign-in page, keeping what they were about to send."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the question is asked once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let through whom the view's own rule lets through; a view without a rule opens to nobody."""
        del args, kwargs
        rule = rule_of(view)
        if rule is not None and rule.is_by_key:
            return None
        if request.session.get(WAY) == "demo" and not settings.LIUCHI_DEMO:
            # The same data may be served in earnest one day; who came in without a password then is nobody.
            _let_out(request)
        if rule is not None and rule.is_public:
            return None
        if has_run_out(request):
            keep_fields(request)
            _let_out(request)
        viewer = find_viewer(request)
        if viewer is None:
            keep_fields(request)
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if getattr(request.user, "is_password_temporary", False) and _page_of(request) not in WHILE_TEMPORARY:
            return redirect("account")
        if rule is None or (rule.powers and not any(viewer.allows(power) for power in rule.powers)):
            message = _("This page is for staff who hold a power for it. Your own reports are on the first page.")
            return permission_denied(request, PermissionDenied(message))
        return None


def _let_out(request: HttpRequest) -> None:
    logout(request)
    request.viewer = None  # type: ignore[attr-defined]


def _page_of(request: HttpRequest) -> str:
    return str(request.resolver_match.url_name) if request.resolver_match is not None else ""


class RefusalMiddleware:
    """Answer "there is no such thing" with the 404 page and "not yours to do" with the 403 page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; machines are told in their own form that a method is none for this address."""
        response = self.get_response(request)
        if response.status_code != 405:
            return response
        told = machine_answer(request, 405, _("This method is none for this address."))
        if told is None:
            return response
        told["Allow"] = response["Allow"]
        return told

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn the two expected refusals into pages; everything else rises."""
        if isinstance(exception, NotFound):
            return page_not_found(request, Http404(str(exception)))
        if isinstance(exception, NotAllowed):
            return permission_denied(request, PermissionDenied(str(exception)))
        return None


#: What to do about a body that did not arrive as it should.
_UNREAD = {
    400: gettext_lazy("The request broke off. Send it again."),
    408: gettext_lazy("The request came too slowly. Send it again, or in smaller parts."),
    411: gettext_lazy("Say how long the body is: Content-Length. Bodies in chunks are not taken."),
}


class ReadableMiddleware:
    """Answer what cannot be read whole with a clear refusal: another encoding than UTF-8, or too much at once.

    The framework would put a mark in the place of each byte that is none of UTF-8, and somebody's words would be lost.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what can be read."""
        if UNREAD in request.META:
            return refuse(request, request.META[UNREAD], str(_UNREAD[request.META[UNREAD]]))
        claimed = (request.content_params or {}).get("charset", "utf-8")
        if claimed.lower() not in _READABLE:
            # Here, before anything asks for the fields: the framework's own answer would ask for them again.
            return refuse(request, 400, _("Write in UTF-8."))
        has_files = request.content_type == "multipart/form-data"
        most = settings.LIUCHI_MOST_UPLOADED if has_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if _length(request) > most:
            facts = {"most": most // 1024**2, "has_files": has_files}
            return refuse(request, 413, _("At most %(most)d MB at once.") % facts, facts)
        if not (_is_utf8(request.META.get("QUERY_STRING", "").encode("latin-1", "replace")) and _is_form_utf8(request)):
            return refuse(request, 400, _("Write in UTF-8."))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let through a form with files whose words could be read, now that it has been taken apart."""
        del args, kwargs
        rule = rule_of(view)
        takes_forms = rule is None or not rule.is_by_key
        if not takes_forms or request.method != "POST" or request.content_type != "multipart/form-data":
            return None
        if any(_REPLACED in text for _name, texts in request.POST.lists() for text in texts):
            return refuse(request, 400, _("Write in UTF-8."))
        return None


def _is_form_utf8(request: HttpRequest) -> bool:
    is_form = request.method == "POST" and request.content_type == "application/x-www-form-urlencoded"
    return not is_form or _is_utf8(request.body)


def _is_utf8(quoted: bytes) -> bool:
    try:
        unquote_to_bytes(quoted).decode()
    except UnicodeDecodeError:
        return False
    return True


def _length(request: HttpRequest) -> int:
    told = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(told) if told.isdecimal() else 0


class HeadersMiddleware:
    """Give every page a strict content policy; pages of somebody signed in are stored nowhere."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add headers that the view has not set itself."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        for name, value in getattr(request, "further_headers", {}).items():
            response.headers[name] = value
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        if getattr(request, "viewer", None) is not None:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
