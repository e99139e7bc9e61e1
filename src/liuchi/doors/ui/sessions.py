"""How long a sign-in lasts: unused, and at all; shorter at the desk (GB/T 22239-2019, 8.1.4: sessions time out)."""

from django.conf import settings
from django.http import HttpRequest

from liuchi.ground.kernel import clock

_BEGAN, _SEEN = "began", "seen"
#: Use is noted at most once in so many seconds: each note is a write.
_EVERY = 60


def begin_session(request: HttpRequest) -> None:
    """Note that a sign-in began now."""
    request.session[_BEGAN] = request.session[_SEEN] = _now()


def has_run_out(request: HttpRequest) -> bool:
    """Tell whether the sign-in of this request was unused, or lasted, for too long; else note that it was used."""
    began, seen = request.session.get(_BEGAN), request.session.get(_SEEN)
    if began is None or seen is None:
        return False
    door = "desk" if request.path.startswith("/office/") else "other"
    idle, whole = settings.LIUCHI_SESSIONS[door]
    moment = _now()
    if moment - seen > idle.total_seconds() or moment - began > whole.total_seconds():
        return True
    if moment - seen > _EVERY:
        request.session[_SEEN] = moment
    return False


def _now() -> int:
    return int(clock.now().timestamp())
