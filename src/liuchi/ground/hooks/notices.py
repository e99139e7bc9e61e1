"""What owners of subscriptions are told by the house's own messages."""

from pathlib import Path
from typing import Final
from uuid import uuid5

from django.urls import reverse
from django.utils.translation import gettext_lazy

from liuchi.ground.hooks.models import Subscription
from liuchi.ground.kernel import clock
from liuchi.ground.notices.audience import holders_anywhere, with_accounts
from liuchi.ground.notices.parameters import CODE, NUMBER
from liuchi.ground.notices.posting import Message, post
from liuchi.ground.notices.templates import Template, declare, topic

_TEXTS: Final = Path(__file__).parent / "texts"
HOOKS: Final = topic("hooks", gettext_lazy("Webhooks"), "hooks.manage", "hooks.receive")
STOPPED: Final = declare("hooks.stopped", HOOKS, _TEXTS, receiver=CODE, reason=CODE)
GIVEN_UP: Final = declare("hooks.given_up", HOOKS, _TEXTS, receiver=CODE, count=NUMBER)
TEMPLATES: Final = (STOPPED, GIVEN_UP)


def tell_stopped(subscription: Subscription) -> None:
    """Tell owner and managers that the house stopped a subscription. Runs inside an action."""
    facts: dict[str, object] = {"receiver": _receiver(subscription), "reason": subscription.stopped_because}
    _tell(subscription, STOPPED, facts, f"{subscription.changed_at.isoformat()}")


def tell_given_up(subscription: Subscription, count: int) -> None:
    """Tell them, once a day, that deliveries were laid aside. Runs inside an action."""
    _tell(subscription, GIVEN_UP, {"receiver": _receiver(subscription), "count": count}, f"{clock.now():%Y-%m-%d}")


def _tell(subscription: Subscription, template: Template, facts: dict[str, object], occasion: str) -> None:
    owner = with_accounts([subscription.key.owner.person_id])
    link = reverse("hook", args=[subscription.id])
    message = Message(template, uuid5(subscription.id, f"{template.code}:{occasion}"), facts, link=link)
    post(message, {*owner, *holders_anywhere("hooks.manage")})


def _receiver(subscription: Subscription) -> str:
    """Return the receiver's host as a code."""
    return subscription.origin.partition("://")[2].replace("[", "").replace("]", "")[:80]
