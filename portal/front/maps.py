"""The overview map: the city's districts and the pacts in them, as one SVG without any request."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from portal import city
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.city import Profile

WIDTH = 600
MARGIN = 12
STEP, MOST_NOWHERE = 28, 20
# Shapes differ by kind, so that colour alone never tells.
SHAPES = {
    "place": '<circle class="map-place" cx="{x}" cy="{y}" r="9"/>',
    "software": '<rect class="map-software" x="{left}" y="{top}" width="16" height="16"/>',
    "data_set": '<path class="map-data" d="M{x} {top}l9 17h-18z"/>',
}


def overview(profile: Profile, points: Iterable[Any]) -> Markup:
    """Return the map of the districts, marked at every row of (latitude_e6, longitude_e6, title, kind)."""
    west, south, east, north = city.bounds(profile)
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)
    height = round((north - south) * scale) + 2 * MARGIN

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        x = MARGIN + (longitude - west) * squeeze * scale
        return round(x, 1), round(MARGIN + (north - latitude) * scale, 1)

    shapes = [_district(district.ring, place) for district in profile.districts]
    rows = list(points)
    nowhere = [row for row in rows if row.latitude_e6 is None][:MOST_NOWHERE]
    marks = [_mark(row, *_place(row, place)) for row in rows if row.latitude_e6 is not None]
    # What is digital lies in no district: it stands in a row under the map.
    marks += [_mark(row, 2 * MARGIN + STEP * number, height + MARGIN) for number, row in enumerate(nowhere)]
    height += STEP if nowhere else 0
    title = escape(W("Map of the city's districts with the places of active pacts"))
    return Markup(  # noqa: S704 - every part is numbers or escaped
        f'<svg class="map" viewBox="0 0 {WIDTH} {height}" role="img"><title>{title}</title>'
        f"{''.join(shapes)}{''.join(marks)}</svg>"
    )


def _district(ring: Iterable[Any], place: Any) -> str:
    corners = " ".join("{},{}".format(*place(longitude, latitude)) for longitude, latitude in ring)
    return f'<polygon class="map-district" points="{corners}"/>'


def _place(row: Any, place: Any) -> tuple[float, float]:
    x, y = place(row.longitude_e6 / 1_000_000, row.latitude_e6 / 1_000_000)
    return x, y


def _mark(row: Any, x: float, y: float) -> str:
    shape = SHAPES[row.kind].format(x=x, y=y, left=round(x - 8, 1), top=round(y - 9, 1))
    return f"<g><title>{escape(row.title)}</title>{shape}</g>"
