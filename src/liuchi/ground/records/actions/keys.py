"""Writing down that keys change, and sealing rows anew under the new ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.kernel.jobs import defer_at
from liuchi.ground.kernel.keyfile import KeyRefused, Use, read_keyfile
from liuchi.ground.kernel.keyfile import retire_key as take_out
from liuchi.ground.kernel.keyring import pin_keyring
from liuchi.ground.records.declared import declared
from liuchi.ground.records.key_counts import count_behind, needs
from liuchi.ground.records.kinds import KEY_ADDED, KEY_RETIRED, ROTATION_FINISHED, ROWS_SEALED_ANEW
from liuchi.ground.records.models import KeyRotation
from liuchi.ground.records.sealing_anew import anew, locked, write_anew

#: After so many seconds of a newer key nobody seals with the one before it.
SETTLED: Final = timedelta(seconds=3)
POWER: Final = "access.keys"
_NAMES: Final = UUID("7c1f2d8a-54f1-4e0a-9a3c-0c7f6f1f6b11")


class RotationRefused(RuleBroken):
    """The key cannot be added or retired now; the message says why and what to do."""

    code = "rotation_refused"


@dataclass(frozen=True)
class Step:
    """What one step did: rows sealed anew, values that no key opens, and the id to go on after (None at the end)."""

    rows: int
    broken: int
    last: Any


@action
def note_rotation(*, by: Actor, use: str, key: str, begins_at: datetime) -> KeyRotation:
    """Write down that a key comes into use, and have the worker seal anew from then on.

    Raises:
        NotAllowed: without the power access.keys.
    """
    _require(by)
    rotation = KeyRotation(use=use, key=key, begins_at=begins_at)
    if use == "signing":
        rotation.finished_at = begins_at  # what was signed stays signed
    record(
        kind=KEY_ADDED,
        by=by,
        subject_type="records.key_rotation",
        subject_id=rotation.id,
        data={"use": use, "key": key, "begins_at": begins_at},
        rows=[rotation],
    )
    defer_at(begins_at, "records.seal_anew")
    return rotation


@action
def seal_rows_anew(*, by: Actor, type_name: str, after: Any = None, limit: int) -> Step:
    """Seal and index anew up to `limit` rows of a type that are not under the current keys, those after the id `after`.

    Rows that somebody else holds are left for the next time. A value that no key opens is left as it is and counted.

    Raises:
        NotAllowed: without the power access.keys.
    """
    _require(by)
    record_type, ring = declared()[type_name], pin_keyring()
    rows = locked(record_type, ring, after, limit)
    fresh_rows = [anew(record_type, ring, row) for row in rows]
    changed = [fresh.row for fresh, row in zip(fresh_rows, rows, strict=True) if fresh.row != row]
    broken = sum(fresh.is_broken for fresh in fresh_rows)
    if changed:
        write_anew(record_type, changed)
        record(
            kind=ROWS_SEALED_ANEW,
            by=by,
            subject_type="records.record_type",
            subject_id=uuid5(_NAMES, type_name),
            data={"type": type_name, "rows": len(changed), "broken": broken},
        )
    return Step(len(changed), broken, rows[-1][0] if len(rows) == limit else None)


@action
def finish_rotation(*, by: Actor, use: Use, rows: int, broken: int) -> bool:
    """Write down that everything stands under the current key of `use`; tell whether that is so.

    Raises:
        NotAllowed: without the power access.keys.
    """
    _require(by)
    key = read_keyfile(Path(settings.LIUCHI_KEYS)).current(use, clock.now())
    rotation = KeyRotation.objects.select_for_update(of=("self",)).filter(use=use, key=key.name).first()
    if rotation is not None and rotation.finished_at is not None:
        return True
    left = sum(count_behind(each) for each in declared().values() if each.sealed)
    if left > broken or _has_older_transactions(key.starts + SETTLED):
        return False
    if rotation is None:
        begins_at = key.starts if key.starts.year > 1 else clock.now()
        rotation = KeyRotation.objects.create(use=use, key=key.name, begins_at=begins_at)
    rotation.rows, rotation.broken, rotation.finished_at = rows, broken, clock.now()
    rotation.save(update_fields=["rows", "broken", "finished_at"])
    record(
        kind=ROTATION_FINISHED,
        by=by,
        subject_type="records.key_rotation",
        subject_id=rotation.id,
        data={"rotation": rotation.id, "use": use, "key": key.name, "rows": rows, "broken": broken},
    )
    return True


@action
def retire_key(*, by: Actor, use: Use, name: str) -> None:
    """Take a key out of the key file that nothing needs any more.

    Raises:
        NotAllowed: without the power access.keys.
        RotationRefused: when values still stand under it, a transaction is running that may have used it, or it is the
            current key or none.
    """
    _require(by)
    folder, now = Path(settings.LIUCHI_KEYS), clock.now()
    newer = [key for key in read_keyfile(folder).uses[use] if key.secret and key.starts <= now and key.name != name]
    begun = max((key.starts for key in newer), default=now)
    if begun + SETTLED > now or _has_older_transactions(begun + SETTLED):
        raise RotationRefused(_("Something may still be using this key; try again in a moment."))
    left = [need for need in needs() if (need.use, need.key) == (use, name)]
    if left:
        told = ", ".join(f"{need.where}: {need.values}" for need in left)
        raise RotationRefused(
            _("Values still stand under %(key)s (%(where)s). The worker seals them anew; see `liuchi keys status`.")
            % {"key": name, "where": told}
        )
    KeyRotation.objects.filter(use=use, key=name).update(retired_at=now)
    record(
        kind=KEY_RETIRED,
        by=by,
        subject_type="records.record_type",
        subject_id=uuid5(_NAMES, f"{use} {name}"),
        data={"use": use, "key": name},
    )
    try:
        take_out(folder, use, name, now)
    except KeyRefused as error:
        raise RotationRefused(str(error)) from error


def _require(by: Actor) -> None:
    if not by.allows(POWER):
        raise NotAllowed(f"changing keys needs the power {POWER}")


def _has_older_transactions(moment: datetime) -> bool:
    """Tell whether a transaction of this database is still running that began before `moment`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND xact_start < %s",
            [moment],
        )
        (count,) = cursor.fetchone() or (0,)
    return bool(count)
