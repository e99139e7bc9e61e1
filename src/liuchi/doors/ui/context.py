"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from liuchi.doors.ui.middleware import find_viewer
from liuchi.doors.ui.nav import WORK_POWERS, tabs_for
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound
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
        "works_here": works_here(viewer),
        "district": district_name(),
        "is_demo": settings.LIUCHI_DEMO,
        "return_to": request.get_full_path() if request.method == "GET" else "/",
    }


def works_here(viewer: Viewer | None) -> bool:
    """Tell whether somebody holds any power to work on cases."""
    return viewer is not None and any(viewer.allows(power) for power in WORK_POWERS)


def district_name() -> str:
    """Return the district's name; before a territory is imported, a general word."""
    try:
        return territory().root().name
    except NotFound:
        return _("This district")
