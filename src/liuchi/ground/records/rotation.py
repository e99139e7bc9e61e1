"""Changing keys while everything runs: announce a key, then seal everything anew in small steps."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.kernel.keyfile import Key, KeyRefused, Use, add_key, read_keyfile
from liuchi.ground.records.actions.keys import POWER, RotationRefused, finish_rotation, note_rotation, seal_rows_anew
from liuchi.ground.records.declared import declared
from liuchi.ground.records.models import KeyRotation

#: Seconds from announcing a key to its use: every process looks at the key file once a second.
NOTICE: Final = 10
#: Rows sealed anew in one transaction.
STEP: Final = 500
#: Uses whose values can be made again from what is sealed.
RESEALED: Final[tuple[Use, ...]] = ("sealing", "index")


def rotate_key(*, by: Actor, use: Use, notice: int = NOTICE) -> Key:
    """Add a key of `use` to the key file, current in `notice` seconds, and have everything sealed anew from then on.

    Give more notice where the file has to be carried to other machines first.

    Raises:
        NotAllowed: without the power access.keys.
        RotationRefused: while another key of this use waits for its time.
    """
    if not by.allows(POWER):
        raise NotAllowed(f"changing keys needs the power {POWER}")
    begins_at = clock.now() + timedelta(seconds=notice)
    try:
        key = add_key(Path(settings.LIUCHI_KEYS), use, begins_at)
    except KeyRefused as error:
        raise RotationRefused(str(error)) from error
    note_rotation(by=by, use=use, key=key.name, begins_at=begins_at)
    return key


def seal_everything_anew(*, by: Actor, pause: Callable[[], None] = lambda: None) -> bool:
    """Bring every declared sealed value under the current keys, in small steps; tell whether nothing is left.

    Stopped or killed anywhere, the next call goes on where this one was. `pause` is called between steps.
    """
    rows = broken = 0
    for record_type in [each for each in declared().values() if each.sealed]:
        after = None
        while True:
            pause()
            step = seal_rows_anew(by=by, type_name=record_type.name, after=after, limit=STEP)
            rows, broken, after = rows + step.rows, broken + step.broken, step.last
            if after is None:
                break
    done = [finish_rotation(by=by, use=use, rows=rows, broken=broken) for use in RESEALED]
    return all(done)


def is_settled() -> bool:
    """Tell whether everything is known to stand under the keys that are current now."""
    file, now = read_keyfile(Path(settings.LIUCHI_KEYS)), clock.now()
    done = set(KeyRotation.objects.exclude(finished_at=None).values_list("use", "key"))
    return all((use, file.current(use, now).name) in done for use in RESEALED)
