"""What the worker does for this room."""

from importlib import import_module

from django.conf import settings

from liuchi.ground.access.actions import keys
from liuchi.ground.kernel.actors import System


def forget_answers() -> None:
    """Forget what other systems were answered days ago."""
    keys.forget_answers(by=System("access"))


def clear_sessions() -> None:
    """Delete the sessions that have run out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
