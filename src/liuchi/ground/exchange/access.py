"""Who may take personal data out of the house."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.exchange.purposes import PURPOSES
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken

EXPORT = "exchange.export"


class PurposeMissing(RuleBroken):
    """Personal data was to leave the house for no purpose that is known."""

    code = "purpose_missing"


def require_export(by: Actor, *, place_id: UUID | None, purpose: str) -> None:
    """Refuse to hand out personal data to somebody who may not have it there, or for nothing.

    Raises:
        NotAllowed: the actor lacks the power exchange.export there.
        PurposeMissing: the purpose is none of `PURPOSES`.
    """
    if not by.allows(EXPORT, place_id):
        raise NotAllowed(_("You may not export lists with personal data here."))
    if purpose not in PURPOSES:
        raise PurposeMissing(_("Say what you need the list for."), field="purpose")
