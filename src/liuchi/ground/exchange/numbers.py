"""Numbers of exports and imports: the day, and letters that nobody takes for another when reading aloud."""

from typing import Final

from django.utils import timezone

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.ids import new_id

_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_number(prefix: str) -> str:
    """Return a number such as EX20240912-7K3M9QW2; forty random bits keep it single."""
    random = new_id().int
    letters = "".join(_ALPHABET[(random >> (5 * place)) & 31] for place in range(8))
    return f"{prefix}{timezone.localtime(clock.now()):%Y%m%d}-{letters}"
