"""The page that explains the API to people; it loads nothing from elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from liuchi.doors.api.describing import groups
from liuchi.doors.ui.rules import public

#: The refusals of the door itself, by code: what each means.
REFUSALS = (
    ("no_key", 401, _("The key is missing, unknown, over, revoked, or comes from another network.")),
    ("not_allowed", 403, _("The key does not open this, here.")),
    ("not_found", 404, _("There is no such thing, or the key may not know of it.")),
    ("move_refused", 409, _("The case is not where this move starts. Read its open moves.")),
    ("key_used_before", 409, _("The Idempotency-Key was used for something else.")),
    ("stale", 412, _("Somebody changed the case after you read it. Read it again, then decide.")),
    ("invalid", 422, _("Inputs are not as described; errors names each.")),
    ("if_match_missing", 428, _("A change says on which version it was decided.")),
    ("too_many_requests", 429, _("Wait for as many seconds as Retry-After says.")),
)

#: What the groups of operations are called.
GROUPS = {
    "areas": _("Areas and grids"),
    "catalogue": _("Classes and conditions"),
    "organisations": _("Units"),
    "keys": _("Keys"),
    "uploads": _("Files over weak connections"),
    "cases": _("Cases"),
    "history": _("What happened"),
    "reports": _("Reports"),
    "moves": _("Moves"),
    "parts": _("Units that help"),
    "appeals": _("Appeals"),
    "supervision": _("Supervision"),
    "calls": _("Call-backs"),
    "webhooks": _("Webhooks"),
}


@public
@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Explain every operation, with a request to try."""
    shown = [(name, GROUPS.get(name, name), operations) for name, operations in groups().items()]
    host = request.build_absolute_uri("/").rstrip("/")
    return render(request, "api/docs.html", {"groups": shown, "refusals": REFUSALS, "host": host})
