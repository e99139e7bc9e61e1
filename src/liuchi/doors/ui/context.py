"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from liuchi.doors.ui.middleware import find_viewer
from liuchi.doors.ui.nav import WORK_POWERS, tabs_for
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.notices.queries import MOST_COUNTED, unseen_count
from liuchi.ground.territory.queries import territory

#: Where the desk doors' addresses begin.
DESK = "/office/"


def house(request: HttpRequest) -> dict[str, object]:
    """Return what every template may use: the viewer, the district, whether this is a demo."""
    viewer = find_viewer(request)
    return {
        "viewer": viewer,
        "sections": tabs_for(viewer, request.path),
        "at_desk": request.path.startswith(DESK),
        "at_inbox": request.path == reverse("inbox"),
        "unseen": unseen_words(viewer),
        "works_here": works_here(viewer),
        "district": district_name(),
        "is_demo": settings.LIUCHI_DEMO,
        "return_to": request.get_full_path() if request.method == "GET" else "/",
    }


def unseen_words(viewer: Viewer | None) -> str:
    """Return how many new messages the badge shows, "" for none; it counts no further than 99."""
    count = unseen_count(viewer) if viewer is not None else 0
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


def works_here(viewer: Viewer | None) -> bool:
    """Tell whether somebody holds any power to work on cases."""
    return viewer is not None and any(viewer.allows(power) for power in WORK_POWERS)


def district_name() -> str:
    """Return the district's name; before a territory is imported, a general word."""
    try:
        return territory().root().name
    except NotFound:
        return _("This district")
