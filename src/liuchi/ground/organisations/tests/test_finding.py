from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.organisations.actions.standing import Parents, move_organisation, rename_organisation
from liuchi.ground.organisations.finding import (
    OrganisationFilters,
    all_organisations,
    chain,
    find_organisations,
)
from liuchi.ground.organisations.listings import DUTY_ITEMS, ORGANISATIONS, VENUES
from liuchi.ground.organisations.testing import SETUP, area, body

pytestmark = pytest.mark.usefixtures("small")


def _codes(filters: OrganisationFilters) -> list[str]:
    return [row.code for row in find_organisations(filters).rows]


def test_organisations_when_narrowed_then_by_kind_area_parent_and_words() -> None:
    assert _codes(OrganisationFilters(kind="department")) == ["greening", "urban"]
    assert _codes(OrganisationFilters(area_id=area("990803002").id)) == ["town-2"]
    assert _codes(OrganisationFilters(area_id=area("990803001001001").id)) == ["property"]
    assert _codes(OrganisationFilters(parent_id=body("urban").id)) == ["squad"]
    assert _codes(OrganisationFilters(words="一街道 大工委")) == ["works-1"]
    assert _codes(OrganisationFilters(words="town-2")) == ["town-2"]
    assert _codes(OrganisationFilters(words="火星")) == []
    assert len(_codes(OrganisationFilters())) == 10


def test_organisations_when_asked_for_a_past_day_then_names_and_parents_of_then_and_old_names_are_found() -> None:
    urban = body("urban")
    rename_organisation(by=SETUP, organisation_id=urban.id, name="城管执法局", on=date(2025, 3, 1))
    move_organisation(
        by=SETUP, organisation_id=body("squad").id, parents=Parents(management=body("town-1").id), on=date(2025, 3, 1)
    )

    then = {row.code: row for row in all_organisations(OrganisationFilters(on=date(2025, 2, 1)))}
    now = {row.code: row for row in all_organisations(OrganisationFilters())}
    assert (then["urban"].name, now["urban"].name) == ("测试区城市管理局", "城管执法局")
    assert (then["squad"].parent, now["squad"].parent) == ("城管执法局", "一街道")
    assert _codes(OrganisationFilters(words="测试区城市管理局")) == ["urban"]
    assert list(all_organisations(OrganisationFilters(on=date(2023, 1, 1)))) == []


def test_organisations_when_many_then_pages_follow_and_questions_do_not_multiply() -> None:
    found, after = [], ""
    while True:
        page = find_organisations(OrganisationFilters(after=after), limit=4)
        found += [row.code for row in page.rows]
        after = page.next_key
        if not after:
            break

    assert found == _codes(OrganisationFilters())
    counts = []
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            find_organisations(OrganisationFilters(), limit=limit)
        counts.append(len(asked))
    assert counts == [1, 1]
    assert len(_codes(OrganisationFilters(after="nonsense"))) == 10


def test_chain_when_asked_for_then_a_tree_and_the_number_of_those_outside() -> None:
    trees, outside = chain("party")

    assert [tree.organisation.code for tree in trees] == ["works-1"]
    assert [below.organisation.code for below in trees[0].below] == ["party-1"]
    assert [below.organisation.code for below in trees[0].below[0].below] == ["branch-1"]
    assert outside == 7
    with pytest.raises(KeyError):
        chain("food")


def test_listings_when_read_then_none_is_personal() -> None:
    assert [listing.is_personal for listing in (ORGANISATIONS, DUTY_ITEMS, VENUES)] == [False, False, False]
