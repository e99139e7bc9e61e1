"""Who comes in: another system with a key (`Authorization: Bearer …`), and how often it may."""

import threading
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from liuchi.doors.api.problems import Refused
from liuchi.ground.access.actions.keys import record_key_use
from liuchi.ground.access.keys import viewer_for_key
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock

#: Keys whose use was noted, by key: the day. One process notes each key once a day.
_noted: dict[UUID, object] = {}


class ByKey(HttpBearer):
    """Lets in who brings a key that is in force; the request then has its viewer."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        """Return the viewer of a key.

        Raises:
            Refused: 401 for a key that opens nothing, 429 for one that is used too often.
        """
        viewer = viewer_for_key(token, str(request.META.get("REMOTE_ADDR", "")))
        if viewer is None or viewer.key_id is None:
            raise no_key()
        request.viewer = viewer  # type: ignore[attr-defined]
        request.further_headers = take(viewer.key_id).headers  # type: ignore[attr-defined]
        _note(viewer, viewer.key_id)
        return viewer


def no_key() -> Refused:
    """Return the answer to who comes without a key in force."""
    return Refused(
        401,
        "no_key",
        _("Send a key in force: Authorization: Bearer KEY. An administrator of the district makes keys."),
        headers={"WWW-Authenticate": 'Bearer realm="liuchi"'},
    )


@dataclass(frozen=True)
class Left:
    """What a key has left: requests at once, and in how many seconds all of them are there again."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that tell it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


#: What each key has left in this process, and when that was counted: a bucket that fills at an even pace.
_buckets: dict[UUID, tuple[float, float]] = {}
_lock: Final = threading.Lock()


def take(key_id: UUID) -> Left:
    """Take one request out of a key's bucket: LIUCHI_API_RATE requests a minute and process, as many at once.

    Raises:
        Refused: 429, with Retry-After in seconds.
    """
    most = settings.LIUCHI_API_RATE
    pace, now = most / 60, time.monotonic()
    with _lock:
        left, counted_at = _buckets.get(key_id, (float(most), now))
        left = min(float(most), left + (now - counted_at) * pace)
        is_allowed = left >= 1
        left -= is_allowed
        _buckets[key_id] = (left, now)
    answer = Left(most, int(left), round((most - left) / pace))
    if not is_allowed:
        wait = max(1, round((1 - left) / pace))
        detail = _("Too many requests with this key. Go on after the seconds that Retry-After names.")
        raise Refused(429, "too_many_requests", detail, headers={**answer.headers, "Retry-After": str(wait)})
    return answer


def _note(viewer: Viewer, key_id: UUID) -> None:
    today = timezone.localdate(clock.now())
    if _noted.get(key_id) != today:
        record_key_use(by=viewer, key_id=key_id)
        _noted[key_id] = today
