"""Who comes in: another system with a key, in `Authorization: Bearer …`."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from liuchi.doors.api.problems import Refused
from liuchi.doors.ui.keys import TooMany, viewer_with_key
from liuchi.ground.access.viewers import Viewer


class ByKey(HttpBearer):
    """Lets in who brings a key that is in force; the request then has its viewer."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        """Return the viewer of a key.

        Raises:
            Refused: 401 for a key that opens nothing, 429 for one that is used too often.
        """
        try:
            viewer = viewer_with_key(request, token)
        except TooMany as error:
            detail = _("Too many requests with this key. Go on after the seconds that Retry-After names.")
            raise Refused(429, "too_many_requests", detail, headers=error.headers) from error
        if viewer is None:
            raise no_key()
        return viewer


def no_key() -> Refused:
    """Return the answer to who comes without a key in force."""
    return Refused(
        401,
        "no_key",
        _("Send a key in force: Authorization: Bearer KEY. An administrator of the district makes keys."),
        headers={"WWW-Authenticate": 'Bearer realm="liuchi"'},
    )
