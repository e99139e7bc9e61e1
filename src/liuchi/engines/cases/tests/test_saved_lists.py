"""Work-lists kept under a name."""

import pytest
from django.db import IntegrityError, transaction

from liuchi.engines.cases.actions.lists import LONGEST_NAME, MOST, ListRefused, remove_list, save_list
from liuchi.engines.cases.kinds import LIST_REMOVED, LIST_SAVED
from liuchi.engines.cases.models import SavedList
from liuchi.engines.cases.queries_lists import lists_for, units_shared_with
from liuchi.engines.cases.testing import MORNING, SETUP, World, give_role
from liuchi.ground.access.models import Account
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.errors import NotAllowed, NotFound


def test_list_when_saved_under_its_name_again_then_it_is_the_same_list_and_the_line_says_no_words(world: World) -> None:
    water = world.viewer("water")

    first = save_list(by=water, name="画眉", wanted={"scope": "all", "q": "金丝雀", "evil": "x"})
    again = save_list(by=water, name="画眉", wanted={"scope": "mine"}, unit_id=world.water.id, is_default=True)

    assert first.id == again.id
    row = SavedList.objects.get()
    assert (row.wanted, row.unit_id, row.is_default) == ({"scope": "mine"}, world.water.id, True)
    lines = list(Line.objects.filter(kind=LIST_SAVED.name).order_by("id"))
    assert [line.data["is_new"] for line in lines] == [True, False]
    assert "金丝雀" not in str([line.data for line in lines])
    assert "画眉" not in str([line.data for line in lines])


def test_list_when_the_name_is_long_or_missing_then_cut_or_refused(world: World) -> None:
    water = world.viewer("water")

    assert len(save_list(by=water, name="长" * 200, wanted={"q": "长" * 500}).name) == LONGEST_NAME
    with pytest.raises(ListRefused):
        save_list(by=water, name=" \0 ", wanted={})


def test_list_when_there_are_too_many_then_refused_and_an_old_one_can_still_be_kept_anew(world: World) -> None:
    water = world.viewer("water")
    for number in range(MOST):
        save_list(by=water, name=f"{number}", wanted={})

    with pytest.raises(ListRefused):
        save_list(by=water, name="one more", wanted={})
    save_list(by=water, name="3", wanted={"scope": "all"})
    assert SavedList.objects.count() == MOST


def test_list_when_somebody_without_cases_or_another_s_unit_then_not_allowed(world: World) -> None:
    for by, unit in ((world.viewer("resident"), None), (SETUP, None), (world.viewer("water"), world.lights.id)):
        with pytest.raises(NotAllowed):
            save_list(by=by, name="x", wanted={}, unit_id=unit)
    assert units_shared_with(world.viewer("desk")) == []
    assert units_shared_with(world.viewer("water")) == [world.water]


def test_list_when_removed_then_by_its_owner_only(world: World) -> None:
    give_role("second", "handler", world.district, world.water)
    row = save_list(by=world.viewer("water"), name="x", wanted={}, unit_id=world.water.id)
    assert [each.id for each in lists_for(world.viewer("second"))] == [row.id]
    assert list(lists_for(world.viewer("lights"))) == []

    for by in (world.viewer("second"), world.viewer("lights"), SETUP):
        with pytest.raises(NotFound):
            remove_list(by=by, list_id=row.id)
    remove_list(by=world.viewer("water"), list_id=row.id)

    assert not SavedList.objects.exists()
    assert Line.objects.filter(kind=LIST_REMOVED.name).count() == 1


def test_list_when_it_breaks_a_constraint_then_the_database_refuses(world: World) -> None:
    account = Account.objects.get(username="water")
    with guard.scope("maintenance", "tests"):
        SavedList.objects.create(account=account, name="a", is_default=True, saved_at=MORNING)
        for name, values in (
            ("saved_list_named_once", {"name": "a"}),
            ("saved_list_one_default", {"name": "b", "is_default": True}),
            ("saved_list_has_a_name", {"name": ""}),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                SavedList.objects.create(account=account, saved_at=MORNING, **values)
