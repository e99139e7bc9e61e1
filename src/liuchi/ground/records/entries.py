"""What every entry of a register has to say, and who may make one."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.records.declared import declared

POWER: Final = "records.registers"
LONGEST: Final = 2000


class EntryRefused(RuleBroken):
    """An entry of a register cannot be so; the message says what to fill in."""

    code = "entry_refused"


def require_registers(by: Actor) -> None:
    """Refuse an actor without the power to keep the registers.

    Raises:
        NotAllowed: always then.
    """
    if not by.allows(POWER):
        raise NotAllowed(_("This is for the officer for personal information."))


def known_types(names: Sequence[str]) -> list[str]:
    """Return names of declared record types, each once, in order.

    Raises:
        EntryRefused: there is none, or one is unknown.
    """
    found = sorted(set(names))
    if not found or not set(found) <= declared().keys():
        raise EntryRefused(_("Choose which records are meant."), field="types")
    return found


def require_choice(value: str, choices: type[models.TextChoices], field: str) -> None:
    """Refuse a value that is not among the choices.

    Raises:
        EntryRefused: beside the field.
    """
    if value not in choices.values:
        raise EntryRefused(_("Choose one of these."), field=field)


def require_words(**given: str) -> dict[str, str]:
    """Return texts without blanks around them.

    Raises:
        EntryRefused: one is empty.
    """
    said = {name: text.strip() for name, text in given.items()}
    for name, text in said.items():
        if not text:
            raise EntryRefused(_("Please fill this in."), field=name)
    return said


def today() -> date:
    """Return today's date in China."""
    return timezone.localdate(clock.now())
