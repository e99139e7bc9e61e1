"""Other systems that come with a key: who they are, and how often they may."""

import threading
import time
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from liuchi.ground.access.actions.keys import record_key_use
from liuchi.ground.access.keys import viewer_for_key
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock

#: Keys whose use was noted, by key: the day. One process notes each key once a day.
_noted: dict[UUID, date] = {}
#: What each key has left in this process, and when that was counted: a bucket that fills at an even pace.
_buckets: dict[UUID, tuple[float, float]] = {}
_lock: Final = threading.Lock()


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


class TooMany(Exception):
    """A key is used too often; `headers` say when to go on."""

    def __init__(self, left: Left, wait: int) -> None:
        super().__init__(f"wait {wait} s")
        self.headers = {**left.headers, "Retry-After": str(wait)}


def viewer_with_key(request: HttpRequest, secret: str) -> Viewer | None:
    """Return the viewer of a key, now the viewer of the request, or None for a key that opens nothing.

    Raises:
        TooMany: the key made more than LIUCHI_API_RATE requests a minute and process.
    """
    viewer = viewer_for_key(secret, str(request.META.get("REMOTE_ADDR", "")))
    if viewer is None or viewer.key_id is None:
        return None
    request.viewer = viewer  # type: ignore[attr-defined]
    request.further_headers = _take(viewer.key_id).headers  # type: ignore[attr-defined]
    today = timezone.localdate(clock.now())
    if _noted.get(viewer.key_id) != today:
        record_key_use(by=viewer, key_id=viewer.key_id)
        _noted[viewer.key_id] = today
    return viewer


def _take(key_id: UUID) -> Left:
    """Take one request out of a key's bucket."""
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
        raise TooMany(answer, max(1, round((1 - left) / pace)))
    return answer
