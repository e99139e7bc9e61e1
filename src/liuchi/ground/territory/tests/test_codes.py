"""Codes: digits, beginnings, the next free serial, reading order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.territory.codes import CodeRefused, check_code, free_codes, reading_order
from liuchi.ground.territory.models import AreaKind

COMMUNITY = "990803001001"


@pytest.mark.parametrize(
    ("kind", "code", "parent"),
    [
        ("province", "34", None),
        ("city", "3408", "34"),
        ("district", "340803", "3408"),
        ("town", "340803001", "340803"),
        ("community", "340803001002", "340803001"),
        ("grid", "340803001002003", "340803001002"),
        ("special", "340803001002999", "340803001002"),
        ("micro", "34080300100200301", "340803001002003"),
        ("group", "3408030010020030112", "34080300100200301"),
        ("micro", "34080300100201", "340803001002"),
    ],
)
def test_code_when_sound_for_its_kind_then_accepted(kind: str, code: str, parent: str | None) -> None:
    check_code(kind, code, parent)


@pytest.mark.parametrize(
    ("kind", "code", "parent", "told"),
    [
        ("grid", "34080300100200", "340803001002", "15"),
        ("grid", "3408030010020030", "340803001002", "16"),
        ("grid", "３４０８０３００１００２００３", "340803001002", "digits"),
        ("grid", "340803001009003", "340803001002", "340803001002"),
        ("grid", "340803001002000", "340803001002", "serial"),
        ("town", "034080300", "340803", "0"),
        ("province", "00", None, "0"),
    ],
)
def test_code_when_wrong_then_says_which_digits(kind: str, code: str, parent: str | None, told: str) -> None:
    with pytest.raises(CodeRefused, match=told) as refused:
        check_code(kind, code, parent)

    assert refused.value.field == "code"


def test_next_codes_when_some_were_given_then_after_the_highest_and_never_one_again() -> None:
    used = [f"{COMMUNITY}{serial}" for serial in ("001", "002", "007")]

    assert free_codes(AreaKind.GRID, COMMUNITY, used, 2) == [f"{COMMUNITY}008", f"{COMMUNITY}009"]
    assert free_codes(AreaKind.GRID, COMMUNITY, [], 1) == [f"{COMMUNITY}001"]


def test_next_codes_when_the_end_is_reached_then_gaps_and_then_refused() -> None:
    used = [f"{COMMUNITY}{serial:03d}" for serial in range(1, 1000) if serial not in (5, 700)]

    assert free_codes(AreaKind.GRID, COMMUNITY, used, 2) == [f"{COMMUNITY}700", f"{COMMUNITY}005"]
    with pytest.raises(CodeRefused, match="used up"):
        free_codes(AreaKind.GRID, COMMUNITY, used, 3)


def test_next_codes_when_merged_or_special_then_from_their_own_end() -> None:
    town = "990803001"

    assert free_codes(AreaKind.COMMUNITY, town, [f"{town}004"], 1, first=601) == [f"{town}601"]
    assert free_codes(AreaKind.COMMUNITY, town, [f"{town}601"], 1, first=601) == [f"{town}602"]
    assert free_codes(AreaKind.COMMUNITY, town, [f"{town}004", f"{town}601"], 1) == [f"{town}005"]
    assert free_codes(AreaKind.SPECIAL, COMMUNITY, [f"{COMMUNITY}999"], 2) == [f"{COMMUNITY}998", f"{COMMUNITY}997"]
    assert free_codes(AreaKind.MICRO, f"{COMMUNITY}001", [f"{COMMUNITY}002"], 1) == [f"{COMMUNITY}00101"]


@given(st.sets(st.integers(1, 999), max_size=990), st.integers(1, 9))
def test_next_codes_when_any_were_given_then_new_distinct_and_sound(taken: set[int], count: int) -> None:
    used = {f"{COMMUNITY}{serial:03d}" for serial in taken}

    codes = free_codes(AreaKind.GRID, COMMUNITY, used, count)

    assert len(set(codes)) == count
    assert not used & set(codes)
    for code in codes:
        check_code(AreaKind.GRID, code, COMMUNITY)


def test_order_when_places_stand_in_rows_then_north_to_south_and_west_to_east() -> None:
    places = [(117.02, 30.50), (117.00, 30.521), (117.01, 30.519), (117.00, 30.502), (117.03, 30.520)]

    assert reading_order(places, 0.01) == [1, 2, 4, 3, 0]


@given(st.lists(st.tuples(st.floats(116, 118), st.floats(30, 31)), max_size=20))
def test_order_when_any_places_then_each_once(places: list[tuple[float, float]]) -> None:
    assert sorted(reading_order(places, 0.01)) == list(range(len(places)))
