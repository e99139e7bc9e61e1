"""Serving a file to the one reader its link was made for."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET

from liuchi.doors.ui.files import holder_of
from liuchi.doors.ui.rules import public
from liuchi.ground.attachments.links import GOOD_FOR, open_token
from liuchi.ground.attachments.queries import find_served
from liuchi.ground.attachments.sniffing import JPEG
from liuchi.ground.attachments.stores import store


@public
@require_GET
def file(request: HttpRequest, token: str) -> FileResponse:
    """Send a file; a link that is forged, too old or somebody else's leads nowhere."""
    named = open_token(token, holder_of(request))
    found = find_served(named.attachment_id) if named is not None else None
    if named is None or found is None:
        raise Http404
    small = named.variant == "thumbnail" and found.thumbnail_key
    try:
        opened = store().open(found.thumbnail_key if small else found.key)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened,
        content_type=JPEG if small else found.content_type,
        filename=found.name,
        as_attachment=not found.is_picture,
    )
    response["Cache-Control"] = f"private, max-age={int(GOOD_FOR.total_seconds())}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
