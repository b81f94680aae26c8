"""How far two points on the ground are from each other."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

# Mean radius of the earth (IUGG), metres; a degree of latitude measures some 111 km everywhere.
EARTH_M = 6_371_009
MOST_RADIUS_M = 3_000
_DEGREE_M = 110_500
Point = tuple[int, int]


def metres(one: Point, other: Point) -> float:
    """Return the distance of two points, each (latitude, longitude) in millionths of a degree (WGS84)."""
    lat1, lon1, lat2, lon2 = (radians(value / 1e6) for value in (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def band(latitude_e6: int) -> tuple[int, int]:
    """Return between which latitudes the middle of any circle lies that can hold this point."""
    reach = MOST_RADIUS_M * 1_000_000 // _DEGREE_M + 1
    return latitude_e6 - reach, latitude_e6 + reach
