"""The index follows what cases say, and forgets with them."""

from collections.abc import Callable, Iterator

import pytest

from liuchi.engines.cases import reactions
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.standards import erase_reporter
from liuchi.engines.cases.models import CaseIndexed
from liuchi.engines.cases.personal import forget_addresses, forget_reports, forget_words
from liuchi.engines.cases.queries import case_at_work
from liuchi.engines.cases.search import indexing
from liuchi.engines.cases.search.queries import Search, find_cases
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, dispatched, filed, report, small_world
from liuchi.ground.journal.reactions import Reaction, run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.testing import committed as committed
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.queries import forget

FOLLOWING = Reaction("cases.search", reactions.TELLING, reactions.index_line)


@pytest.fixture
def house(committed: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    forget()


def numbers(world: World, words: str, username: str = "desk") -> list[str]:
    return [case.number for case in find_cases(world.viewer(username), Search(words)).cases]


def test_index_when_the_worker_follows_then_holds_what_the_case_says_now(house: World) -> None:
    case = filed(house, text="污水横流")
    assert numbers(house, "污水") == []

    seal_once()
    run_reactions([FOLLOWING])
    assert numbers(house, "污水") == [case.number]
    assert numbers(house, "供水") == []

    dispatch_case(by=house.viewer("dispatcher"), case_id=case.id, unit_id=house.water.id, reason="权责清单")
    seal_once()
    run_reactions([FOLLOWING])
    assert numbers(house, "供水") == [case.number]


def test_index_when_the_reporter_is_erased_then_forgets_words_and_address_at_once(
    world: World, index: Callable[[], None]
) -> None:
    resident = world.viewer("resident")
    case = case_of(report(world, by=resident, text="金丝雀说的话", address="画眉巷六号").case_id)
    index()
    assert numbers(world, "金丝雀") == numbers(world, "画眉") == numbers(world, "jinsique") == [case.number]

    erase_reporter(by=SETUP, person_id=resident.person_id)

    assert numbers(world, "金丝雀") == numbers(world, "画眉") == numbers(world, "jinsique") == []
    assert numbers(world, case.number) == [case.number]
    words = str(CaseIndexed.objects.values_list("words", flat=True).get(case=case))
    assert not [each for each in "金丝雀说话画眉巷" if each in words]
    assert "~" not in words


def test_index_when_reports_and_addresses_are_put_away_then_forgets_them_at_once(
    world: World, index: Callable[[], None]
) -> None:
    case = case_of(report(world, text="金丝雀说的话", address="画眉巷六号").case_id)
    index()

    with guard.scope("maintenance", "tests"):
        forget_reports([each.id for each in case.reports.all()])
        assert numbers(world, "金丝雀") == []
        assert numbers(world, "画眉") == [case.number]
        forget_addresses([case.id])

    assert numbers(world, "画眉") == []
    assert numbers(world, case.number) == [case.number]


def test_index_when_results_and_notes_are_written_then_found_by_who_meets_the_case_and_by_nobody_else(
    house: World,
) -> None:
    case = dispatched(house, text="井盖坏了")
    hand_in_result(by=house.viewer("water"), case_id=case.id, text="已更换防沉降井盖", internal_text="备件取自画眉仓库")
    seal_once()
    run_reactions([FOLLOWING])

    assert numbers(house, "防沉降") == numbers(house, "画眉仓库") == [case.number]
    assert numbers(house, "画眉", "water") == numbers(house, "画眉", "checker") == [case.number]
    for username in ("other-desk", "other-checker", "lights", "resident"):
        assert numbers(house, "画眉", username) == numbers(house, "防沉降", username) == []
        with pytest.raises(NotFound):
            case_at_work(house.viewer(username), case.number)


def test_index_when_the_words_of_moves_are_put_away_then_forgets_them_at_once(
    world: World, index: Callable[[], None]
) -> None:
    case = dispatched(world)
    hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换", internal_text="备件取自画眉仓库")
    index()
    assert numbers(world, "画眉") == numbers(world, "已更换") == [case.number]

    with guard.scope("maintenance", "tests"):
        forget_words([each.id for each in case.moves.all()])

    assert numbers(world, "画眉") == numbers(world, "已更换") == []


def test_index_when_made_anew_then_holds_every_case_and_keeps_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_BATCH", 2)
    made = [report(world, text="污水横流").number for _ in range(3)]
    assert numbers(world, "污水") == []

    assert list(indexing.rebuild_index()) == [2, 3]
    assert list(indexing.rebuild_index()) == [2, 3]

    assert numbers(world, "污水") == made[::-1]
