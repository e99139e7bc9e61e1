"""Sign-in for every page unless the page says that it is public."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import PUBLIC, Viewer, viewer_of
from liuchi.ground.kernel.actors import Visitor

View = TypeVar("View", bound=Callable[..., HttpResponse])


def public(view: View) -> View:
    """Mark a view as open to everybody; `tests/house` holds the list of those."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def actor_of(request: HttpRequest) -> Viewer | Visitor:
    """Return who acts in this request: the viewer signed in, else the public visitor."""
    return cast("Viewer | None", getattr(request, "viewer", None)) or PUBLIC


def viewer_in(request: HttpRequest) -> Viewer:
    """Return the viewer signed in; only for views that are not public."""
    return cast("Viewer", request.viewer)  # type: ignore[attr-defined]


class SignInMiddleware:
    """Put the viewer on the request, and send whoever has not signed in to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the viewer once."""
        account = request.user if isinstance(request.user, Account) else None
        request.viewer = viewer_of(account) if account is not None else None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let through public views and people who signed in."""
        del args, kwargs
        if getattr(view, "is_public", False) or request.viewer is not None:  # type: ignore[attr-defined]
            return None
        return redirect_to_login(request.get_full_path())
