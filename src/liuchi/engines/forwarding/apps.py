"""The room as a Django application."""

from django.apps import AppConfig


class ForwardingConfig(AppConfig):
    """Cases given to other cities."""

    name = "liuchi.engines.forwarding"
