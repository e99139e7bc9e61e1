"""People for the access matrix: two records here, two there, with sealed values that stand on no page unrevealed."""

from datetime import date

from liuchi.doors.ui.samples import Canary, Sample, Samples, both
from liuchi.engines.cases.testing import SETUP, SINCE, World
from liuchi.ground.people.actions import (
    NewPerson,
    begin_care,
    give_consent,
    import_people,
    publish_consent_text,
    set_care_categories,
)
from liuchi.ground.people.actions.households import open_household
from liuchi.ground.people.identity import check_digit
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import Person
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Dwelling

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
    kept, far = (_household(each[1]) for each in (here, there))
    rooms = _rooms(world)
    text = publish_consent_text(by=SETUP, purpose="photos", title="活动照片", text="同意拍照")
    give_consent(by=SETUP, person_id=here[0].id, text_id=text.id, way="paper")
    return Samples(
        pages=(
            Sample("person", one, other),
            Sample("person-reveal", {**one, "field": "contact"}, {**other, "field": "contact"}),
            Sample("person-act", {**one, "name": "correct"}, {**other, "name": "correct"}, valid={"name": "改名"}),
            Sample("household", kept, far),
            Sample("household-act", {**kept, "name": "leave"}, {**far, "name": "leave"}),
            Sample("household-new", one, other),
            both("room-move-in", rooms),
            Sample("consent-text", {"text_id": text.id}, no_area="what people are asked to agree to is public"),
            Sample("care-category", {"code": "orphan"}, no_area="categories are the district's"),
            Sample("care-category-retire", {"code": "orphan"}, no_area="categories are the district's"),
            Sample("people-compare", {**one, "other_id": here[1].id}, {**other, "other_id": there[1].id}),
        ),
        canaries=(
            Canary(HERE, lambda viewer: viewer.allows("people.see", grid)),
            Canary(THERE, lambda viewer: viewer.allows("people.see", world.grids[7].id)),
            Canary(BASIS, lambda viewer: viewer.allows("people.care", grid)),
            *(Canary(words, None) for words in (*PHONES, NUMBER, STREET, DIAGNOSIS)),
        ),
    )


def _household(person: Person) -> dict[str, object]:
    home = HomePlace(area_id=person.home_id, address=STREET)
    return {"household_id": open_household(by=SETUP, home=home, members=[(person.id, "head")], on=SINCE).id}


def _rooms(world: World) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for number, (grid, community) in enumerate(((0, 0), (7, 3))):
        building = NewBuilding("1", area_id=world.grids[grid].id, dwellings=(NewDwelling("101", 1),))
        estate = NewEstate(f"雀{number}", f"雀园{number}", world.communities[community].id, buildings=(building,))
        import_estates(by=SETUP, estates=[estate], valid_from=SINCE)
        found.append({"dwelling_id": Dwelling.objects.get(building__estate__code=estate.code).id})
    return found


def _people(world: World, name: str, phone: str, *, grid: int, identity: str = "") -> list[Person]:
    home = world.grids[grid]
    people = [
        NewPerson(name, phone, identity, home=home, address=STREET),
        NewPerson(f"{name}二", phone, home=home),
    ]
    return import_people(by=SETUP, people=people, valid_from=SINCE)
