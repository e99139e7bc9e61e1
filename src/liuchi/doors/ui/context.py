"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """Return what every template may use: the viewer and whether this is a demo."""
    return {"viewer": getattr(request, "viewer", None), "is_demo": settings.LIUCHI_DEMO}
