"""Read lines: somebody looked at a protected value, or looked for somebody by one, and said what for."""

from uuid import UUID

from liuchi.ground.access.kinds import LOOKED_UP, REVEALED
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.keyring import keyring

#: What a look-up that found nobody is about.
NOBODY = UUID(int=0)


@action
def record_reveal(
    *,
    by: Actor,
    subject_type: str,
    subject_id: UUID,
    field: str,
    purpose: str,
    person_id: UUID | None = None,
    place_id: UUID | None = None,
) -> None:
    """Leave the read line that a protected value was looked at, with the purpose; call before showing it.

    `field` and `purpose` are codes ("people.phone", "visiting"); `person_id` is whose value it is, where that is known;
    `place_id` is the area by which the value was within reach. Whether `by` may look, the caller has asked
    (PIPL art. 51).
    """
    record(
        kind=REVEALED,
        by=by,
        subject_type=subject_type,
        subject_id=subject_id,
        place_id=place_id,
        data={"field": field, "purpose": purpose, "person": person_id},
    )


@action
def record_look_up(
    *,
    by: Actor,
    field: str,
    value: str,
    purpose: str,
    found: UUID | None,
    place_id: UUID | None = None,
    is_found: bool | None = None,
) -> None:
    """Leave the read line that somebody was looked for by an exact value; `found` is who it was, or None.

    `is_found` tells whether anything came of it, where that may be without a person on record: what was reported by
    somebody who left a telephone only.
    Of `value` the line holds a keyed hash only: the same value looked for again is recognised, and nothing is told.
    """
    record(
        kind=LOOKED_UP,
        by=by,
        subject_type="people.person",
        subject_id=found or NOBODY,
        place_id=place_id,
        data={
            "field": field,
            "value": keyring().digest(value, f"access.look_up.{field}"),
            "purpose": purpose,
            "person": found,
            "is_found": found is not None if is_found is None else is_found,
        },
    )
