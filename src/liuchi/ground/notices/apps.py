"""The room as a Django application: when all rooms stand, it gathers the messages that each declares."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NoticesConfig(AppConfig):
    """Reads `notices.py` of every room once all models are there, so that every process knows every message."""

    name = "liuchi.ground.notices"

    def ready(self) -> None:
        """Import this room's own messages and every other room's."""
        for own in ("composing", "reactions"):
            import_module(f"{self.name}.{own}")
        autodiscover_modules("notices")
