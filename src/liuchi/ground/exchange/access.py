"""Who may take personal data out of the house, and who may bring files in."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.exchange.models import Import
from liuchi.ground.exchange.purposes import PURPOSES
from liuchi.ground.exchange.registers import Register
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken

EXPORT, IMPORT = "exchange.export", "exchange.import"


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


def may_import(by: Actor, register: Register) -> bool:
    """Tell whether the actor may bring files into a register: the power to import, and that of the register."""
    return by.allows(IMPORT) and by.allows(register.power)


def require_import(by: Actor, register: Register) -> None:
    """Refuse whoever may not bring files into a register.

    Raises:
        NotAllowed: the actor lacks exchange.import or the register's own power.
    """
    if not may_import(by, register):
        raise NotAllowed(_("You may not bring files into “%(register)s”.") % {"register": register.title})


def is_theirs(by: Actor, one: Import) -> bool:
    """Tell whether an import is the actor's own: it holds what they uploaded, and nobody else opens it."""
    return by.kind == "system" or (by.id is not None and by.id == one.actor_id)


def require_own(by: Actor, one: Import | None) -> Import:
    """Return the import when it is the actor's own.

    Raises:
        NotFound: it is not, or there is none.
    """
    if one is None or not is_theirs(by, one):
        raise NotFound(_("There is no such import, or somebody else made it."))
    return one
