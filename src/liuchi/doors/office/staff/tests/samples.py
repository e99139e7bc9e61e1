"""Somebody on the roll of either town, for the access matrix."""

from datetime import date
from functools import partial

from liuchi.doors.ui.samples import Canary, Samples, both
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.actions.heads import Office, elect_head
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.actions.staff import employ_person
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.staffing import Meant

HEADS = ("金丝雀楼长", "画眉楼长")
NAMES = ("金丝雀职员", "画眉职员")
SINCE = date(2024, 3, 1)


def samples(world: World) -> Samples:
    """Return the two people on the roll."""
    towns = [Organisation.objects.get(code=code) for code in ("town-1", "town-2")]
    rows, posts, held = [], [], []
    heads: list[dict[str, object]] = []
    for number, (name, town) in enumerate(zip(NAMES, towns, strict=True)):
        entry = NewPerson(name, f"1990000778{number}")
        row = employ_person(
            by=SETUP, organisation_id=town.id, person=Meant(entry=entry), employer="recruited", on=SINCE
        )
        rows.append({"employment_id": row.id})
        post = open_post(by=SETUP, organisation_id=town.id, title="岗位", on=SINCE, seats=2)
        posts.append({"post_id": post.id})
        holding = take_post(by=SETUP, post_id=post.id, person=Meant(row.person_id), on=SINCE)
        held.append({"holding_id": holding.id, "name": "leave"})
    for name, grid in zip(HEADS, (world.grids[0], world.grids[7]), strict=True):
        head = elect_head(
            by=SETUP,
            person=Meant(entry=NewPerson(name, f"1990000779{len(heads)}")),
            office=Office("unit", grid.id, "2单元"),
            elected_how="residents",
            on=SINCE,
        )
        heads.append({"head_id": head.id})
    return Samples(
        pages=(
            both("unit-head", heads),
            both("unit-head-act", ({**each, "name": "end"} for each in heads)),
            both("staff-member", rows),
            both("staff-post", posts),
            both("staff-post-take", posts),
            both("staff-holding", held),
            both("staff-income", rows),
            both("staff-act", ({**each, "name": "end"} for each in rows)),
        ),
        canaries=tuple(Canary(name, partial(_sees, body=town)) for name, town in zip(NAMES, towns, strict=True)),
    )


def _sees(viewer: Viewer, body: Organisation) -> bool:
    return viewer.allows("staff.see", body.area_id)
