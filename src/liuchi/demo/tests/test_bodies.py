from collections import Counter

import pytest

from liuchi.demo.bodies import load_bodies
from liuchi.demo.load import load_territory
from liuchi.ground.journal.models import Line
from liuchi.ground.organisations.changing import require_parents
from liuchi.ground.organisations.models import Organisation, Post, ServedArea
from liuchi.ground.territory.models import Area


@pytest.mark.django_db
def test_bodies_when_loaded_twice_then_the_chain_stands_and_nothing_changes() -> None:
    load_territory(lambda _said: None)
    areas = {area.code: area for area in Area.objects.order_by("code")}

    assert load_bodies(areas) == 103 + 215
    counts = [each.objects.count() for each in (Organisation, Post, ServedArea, Line)]
    assert load_bodies(areas) == 0
    assert [each.objects.count() for each in (Organisation, Post, ServedArea, Line)] == counts

    chain = Organisation.objects.filter(party_parent__isnull=False).select_related("party_parent", "area")
    above = Counter((body.kind, body.party_parent.kind) for body in chain if body.party_parent is not None)
    assert above == {
        ("works_committee", "department"): 7,
        ("party_committee", "works_committee"): 23,
        ("party_branch", "party_committee"): 113,
        ("station", "party_committee"): 23,
    }
    for kind in ("works_committee", "party_committee", "party_branch", "station", "community"):
        body = Organisation.objects.filter(kind=kind).order_by("code").first()
        assert body is not None
        require_parents(body)
    assert {body.area.kind for body in chain if body.kind == "party_branch"} == {"grid"}
    assert Post.objects.filter(title__endswith="书记", is_head=True).count() == 7 + 23 + 113
    committee = Organisation.objects.get(code="community-340803005001")
    assert committee.management_parent is not None
    assert committee.management_parent.code == "town-340803005"
    assert not Organisation.objects.filter(credit_code="", kind__in=("department", "community", "social_body")).exists()
    assert ServedArea.objects.count() == 11
