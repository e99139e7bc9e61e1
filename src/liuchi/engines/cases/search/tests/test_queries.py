"""Finding cases: ranking, permission, pinyin, slips of the finger, hostile input, pages."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from liuchi.engines.cases.models import State
from liuchi.engines.cases.search import queries
from liuchi.engines.cases.search.asking import Closeness
from liuchi.engines.cases.search.queries import Search, all_found, find_cases, words_in
from liuchi.engines.cases.testing import MORNING, World, closed, dispatched, filed, report
from liuchi.ground.kernel.clock import frozen_at

Index = Callable[[], None]
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


def numbers(world: World, words: str, username: str = "desk", **narrowed: object) -> list[str]:
    found = find_cases(world.viewer(username), Search(words, **narrowed))  # type: ignore[arg-type]
    return [case.number for case in found.cases]


def test_search_when_asked_by_words_address_class_or_unit_then_finds_open_and_ended(world: World, index: Index) -> None:
    said, there = report(world, text="菜场门口污水横流"), report(world, text="很黑", address="六尺巷3栋501室")
    ended = closed(world, text="盖子没了")
    index()

    assert numbers(world, "污水") == [said.number]
    assert numbers(world, "六尺巷") == numbers(world, "巷 501") == numbers(world, "3栋") == [there.number]
    assert numbers(world, "上水井盖") == numbers(world, "供水中心") == numbers(world, "盖子") == [ended.number]
    assert numbers(world, "污水 六尺巷") == []


def test_search_when_asked_by_number_then_finds_the_whole_its_day_and_its_count(world: World, index: Index) -> None:
    one, other = report(world), report(world)
    index()

    assert numbers(world, one.number) == numbers(world, one.number.replace("-", "")) == [one.number]
    assert one.number in numbers(world, one.number.split("-")[1].lstrip("0"))
    assert set(numbers(world, one.number.split("-")[0])) == {one.number, other.number}


def test_search_when_many_fit_then_matter_before_address_before_words_and_the_newest_first(
    world: World, index: Index
) -> None:
    matter = filed(world, text="坏了")
    place = report(world, text="坏了", address="井盖路")
    older, newer = report(world, text="井盖松动"), report(world, text="井盖响")
    index()

    assert numbers(world, "井盖") == [matter.number, place.number, newer.number, older.number]


def test_search_when_somebody_else_s_place_or_unit_then_finds_nothing(world: World, index: Index) -> None:
    here, there = dispatched(world, text="金丝雀巷积水"), report(world, grid=7, text="金丝雀巷积水")
    index()

    assert set(numbers(world, "金丝雀")) == {here.number, there.number}
    assert numbers(world, "金丝雀", "water") == [here.number]
    assert numbers(world, "金丝雀", "other-desk") == [there.number]
    assert numbers(world, "金丝雀", "lights") == numbers(world, "金丝雀", "resident") == []


def test_words_in_when_the_viewer_does_not_meet_the_case_then_tells_none(world: World, index: Index) -> None:
    case = report(world, text="金丝雀巷积水")
    index()
    found = find_cases(world.viewer("desk"), Search("金丝雀")).cases

    assert words_in(world.viewer("desk"), found) == {case.case_id: ["金丝雀巷积水"]}
    assert words_in(world.viewer("other-desk"), found) == {}


@pytest.mark.parametrize(
    ("typed", "closeness"),
    [
        ("jinggai", Closeness.WRITTEN),
        ("jing gai", Closeness.WRITTEN),
        ("JingGai", Closeness.WRITTEN),
        ("jingai", Closeness.WRITTEN),
        ("shuiguan", Closeness.WRITTEN),
        ("suiguan", Closeness.WRITTEN),
        ("liuchixiang", Closeness.WRITTEN),
        ("niucixiang", Closeness.WRITTEN),
        ("wifi", Closeness.WRITTEN),
        ("WIF", Closeness.WRITTEN),
        ("井概", Closeness.SOUNDS),
        ("睡管", Closeness.SOUNDS),
        ("jinhgai", Closeness.NEAR),
        ("jinggia", Closeness.NEAR),
        ("shuigun", Closeness.NEAR),
        ("liuxhixiang", Closeness.NEAR),
    ],
)
def test_search_when_typed_in_pinyin_or_with_a_slip_then_found(
    world: World, index: Index, typed: str, closeness: Closeness
) -> None:
    case = report(world, text="井盖旁的水管漏水，ＷｉＦｉ也断了", address="六尺巷")
    report(world, text="路灯不亮")
    index()

    found = find_cases(world.viewer("desk"), Search(typed))

    assert [each.number for each in found.cases] == [case.number]
    assert found.closeness == closeness


def test_search_when_narrowed_then_by_state_street_and_day(world: World, index: Index) -> None:
    with frozen_at(MORNING):
        old, far = closed(world, text="噪音扰民"), report(world, grid=7, text="噪音扰民")
    with frozen_at(MORNING + timedelta(days=1)):
        new = report(world, text="噪音扰民")
    index()
    street = world.communities[-1].statistical_parent_id

    assert numbers(world, "噪音", state=State.CLOSED) == [old.number]
    assert numbers(world, "噪音", town_id=street) == [far.number]
    assert numbers(world, "噪音", since=date(2024, 9, 13)) == [new.number]
    assert set(numbers(world, "噪音", until=date(2024, 9, 12))) == {old.number, far.number}
    assert len(numbers(world, "噪音", since=date.min, until=date.max)) == 3


def test_search_when_longer_than_a_page_then_every_row_comes_once_in_order(
    world: World, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    wanted = [report(world, text="噪音扰民").number for _ in range(3)]
    wanted.append(report(world, text="吵", address="噪音路").number)
    index()

    found = [case.number for case in all_found(world.viewer("desk"), Search("造因"))]

    assert found == [wanted[3], wanted[2], wanted[1], wanted[0]]


@pytest.mark.parametrize("count", [1, 3])
def test_search_when_rows_grow_then_asks_no_more_often(
    world: World, index: Index, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        report(world, text="噪音扰民")
    index()
    viewer = world.viewer("desk")
    numbers(world, "噪音")

    with django_assert_num_queries(3):
        assert len(find_cases(viewer, Search("噪音")).cases) == count
    with django_assert_num_queries(4):
        assert len(find_cases(viewer, Search("造因")).cases) == count


def test_search_when_a_telephone_or_an_identity_stands_in_the_words_then_the_index_holds_neither(
    world: World, index: Index
) -> None:
    case = report(world, text="请打19900001234，证号990803195001010011，3号楼")
    index()

    assert numbers(world, "号楼") == [case.number]
    assert numbers(world, "19900001234") == numbers(world, "990803195001010011") == numbers(world, "199000") == []


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  ",
        "，。！",
        "'",
        "\\",
        "a' | '井",
        "%",
        "井:*",
        "&|!()",
        "\0",
        "井" * 500,
        "a" * 500,
        "xi'an",
        "-",
        "1-",
        "😀",
    ],
)
def test_search_when_the_words_are_hostile_then_answers_calmly(world: World, index: Index, words: str) -> None:
    report(world, text="\\':* & | ! <-> 井盖 " + words, address=words)
    index()

    find_cases(world.viewer("desk"), Search(words))


@given(words=st.text(max_size=80))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_when_anything_is_typed_then_it_is_a_question_or_none(world: World, words: str) -> None:
    find_cases(world.viewer("desk"), Search(words))


@given(text=st.text(HAN, min_size=2, max_size=30), start=st.integers(0, 28))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_case_when_asked_by_any_two_neighbouring_characters_then_found(
    world: World, index: Index, text: str, start: int
) -> None:
    start = min(start, len(text) - 2)
    case = report(world, text=text)
    index()

    assert case.number in numbers(world, text[start : start + 2])
    assert case.number in numbers(world, text[start])
