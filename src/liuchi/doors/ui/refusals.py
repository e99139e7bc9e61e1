"""What the house answers before, or instead of, a view: the page of the status, or what the door's callers can read."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views import defaults

#: Where the server's environment says that a body did not arrive as it should, and by which status it is answered.
UNREAD: Final = "liuchi.unread"
#: Statuses that have a page of their own; people get the page of 400 for others.
_PAGES: Final = frozenset({400, 403, 404, 413, 500})
Refuse = Callable[[HttpRequest, int, str], HttpResponse]


def machine_answer(request: HttpRequest, status: int, detail: str) -> HttpResponse | None:
    """Return how the door that a request came to refuses machines, or None where people come in."""
    for prefix, refuse in _by_prefix().items():
        if request.path.startswith(prefix):
            return refuse(request, status, detail)
    return None


def refuse(request: HttpRequest, status: int, detail: str, facts: Mapping[str, Any] | None = None) -> HttpResponse:
    """Answer with `status`: machines with `detail`, people with the page of that status."""
    return machine_answer(request, status, detail) or render(
        request, f"{status if status in _PAGES else 400}.html", facts, status=status
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read."""
    return machine_answer(request, 400, _("The request cannot be read.")) or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not for whoever asks."""
    told = machine_answer(request, 403, str(exception))
    return told or defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that is none."""
    told = machine_answer(request, 404, _("There is nothing at this address."))
    return told or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours."""
    detail = _("Something went wrong here, and was noted. Try again; nothing was half done.")
    return machine_answer(request, 500, detail) or defaults.server_error(request)


@cache
def _by_prefix() -> dict[str, Refuse]:
    return {prefix: import_string(name) for prefix, name in settings.LIUCHI_REFUSALS.items()}
