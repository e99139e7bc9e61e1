from datetime import date, timedelta

import pytest

from liuchi.demo.care import LOADER, RUN_OUT_SOON, load_care
from liuchi.demo.estates import load_estate
from liuchi.demo.load import load_territory
from liuchi.ground.people.actions import set_care_categories
from liuchi.ground.people.models import CareStatus, ConsentText
from liuchi.ground.territory.models import Area

TODAY = date(2024, 7, 1)


@pytest.mark.django_db
def test_care_when_loaded_twice_then_old_people_who_live_alone_are_visited_and_nothing_changes() -> None:
    load_territory(lambda _said: None)
    set_care_categories(by=LOADER)
    load_estate({area.code: area for area in Area.objects.order_by("code")})

    count = load_care(TODAY)

    assert count > RUN_OUT_SOON
    assert load_care(TODAY) == 0
    assert (CareStatus.objects.count(), ConsentText.objects.count()) == (count, 2)
    soon = CareStatus.objects.filter(valid_to__lt=TODAY + timedelta(days=30))
    assert soon.count() == RUN_OUT_SOON
    for entry in CareStatus.objects.select_related("person"):
        assert entry.person.birth_on is not None
        assert TODAY.year - entry.person.birth_on.year > 75
