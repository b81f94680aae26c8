"""Which district a point lies in: plain geometry on the city's own simple outlines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.city.shapes import District, Point
    from portal.city.whole import Profile


def district_at(profile: Profile, *, latitude: float, longitude: float) -> District | None:
    """Return the district of a point in degrees (WGS84), or None outside the city."""
    point = (longitude, latitude)
    return next((one for one in profile.districts if contains(one.ring, point)), None)


def contains(ring: tuple[Point, ...], point: Point) -> bool:
    """Say whether the point lies inside the closed ring (even-odd rule, half-open on the edges)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1):
            inside = not inside
    return inside


def bounds(profile: Profile) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the whole city in degrees."""
    points = [point for one in profile.districts for point in one.ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def as_geojson(profile: Profile) -> dict[str, object]:
    """Return the districts as a GeoJSON feature collection (RFC 7946)."""
    features = [
        {
            "type": "Feature",
            "id": one.id,
            "properties": {"id": one.id, "name": one.name},
            "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in one.ring]]},
        }
        for one in profile.districts
    ]
    return {"type": "FeatureCollection", "features": features}
