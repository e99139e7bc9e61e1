"""People for the access matrix: two records here, two there, with sealed values that stand on no page unrevealed."""

from datetime import date

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.testing import SETUP, SINCE, World
from liuchi.ground.people.actions import NewPerson, begin_care, import_people, set_care_categories
from liuchi.ground.people.identity import check_digit
from liuchi.ground.people.models import Person

HERE, THERE = "雀此处甲", "雀彼处乙"
PHONES = ("19988887771", "19988887772")
STREET, DIAGNOSIS, BASIS = "雀街九十九号", "雀之肢体一级", "雀字〔2024〕1号"
NUMBER = "99080319610203005" + check_digit("99080319610203005")


def samples(world: World) -> Samples:
    """Return somebody with a double here, one of them in the care register, and the same there."""
    set_care_categories(by=SETUP)
    here = _people(world, HERE, PHONES[0], grid=0, identity=NUMBER)
    there = _people(world, THERE, PHONES[1], grid=7)
    begin_care(
        by=SETUP,
        person_id=here[0].id,
        category="severe-disability",
        basis=BASIS,
        valid_from=date(2024, 9, 1),
        valid_to=date(2025, 8, 1),
        diagnosis=DIAGNOSIS,
    )
    one, other = {"person_id": here[0].id}, {"person_id": there[0].id}
    grid = world.grids[0].id
    return Samples(
        pages=(
            Sample("person", one, other),
            Sample("person-reveal", {**one, "field": "contact"}, {**other, "field": "contact"}),
            Sample("person-act", {**one, "name": "correct"}, {**other, "name": "correct"}, valid={"name": "改名"}),
            Sample("people-compare", {**one, "other_id": here[1].id}, {**other, "other_id": there[1].id}),
        ),
        canaries=(
            Canary(HERE, lambda viewer: viewer.allows("people.see", grid)),
            Canary(THERE, lambda viewer: viewer.allows("people.see", world.grids[7].id)),
            Canary(BASIS, lambda viewer: viewer.allows("people.care", grid)),
            *(Canary(words, None) for words in (*PHONES, NUMBER, STREET, DIAGNOSIS)),
        ),
    )


def _people(world: World, name: str, phone: str, *, grid: int, identity: str = "") -> list[Person]:
    home = world.grids[grid]
    people = [
        NewPerson(name, phone, identity, home=home, address=STREET),
        NewPerson(f"{name}二", phone, home=home),
    ]
    return import_people(by=SETUP, people=people, valid_from=SINCE)
