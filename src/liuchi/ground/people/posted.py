"""Who is responsible for an area by a post there: names that are posted in public, with the post they belong to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.people.models import PostHolding
from liuchi.ground.people.staff import name_of
from liuchi.ground.people.staffing import SEE, today
from liuchi.ground.territory.queries import in_force

#: Whoever draws the grids posts who is responsible in each.
DRAWS: Final = "territory.manage"


@dataclass(frozen=True)
class Posted:
    """Somebody who is responsible for an area, and by which post."""

    area_id: UUID
    title: str
    name: str


def posted_in(viewer: Reader, area_ids: Collection[UUID], on: date | None = None) -> list[Posted]:
    """Return who holds the posts of areas today (or on a day), by area and title, as far as the viewer may know.

    Name and grid of a grid worker are to be posted in public and kept up to date (滨州条例 2021, art. 6): whoever draws
    the grids of a place may therefore see them there, without seeing the staff roll.
    """
    reach = frozenset(area_ids) & (viewer.areas(SEE) | viewer.areas(DRAWS))
    rows = (
        PostHolding.objects.filter(in_force(on or today()), is_one_of("post__area_id", reach))
        .select_related("post", "person__merged_into")
        .order_by("post__area_id", "post__title", "valid_from", "id")
    )
    return [Posted(each.post.area_id, each.post.title, name_of(each.person)) for each in rows]
