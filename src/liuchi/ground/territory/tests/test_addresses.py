import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.territory.addresses import building_number, room_address, room_number, sort_key, tidy, unit_number


@pytest.mark.parametrize(
    ("typed", "said"),
    [("3", "3栋"), (" ３ 栋", "3栋"), ("a座", "A座"), ("5号楼", "5号楼"), ("b2", "B2栋"), ("3-1", "3-1栋")],
)
def test_building_when_typed_in_any_way_then_it_is_said_in_one(typed: str, said: str) -> None:
    assert building_number(typed) == said


@pytest.mark.parametrize(
    ("unit", "room", "said"),
    [("2单元", "301室", "2单元301室"), ("2", "301", "2单元301室"), ("", "101", "101室"), ("", "东门面", "东门面")],
)
def test_room_when_unit_and_room_are_given_then_the_address_names_both(unit: str, room: str, said: str) -> None:
    assert room_address(unit_number(unit), room_number(room)) == said


def test_order_when_numbers_are_written_in_any_digits_then_people_count_the_same_way() -> None:
    phases = ["三期", "一期", "十一期", "二期", "十期", "一百零二期", "一〇三期"]
    buildings = ["10栋", "2栋", "1栋", "12号楼", "A座"]

    assert sorted(phases, key=sort_key) == ["一期", "二期", "三期", "十期", "十一期", "一百零二期", "一〇三期"]
    assert sorted(buildings, key=sort_key) == ["1栋", "2栋", "10栋", "12号楼", "A座"]


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_order_when_two_numbers_differ_then_the_smaller_stands_first(one: int, other: int) -> None:
    assert (sort_key(f"{one}栋") < sort_key(f"{other}栋")) is (one < other)


@given(st.text(max_size=30))
def test_tidy_when_done_twice_then_nothing_changes_any_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
