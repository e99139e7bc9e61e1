from collections import Counter

import pytest

from liuchi.demo.bodies import load_bodies
from liuchi.demo.load import load_territory
from liuchi.demo.venues import load_venues
from liuchi.ground.journal.models import Line
from liuchi.ground.organisations.models import OpeningHours, Organisation, Venue
from liuchi.ground.territory.models import Area


@pytest.mark.django_db
def test_venues_when_loaded_twice_then_every_town_and_community_has_its_own_and_nothing_changes() -> None:
    load_territory(lambda _said: None)
    load_bodies({area.code: area for area in Area.objects.order_by("code")})
    bodies = {body.code: body for body in Organisation.objects.order_by("code")}

    assert load_venues(bodies) == 9 + 2 * 40
    counts = [each.objects.count() for each in (Venue, OpeningHours, Line)]
    assert load_venues(bodies) == 0
    assert [each.objects.count() for each in (Venue, OpeningHours, Line)] == counts

    assert Counter(Venue.objects.values_list("kind", flat=True)) == {"service_hall": 49, "meeting_room": 40}
    hall = Venue.objects.get(name="德宽路街道便民服务大厅")
    assert hall.organisation.code == "town-340803001"
    assert {(each.day, each.opens_at.hour, each.closes_at.hour) for each in hall.hours.all()} == {
        ("work_day", 8, 12),
        ("work_day", 14, 17),
    }
