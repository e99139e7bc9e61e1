"""Why somebody may or may not do something somewhere: which grant, role, hat and area chain; what is missing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liuchi.ground.access.hats import Hat, HeldGrant
from liuchi.ground.access.models import Grant, Role
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import territory


@dataclass(frozen=True)
class Because:
    """A grant that speaks for it: under which hat, and the areas from the grant's down to the one asked about."""

    grant: HeldGrant
    hat: Hat | None
    chain: tuple[Area, ...]
    is_worn: bool


@dataclass(frozen=True)
class Answer:
    """Whether `viewer` may `power` in `area` (None: somewhere) under the hat worn, why, and what else there is.

    `because` are the grants that give it there under any hat; `elsewhere` those that give it in other areas only;
    `past` grants of such roles that ended or have not begun; `would_do` the roles that hold the power.
    """

    power: str
    area: Area | None
    is_allowed: bool
    because: tuple[Because, ...]
    elsewhere: tuple[Because, ...]
    past: tuple[Grant, ...]
    would_do: tuple[Role, ...]

    @property
    def needs_other_hat(self) -> bool:
        """Tell whether only another hat would allow it."""
        return not self.is_allowed and bool(self.because)


def explain(viewer: Viewer, power: str, area_id: UUID | None = None) -> Answer:
    """Explain whether `viewer` holds `power`, in an area when one is given; three queries at most."""
    area = territory().holder(area_id) if area_id is not None else None
    above = territory().with_ancestors(area_id) if area_id is not None else frozenset()
    own = [grant for grant in viewer.held if grant.account_id == viewer.id and power in grant.powers]
    found = [_because(viewer, grant, area) for grant in own]
    fits = [each for each in found if area_id is None or each.grant.area_id in above]
    moment = clock.now()
    rows = Grant.objects.filter(account_id=viewer.id, role__powers__contains=[power]).select_related("role", "area")
    past = [row for row in rows.order_by("-valid_from", "id") if not _is_in_force(row, moment)]
    return Answer(
        power=power,
        area=area,
        is_allowed=viewer.allows(power, area_id),
        because=tuple(fits),
        elsewhere=tuple(each for each in found if each not in fits),
        past=tuple(past),
        would_do=tuple(Role.objects.filter(powers__contains=[power]).order_by("code")),
    )


def _because(viewer: Viewer, grant: HeldGrant, area: Area | None) -> Because:
    hat = next((each for each in viewer.hats if grant in each.grants), None)
    known = territory()
    here = known.areas.get(grant.area_id)
    path = known.path(area.id) if area is not None else [here] if here is not None else []
    below = [each for each in path if grant.area_id in known.with_ancestors(each.id)]
    return Because(grant, hat, tuple(below or ([here] if here is not None else [])), grant in viewer.grants)


def _is_in_force(row: Grant, moment: datetime) -> bool:
    return row.valid_from <= moment and (row.valid_to is None or row.valid_to > moment)
