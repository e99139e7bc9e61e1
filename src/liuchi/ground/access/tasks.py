"""What the worker does for this room."""

from importlib import import_module

from django.conf import settings


def clear_sessions() -> None:
    """Delete the sessions that have run out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
