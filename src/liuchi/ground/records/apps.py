"""The room as a Django application: when all rooms stand, it gathers what each says about its personal data."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    """Reads `personal.py` of every room once all models are there."""

    name = "liuchi.ground.records"

    def ready(self) -> None:
        """Import every room's `personal.py`, which declares its record types."""
        autodiscover_modules("personal")
