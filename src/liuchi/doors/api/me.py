"""Who comes in with a key, and what it opens where."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from liuchi.doors.api.answers import answer
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import Me
from liuchi.doors.ui.middleware import viewer_in

router = Router(tags=["keys"])


@router.get("/me", response=ok(Me), url_name="api-me", operation_id="readMe")
def me(request: HttpRequest) -> HttpResponse:
    """Tell who comes in with this key, and what it opens where 授权."""
    viewer = viewer_in(request)
    grants: list[dict[str, Any]] = [
        {
            "powers": sorted(grant.powers),
            "area": grant.area_id,
            "organisation": grant.organisation_id,
            "role": grant.role,
        }
        for grant in viewer.grants
    ]
    return answer({"account": viewer.id, "username": viewer.username, "key": viewer.key_id, "grants": grants})
