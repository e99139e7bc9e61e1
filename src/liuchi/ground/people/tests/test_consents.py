"""Consent: to which words, when, how; taken back as easily as given."""

from datetime import date, timedelta

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.actions import (
    ConsentRefused,
    give_consent,
    merge_people,
    publish_consent_text,
    withdraw_consent,
)
from liuchi.ground.people.consenting import consents_of, has_consent, texts_in_force
from liuchi.ground.people.models import Consent, ConsentText
from liuchi.ground.people.personal import GUARDIAN
from liuchi.ground.people.testing import NOW, SETUP, Clerk, Place, number, resident
from liuchi.ground.records import protected

PURPOSE = "activity-photos"


def publish(text: str = "同意拍照", **values: object) -> ConsentText:
    given = {"purpose": PURPOSE, "title": "活动照片", "text": text, **values}
    return publish_consent_text(by=SETUP, **given)  # type: ignore[arg-type]


def test_text_when_published_again_then_the_same_and_when_changed_then_the_next_version(place: Place) -> None:
    first, same, second = publish(), publish(" 同意拍照 "), publish("同意拍照并公示")
    english = publish("I agree", language="en", translates=2)

    assert (first.id, first.version) == (same.id, 1)
    assert (second.version, english.version) == (2, 2)
    assert [each.id for each in texts_in_force()] == [second.id]
    assert [each.id for each in texts_in_force("en", [PURPOSE])] == [english.id]
    assert Line.objects.filter(kind="people.consent_text_published").count() == 3


@pytest.mark.parametrize(
    "values", [{"text": " "}, {"title": ""}, {"purpose": ""}, {"translates": 7}, {"text": "y", "translates": 1}]
)
def test_text_when_it_cannot_be_then_refused(place: Place, values: dict[str, object]) -> None:
    publish("x")

    with pytest.raises(ConsentRefused):
        publish(**{"text": "z", **values})  # type: ignore[arg-type]


def test_text_when_published_without_the_power_then_refused(place: Place) -> None:
    with pytest.raises(NotAllowed):
        publish_consent_text(by=place.clerk("manage"), purpose=PURPOSE, title="x", text="x")


def test_consent_when_given_and_taken_back_then_holds_in_between(place: Place) -> None:
    person, text, clerk = resident(home=place.one), publish(), place.clerk("manage", "see")

    give_consent(by=clerk, person_id=person.id, text_id=text.id, way="paper")
    with frozen_at(NOW + timedelta(days=2)):
        taken_back = withdraw_consent(by=clerk, person_id=person.id, purpose=PURPOSE, way="phone")
        assert not has_consent(person.id, PURPOSE)

    consent = Consent.objects.get()
    assert taken_back == 1
    assert (consent.given_by_id, consent.withdrawn_by_id, consent.withdrawn_way) == (clerk.id, clerk.id, "phone")
    assert [has_consent(person.id, PURPOSE, NOW + timedelta(days=day)) for day in (-1, 0, 1, 2, 3)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    line = Line.objects.get(kind="people.consent_withdrawn")
    assert line.data == {"person": str(person.id), "purpose": PURPOSE, "care": 0}
    assert [each.text for each in consents_of(clerk, person.id)] == [text]


def test_consent_when_given_twice_or_taken_back_twice_then_once(place: Place) -> None:
    person, text, clerk = resident(home=place.one), publish(), place.clerk("manage")

    one, same = (give_consent(by=clerk, person_id=person.id, text_id=text.id, way="paper") for _ in range(2))
    withdrawn = [withdraw_consent(by=clerk, person_id=person.id, purpose=PURPOSE, way="paper") for _ in range(2)]

    assert one == same
    assert withdrawn == [1, 0]


def test_consent_when_given_again_after_taking_back_then_holds(place: Place) -> None:
    person, text, clerk = resident(home=place.one), publish(), place.clerk("manage")
    give_consent(by=clerk, person_id=person.id, text_id=text.id, way="paper")
    with frozen_at(NOW + timedelta(days=1)):
        withdraw_consent(by=clerk, person_id=person.id, purpose=PURPOSE, way="paper")
    with frozen_at(NOW + timedelta(days=2)):
        give_consent(by=clerk, person_id=person.id, text_id=text.id, way="online")

        assert has_consent(person.id, PURPOSE)


def test_consent_when_records_are_joined_then_the_last_word_of_either_counts(place: Place) -> None:
    person, double, text = resident(home=place.one), resident("张山", home=place.one), publish()
    for each in (person, double):
        give_consent(by=SETUP, person_id=each.id, text_id=text.id, way="paper")
    with frozen_at(NOW + timedelta(days=1)):
        withdraw_consent(by=SETUP, person_id=double.id, purpose=PURPOSE, way="paper")
        assert (has_consent(person.id, PURPOSE), has_consent(double.id, PURPOSE)) == (True, False)

        merge_people(by=SETUP, keep=person.id, absorb=double.id)

        assert (has_consent(person.id, PURPOSE), has_consent(double.id, PURPOSE)) == (False, False)


def test_consent_when_a_child_is_asked_then_a_guardian_agrees_by_name(place: Place) -> None:
    child = resident("小明", "", place.one, identity=number(date(2015, 1, 1)))
    text, clerk = publish(), place.clerk("manage")

    for guardian, name in (("", ""), ("parent", " "), ("friend", "张父")):
        with pytest.raises(ConsentRefused) as refused:
            give_consent(
                by=clerk, person_id=child.id, text_id=text.id, way="paper", guardian=guardian, guardian_name=name
            )
        assert refused.value.field == "guardian"
    give_consent(by=clerk, person_id=child.id, text_id=text.id, way="paper", guardian="parent", guardian_name="张父")

    consent = Consent.objects.get()
    assert protected.unseal(consent.guardian_sealed, GUARDIAN, consent.id) == "张父"


def test_consent_when_the_text_is_outdated_or_unknown_or_the_way_is_none_then_refused(place: Place) -> None:
    person, old, clerk = resident(home=place.one), publish(), place.clerk("manage")
    new = publish("新的说法")

    with pytest.raises(ConsentRefused):
        give_consent(by=clerk, person_id=person.id, text_id=old.id, way="paper")
    with pytest.raises(ConsentRefused):
        give_consent(by=clerk, person_id=person.id, text_id=new.id, way="telepathy")
    with pytest.raises(ConsentRefused):
        withdraw_consent(by=clerk, person_id=person.id, purpose=PURPOSE, way="")
    with pytest.raises(NotFound):
        give_consent(by=clerk, person_id=person.id, text_id=new_id(), way="paper")


def test_consent_when_it_is_ones_own_then_no_power_is_needed_and_anothers_needs_it(place: Place) -> None:
    person, other, text = resident(home=place.one), resident("李四", home=place.one), publish()
    oneself = Clerk(frozenset(), (), person_id=person.id)

    give_consent(by=oneself, person_id=person.id, text_id=text.id, way="online")
    withdraw_consent(by=oneself, person_id=person.id, purpose=PURPOSE, way="online")

    with pytest.raises(NotAllowed):
        give_consent(by=oneself, person_id=other.id, text_id=text.id, way="online")
    with pytest.raises(NotAllowed):
        withdraw_consent(by=place.clerk("see"), person_id=person.id, purpose=PURPOSE, way="paper")
    with pytest.raises(NotFound):
        consents_of(place.clerk("see", at=place.other), person.id)
