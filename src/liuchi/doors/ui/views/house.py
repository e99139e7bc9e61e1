"""Language, health, and forms that waited too long."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from liuchi.doors.ui.kept import keep_fields
from liuchi.doors.ui.rules import public

#: How the framework begins to say that a form came from another site.
_FOREIGN = ("Origin checking failed", "Referer checking failed")


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Set the language of this browser and go back to the page."""
    return set_language(request)


@public
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Tell whether the house is up and its database answers."""
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


@public
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is not ours (any more): what was typed is kept, unless it came from another site.

    A POST without the token and the cookie of a page of ours is nobody's lost work: nothing of it is kept.
    """
    comes_from_a_page = bool(request.POST.get("csrfmiddlewaretoken")) and settings.CSRF_COOKIE_NAME in request.COOKIES
    kept = comes_from_a_page and not reason.startswith(_FOREIGN) and keep_fields(request)
    return render(request, "ui/expired.html", {"kept": kept, "path": request.path}, status=403)
