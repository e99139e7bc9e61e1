from itertools import pairwise, product
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.territory import coordinates
from liuchi.ground.territory.coordinates import (
    CoordinateSystem,
    Position,
    convert,
    from_bd09,
    from_gcj02,
    is_shifted,
    metres_between,
    to_bd09,
    to_gcj02,
)

#: Computed with an independent implementation (eviltransform).
SIX_FOOT_LANE = Position(117.0436, 30.5255)
IN_GCJ, IN_BD = Position(117.049001, 30.523174), Position(117.05561, 30.528832)
HALF_A_METRE = 0.5
#: What is really lost on the way there and back, in metres; half a metre is what is promised.
A_MILLIMETRE = 0.001
#: How far GCJ-02 and BD-09 put a position aside at most, in metres.
MOST_GCJ, MOST_BD = 800, 2000

in_china = st.builds(Position, st.floats(72.004, 137.8347), st.floats(0.8293, 55.8271))
in_district = st.builds(Position, st.floats(116.85, 117.15), st.floats(30.35, 30.65))
anywhere = st.builds(Position, st.floats(-180, 180), st.floats(-90, 90))


def test_gcj02_when_the_published_vector_is_converted_then_it_fits_to_the_last_digit() -> None:
    found = to_gcj02(*SIX_FOOT_LANE)

    assert (round(found.lon, 6), round(found.lat, 6)) == IN_GCJ
    assert metres_between(SIX_FOOT_LANE, found) == pytest.approx(579, abs=1)


def test_bd09_when_the_published_vector_is_converted_then_it_fits_to_the_last_digit() -> None:
    found = to_bd09(*SIX_FOOT_LANE)

    assert (round(found.lon, 6), round(found.lat, 6)) == IN_BD


def test_vectors_when_converted_back_then_they_are_where_they_were() -> None:
    assert metres_between(from_gcj02(*IN_GCJ), SIX_FOOT_LANE) < HALF_A_METRE
    assert metres_between(from_bd09(*IN_BD), SIX_FOOT_LANE) < HALF_A_METRE


@given(in_china)
def test_gcj02_when_converted_there_and_back_then_less_than_half_a_metre_is_lost(where: Position) -> None:
    assert metres_between(from_gcj02(*to_gcj02(*where)), where) < HALF_A_METRE


@given(in_china)
def test_bd09_when_converted_there_and_back_then_less_than_half_a_metre_is_lost(where: Position) -> None:
    assert metres_between(from_bd09(*to_bd09(*where)), where) < HALF_A_METRE


@given(in_district, st.sampled_from(CoordinateSystem), st.sampled_from(CoordinateSystem))
def test_convert_when_between_any_two_systems_then_the_way_back_leads_home(
    where: Position, source: CoordinateSystem, target: CoordinateSystem
) -> None:
    there = convert(*where, source=source, target=target)

    assert metres_between(convert(*there, source=target, target=source), where) < HALF_A_METRE


@given(anywhere)
def test_position_when_outside_china_then_unchanged(where: Position) -> None:
    if not is_shifted(*where):
        assert to_gcj02(*where) == where
        assert to_bd09(*where) == where


@pytest.mark.parametrize("where", [(2.3522, 48.8566), (-0.1276, 51.5072), (151.2093, -33.8688), (180, 90), (-180, -90)])
def test_position_when_outside_china_then_the_way_back_changes_nothing_either(where: tuple[float, float]) -> None:
    assert from_gcj02(*where) == where
    assert from_bd09(*where) == where


@pytest.mark.parametrize(("lon", "lat"), [*product((181.0, float("nan"), float("inf")), (30.0,)), (30.5, 117.0)])
def test_position_when_it_is_none_then_refused(lon: float, lat: float) -> None:
    for way in (to_gcj02, from_gcj02, to_bd09, from_bd09):
        with pytest.raises(ValueError, match="no longitude and latitude"):
            way(lon, lat)
    with pytest.raises(ValueError, match="no longitude and latitude"):
        convert(lon, lat, source=CoordinateSystem.CGCS2000, target=CoordinateSystem.CGCS2000)


@given(in_district, in_district)
def test_distance_when_measured_both_ways_then_it_is_the_same_and_never_negative(
    one: Position, other: Position
) -> None:
    assert metres_between(one, other) == pytest.approx(metres_between(other, one))
    assert metres_between(one, other) >= 0
    assert metres_between(one, one) == 0


def test_distance_when_a_degree_of_latitude_then_about_111_kilometres() -> None:
    assert metres_between((117.0, 30.0), (117.0, 31.0)) == pytest.approx(111_195, rel=0.001)


@given(in_china)
def test_positions_when_converted_there_and_back_then_a_millimetre_is_lost_at_most(where: Position) -> None:
    assert metres_between(from_gcj02(*to_gcj02(*where)), where) < A_MILLIMETRE
    assert metres_between(from_bd09(*to_bd09(*where)), where) < A_MILLIMETRE


@given(in_china)
def test_positions_when_put_aside_then_no_farther_than_the_maps_do(where: Position) -> None:
    if 18 <= where.lat <= 53.5 and 73.6 <= where.lon <= 135:
        assert metres_between(where, to_gcj02(*where)) < MOST_GCJ
        assert metres_between(where, to_bd09(*where)) < MOST_BD


@given(in_district)
def test_position_when_led_through_all_systems_then_comes_home(where: Position) -> None:
    way = [CoordinateSystem.CGCS2000, CoordinateSystem.GCJ02, CoordinateSystem.BD09, CoordinateSystem.GCJ02]
    here = where
    for source, target in pairwise([*way, CoordinateSystem.CGCS2000]):
        here = convert(*here, source=source, target=target)

    assert metres_between(here, where) < A_MILLIMETRE


def test_bd09_when_held_against_the_answer_in_baidus_documentation_then_a_few_metres_aside() -> None:
    asked, answered = Position(114.21892734521, 29.575429778924), Position(114.2307519546763, 29.57908428837437)

    assert metres_between(to_bd09(*asked), answered) < 5
    assert metres_between(from_bd09(*answered), asked) < 5


@given(in_district)
def test_bd09_when_the_other_ripple_in_use_is_taken_then_within_what_is_said_of_it(where: Position) -> None:
    ours = to_bd09(*where)
    try:
        coordinates._BAIDU_RIPPLE = 3000 * pi / 180  # type: ignore[misc]
        theirs = to_bd09(*where)
    finally:
        coordinates._BAIDU_RIPPLE = pi  # type: ignore[misc]

    assert metres_between(ours, theirs) < 85
