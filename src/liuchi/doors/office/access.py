"""Who may come behind the counter."""

from django.utils.translation import gettext as _

from liuchi.doors.ui.context import works_here
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed


def require_office(viewer: Viewer) -> None:
    """Refuse whoever holds no power to work on cases.

    Raises:
        NotAllowed: saying where a resident finds what they look for.
    """
    if not works_here(viewer):
        raise NotAllowed(_("This page is for staff who work on cases. Your own reports are on the first page."))
