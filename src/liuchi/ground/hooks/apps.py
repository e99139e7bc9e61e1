"""The room as a Django application."""

from django.apps import AppConfig


class HooksConfig(AppConfig):
    """Webhooks."""

    name = "liuchi.ground.hooks"
