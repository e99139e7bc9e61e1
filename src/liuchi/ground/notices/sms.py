"""Text messages: the interface to whatever gateway the district has, and one that shows them on the console.

A gateway sends registered templates only: `code` is ours; the gateway's adapter knows under which number the provider
registered it, and `parameters` are the words for its places.
"""

from collections.abc import Mapping
from functools import cache
from typing import Protocol, cast

import structlog
from django.conf import settings
from django.utils.module_loading import import_string

from liuchi.ground.records.protected import mask_phone

_log = structlog.get_logger(__name__)


class SmsGateway(Protocol):
    """Sends text messages."""

    def send(self, phone: str, code: str, parameters: Mapping[str, str], text: str) -> None:
        """Send the template `code` to `phone` (digits); `text` is how it reads, for gateways that take plain text.

        Raises:
            Failed: with a code, final where the number or the template is refused.
        """


class ConsoleGateway:
    """Shows text messages in the log instead of sending them, numbers masked: for demos and tries."""

    def send(self, phone: str, code: str, parameters: Mapping[str, str], text: str) -> None:
        """Log the message."""
        _log.info("sms.shown", phone=mask_phone(phone), template=code, places=sorted(parameters), text=text)


@cache
def gateway() -> SmsGateway:
    """Return the gateway that `settings.LIUCHI_SMS` names."""
    return cast("SmsGateway", import_string(settings.LIUCHI_SMS)())
