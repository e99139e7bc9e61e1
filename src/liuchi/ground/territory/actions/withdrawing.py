"""Taking back what a file of divisions or boundaries did to areas."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.exchange.registers import Problem, Written
from liuchi.ground.exchange.restoring import conflicts, put_back
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory.changing import POWER, hold_edition, raise_edition
from liuchi.ground.territory.kinds import AREAS_WITHDRAWN
from liuchi.ground.territory.models import Edition


@action
def withdraw_areas(*, by: Actor, written: Written) -> Sequence[tuple[int, Problem]]:
    """Let areas stand as before an import, as if it had never been; return the rows where that cannot be.

    Nothing is put back where anything is in the way: an area that was renamed since, or in which somebody lives.
    Journal: `territory.areas_withdrawn`.

    Raises:
        NotAllowed: the actor may not change the territory.
    """
    edition = _held(by)
    found = conflicts(written)
    every = [each for _number, result in written.done for each in result.touched]
    touched = [each for each in every if each.model in {"territory.Area", "territory.Boundary"}]
    if found or not touched:
        return found
    put_back(written)
    data = {"areas": len(touched), "edition": raise_edition(edition)}
    record(kind=AREAS_WITHDRAWN, by=by, subject_type="territory.area", subject_id=UUID(touched[0].pk), data=data)
    return []


def _held(by: Actor) -> Edition | None:
    if not by.allows(POWER):
        raise NotAllowed(_("You may not change the territory."))
    return hold_edition()
