"""Joining and separating: nothing is lost, everything is found, and undoing is exact."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people.actions import (
    MergeRefused,
    NewPerson,
    SeparationRefused,
    change_person,
    erase_person,
    import_people,
    merge_people,
    move_person,
    separate_people,
)
from liuchi.ground.people.history import facts_at
from liuchi.ground.people.models import Merge, Person, PersonChange, Residence
from liuchi.ground.people.queries import erased_in, ids_of, record_in_force, same_person
from liuchi.ground.people.testing import NOW, SETUP, SINCE, TODAY, Place, number, resident
from liuchi.ground.people.values import FACTS, facts_of

BORN = date(1950, 1, 1)


@pytest.fixture
def two(place: Place) -> tuple[Person, Person]:
    return (
        resident("张三", "19900000001", place.grids[0], address="一号楼"),
        resident("张山", "19900000002", place.grids[1], identity=number(BORN), address="二号楼"),
    )


def standing(ids: set[UUID] | None = None) -> dict[UUID, tuple[object, ...]]:
    """Return what records say and point at, whatever their ciphertext."""
    return {
        person.id: (
            facts_of(person),
            person.merged_into_id,
            bytes(person.identity_index or b""),
            bytes(person.phone_index or b""),
            bytes(person.name_order),
            sorted((each.area_id, each.valid_from, each.valid_to) for each in person.residences.all()),
        )
        for person in (Person.objects.all() if ids is None else Person.objects.filter(id__in=ids))
    }


def test_records_when_joined_then_gaps_are_filled_and_everything_is_found_through_the_one_kept(
    place: Place, two: tuple[Person, Person]
) -> None:
    kept, absorbed = two

    merge_id = merge_people(by=place.clerk("manage"), keep=kept.id, absorb=absorbed.id, reason="同一人")

    kept.refresh_from_db()
    facts = facts_of(kept)
    assert (facts["name"], facts["phone"]) == ("张三", "19900000001")
    assert (facts["identity"], facts["birth_on"], facts["sex"]) == (f"citizen:{number(BORN)}", "1950-01-01", "1")
    assert ids_of(absorbed.id) == ids_of(kept.id) == {kept.id, absorbed.id}
    assert record_in_force(absorbed.id) == record_in_force(kept.id) == kept.id
    assert set(Residence.objects.filter(same_person("person", absorbed.id))) == set(Residence.objects.all())
    line = Line.objects.get(kind="people.merged")
    assert line.data == {"kept": str(kept.id), "absorbed": str(absorbed.id), "merge": str(merge_id)}


def test_records_when_joined_by_choice_then_the_chosen_values_stand(place: Place, two: tuple[Person, Person]) -> None:
    kept, absorbed = two

    merge_people(
        by=place.clerk("manage"),
        keep=kept.id,
        absorb=absorbed.id,
        choices={"name": "absorbed", "phone": "absorbed", "identity": "kept", "home": "absorbed"},
    )

    kept.refresh_from_db()
    facts = facts_of(kept)
    assert (facts["name"], facts["phone"], facts["identity"]) == ("张山", "19900000002", "")
    assert kept.home == place.grids[1]


def test_records_when_separated_then_each_is_as_before(place: Place, two: tuple[Person, Person]) -> None:
    before, clerk = standing(), place.clerk("manage")
    merge_id = merge_people(by=clerk, keep=two[0].id, absorb=two[1].id, choices={"name": "absorbed"})

    stayed = separate_people(by=clerk, merge_id=merge_id, reason="不是同一人")

    merge = Merge.objects.get()
    assert (standing(), stayed) == (before, ())
    assert (merge.undone_by_id, merge.undone_reason) == (clerk.id, "不是同一人")
    assert ids_of(two[0].id) == {two[0].id}
    assert Line.objects.filter(kind="people.separated").count() == 1


def test_records_when_corrected_after_joining_then_the_correction_stays_and_is_told(
    place: Place, two: tuple[Person, Person]
) -> None:
    clerk = place.clerk("manage")
    merge_id = merge_people(
        by=clerk, keep=two[0].id, absorb=two[1].id, choices={"name": "absorbed", "phone": "absorbed"}
    )
    change_person(by=clerk, person_id=two[1].id, facts={"phone": "19900000009"})

    stayed = separate_people(by=clerk, merge_id=merge_id)

    facts = facts_of(Person.objects.get(id=two[0].id))
    assert stayed == ("phone",)
    assert (facts["name"], facts["phone"], facts["identity"]) == ("张三", "19900000009", "")


def test_records_when_seen_as_of_before_then_as_they_were(place: Place, two: tuple[Person, Person]) -> None:
    with frozen_at(NOW + timedelta(days=1)):
        merge_people(by=SETUP, keep=two[0].id, absorb=two[1].id, choices={"name": "absorbed"})
    kept = Person.objects.get(id=two[0].id)

    assert facts_at(kept, NOW)["name"] == "张三"
    assert facts_at(kept, NOW + timedelta(days=2))["name"] == "张山"


def test_records_when_joined_in_a_row_then_separated_newest_first(place: Place, two: tuple[Person, Person]) -> None:
    third = resident("张叁", "19900000003", place.grids[0])
    before = standing()
    first = merge_people(by=SETUP, keep=two[0].id, absorb=two[1].id)
    after_first = standing()
    second = merge_people(by=SETUP, keep=third.id, absorb=two[0].id)

    assert ids_of(two[1].id) == {third.id, two[0].id, two[1].id}
    assert Person.objects.get(id=two[1].id).merged_into_id == third.id
    with pytest.raises(SeparationRefused):
        separate_people(by=SETUP, merge_id=first)
    separate_people(by=SETUP, merge_id=second)
    assert standing() == after_first
    separate_people(by=SETUP, merge_id=first)
    assert standing() == before


def test_records_when_two_were_joined_with_one_then_the_older_waits(place: Place, two: tuple[Person, Person]) -> None:
    third = resident("张叁", "19900000003", place.grids[0])
    first = merge_people(by=SETUP, keep=two[0].id, absorb=two[1].id, choices={"phone": "absorbed"})
    merge_people(by=SETUP, keep=two[0].id, absorb=third.id, choices={"phone": "absorbed"})

    with pytest.raises(SeparationRefused):
        separate_people(by=SETUP, merge_id=first)


def test_separating_when_the_number_belongs_to_another_meanwhile_then_refused(
    place: Place, two: tuple[Person, Person]
) -> None:
    merge_id = merge_people(by=SETUP, keep=two[0].id, absorb=two[1].id, choices={"identity": "kept"})
    resident("别人", "19900000008", place.one)
    other = Person.objects.get(name="别人")
    change_person(by=SETUP, person_id=other.id, facts={"identity": f"citizen:{number(BORN)}"})

    with pytest.raises(SeparationRefused):
        separate_people(by=SETUP, merge_id=merge_id)

    assert Person.objects.get(id=two[1].id).merged_into_id == two[0].id


def test_joining_when_it_cannot_be_then_refused(place: Place, two: tuple[Person, Person]) -> None:
    far = resident("远方", "19900000007", place.other)
    one, other = (person.id for person in two)
    with pytest.raises(MergeRefused):
        merge_people(by=SETUP, keep=one, absorb=one)
    for choices in ({"colour": "kept"}, {"name": "both"}):
        with pytest.raises(MergeRefused):
            merge_people(by=SETUP, keep=one, absorb=other, choices=choices)
    for clerk in (place.clerk("see"), place.clerk("manage", at=place.other)):
        with pytest.raises(NotAllowed):
            merge_people(by=clerk, keep=one, absorb=other)
    with pytest.raises(NotAllowed):
        merge_people(by=place.clerk("manage"), keep=one, absorb=far.id)
    merge_id = merge_people(by=SETUP, keep=one, absorb=other)
    for keep, absorb in ((one, other), (far.id, other), (other, far.id), (one, place.one.id)):
        with pytest.raises(NotFound):
            merge_people(by=SETUP, keep=keep, absorb=absorb)
    with pytest.raises(NotAllowed):
        separate_people(by=place.clerk("see"), merge_id=merge_id)
    with pytest.raises(NotFound):
        separate_people(by=SETUP, merge_id=one)


def test_person_when_erased_then_joined_records_go_too_whichever_was_named(
    place: Place, two: tuple[Person, Person]
) -> None:
    merge_people(by=SETUP, keep=two[0].id, absorb=two[1].id, reason="同一人", choices={"name": "absorbed"})

    erase_person(by=SETUP, person_id=two[1].id)

    for person in Person.objects.all():
        assert (person.name, person.phone_sealed, person.identity_sealed, person.home) == ("", None, None, None)
        assert person.erased_at is not None
    assert {each.address_sealed for each in Residence.objects.all()} == {None}
    assert (PersonChange.objects.get().before_sealed, Merge.objects.get().reason) == (None, "")
    line = Line.objects.get(kind="people.person_erased")
    assert erased_in(line) == [two[0].id, two[1].id]
    with pytest.raises(NotFound):
        separate_people(by=SETUP, merge_id=Merge.objects.get().id)


def test_moving_when_records_were_joined_then_all_their_residences_end(
    place: Place, two: tuple[Person, Person]
) -> None:
    merge_people(by=SETUP, keep=two[0].id, absorb=two[1].id)

    move_person(by=SETUP, person_id=two[1].id, area=place.other, on=TODAY)

    (present,) = Residence.objects.filter(valid_to=None)
    assert (present.person_id, present.area) == (two[0].id, place.other)


EXAMPLES = count()
STEP = st.tuples(
    st.integers(0, 4),
    st.integers(0, 4),
    st.dictionaries(st.sampled_from(FACTS[:6]), st.sampled_from(["kept", "absorbed"])),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=6))
def test_any_merges_when_undone_backwards_then_every_state_is_passed_again(
    place: Place, steps: list[tuple[int, int, dict[str, str]]]
) -> None:
    people = five(place, next(EXAMPLES))
    ids = {person.id for person in people}
    states, merges = [standing(ids)], []
    for keep, absorb, choices in steps:
        with suppress(MergeRefused, NotFound):
            merges.append(merge_people(by=SETUP, keep=people[keep].id, absorb=people[absorb].id, choices=choices))
            states.append(standing(ids))

    for merge_id in reversed(merges):
        assert standing(ids) == states.pop()
        assert separate_people(by=SETUP, merge_id=merge_id) == ()

    assert standing(ids) == states.pop()


def five(place: Place, example: int) -> list[Person]:
    """Make five records, new ones for each example, of which each knows something else."""
    born = date(1900, 1, 1) + timedelta(days=example)
    return import_people(
        by=SETUP,
        people=[
            NewPerson("甲", f"1990001{example:04}", home=place.grids[0], address="一"),
            NewPerson("乙", "", number(born, 1), home=place.grids[1], address="二"),
            NewPerson("丙", f"1990002{example:04}", number(born, 2)),
            NewPerson("丁", f"1990003{example:04}", sex="2", home=place.grids[2]),
            NewPerson("戊", birth_on=born, home=place.grids[3]),
        ],
        valid_from=SINCE,
    )
