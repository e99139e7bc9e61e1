"""Somebody on the roll of either town, for the access matrix."""

from datetime import date
from functools import partial

from liuchi.doors.ui.samples import Canary, Samples, both
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.actions.staff import employ_person
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.staffing import Meant

NAMES = ("金丝雀职员", "画眉职员")
SINCE = date(2024, 3, 1)


def samples(world: World) -> Samples:
    """Return the two people on the roll."""
    towns = [Organisation.objects.get(code=code) for code in ("town-1", "town-2")]
    rows = []
    for number, (name, town) in enumerate(zip(NAMES, towns, strict=True)):
        entry = NewPerson(name, f"1990000778{number}")
        row = employ_person(
            by=SETUP, organisation_id=town.id, person=Meant(entry=entry), employer="recruited", on=SINCE
        )
        rows.append({"employment_id": row.id})
    return Samples(
        pages=(
            both("staff-member", rows),
            both("staff-income", rows),
            both("staff-act", ({**each, "name": "end"} for each in rows)),
        ),
        canaries=tuple(Canary(name, partial(_sees, body=town)) for name, town in zip(NAMES, towns, strict=True)),
    )


def _sees(viewer: Viewer, body: Organisation) -> bool:
    return viewer.allows("staff.see", body.area_id)
