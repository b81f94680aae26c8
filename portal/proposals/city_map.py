"""A map of the city that is pressed on: drawn by the server, always as large as it is counted, no script."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from portal import city

if TYPE_CHECKING:
    from portal.city import Profile

MICRO = 1_000_000
# As many points on the screen as on a narrow phone: what is pressed is counted in them.
WIDTH, HEIGHT = 280, 300
FURTHEST, CLOSEST = 0, 3
STEP = 4
_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
    f'viewBox="0 0 {WIDTH} {HEIGHT}">'
    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#DCE7EC"/>'
)
_NAME = (
    'font-family="sans-serif" font-size="10" fill="#1B2A2F" '
    'stroke="#F8F6F1" stroke-width="3" paint-order="stroke"'
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the map shows: its middle in millionths of a degree, and how close (0 is the whole city)."""

    longitude_e6: int
    latitude_e6: int
    zoom: int
    # Degrees of longitude and of latitude for one point of the map.
    wide: float
    high: float

    def point_at(self, x: int, y: int) -> tuple[int, int]:
        """Return the latitude and longitude, in millionths of a degree, of what was pressed."""
        longitude = self.longitude_e6 + round((x - WIDTH / 2) * self.wide * MICRO)
        latitude = self.latitude_e6 - round((y - HEIGHT / 2) * self.high * MICRO)
        return latitude, longitude

    def spot_of(self, longitude_e6: float, latitude_e6: float) -> tuple[float, float]:
        """Return where a place lies on the map."""
        x = WIDTH / 2 + (longitude_e6 - self.longitude_e6) / MICRO / self.wide
        y = HEIGHT / 2 - (latitude_e6 - self.latitude_e6) / MICRO / self.high
        return round(x, 1), round(y, 1)


def frame(profile: Profile, *, zoom: int = FURTHEST, at: tuple[int, int] | None = None) -> Frame:
    """Return a frame of the city; `at` is latitude and longitude in millionths of a degree."""
    west, south, east, north = city.bounds(profile)
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    squeeze = math.cos(math.radians((south + north) / 2))
    high = max((north - south) / (HEIGHT - 16), (east - west) * squeeze / (WIDTH - 16))
    zoom = min(max(zoom, FURTHEST), CLOSEST)
    if zoom == FURTHEST or at is None:
        middle = round((south + north) / 2 * MICRO), round((west + east) / 2 * MICRO)
    else:
        middle = at
    high /= STEP**zoom
    return Frame(middle[1], middle[0], zoom, high / squeeze, high)


def draw(
    profile: Profile,
    shown: Frame,
    *,
    places: Iterable[Any] = (),
    pin: tuple[int, int] | None = None,
    outline: Sequence[Sequence[int]] | None = None,
) -> str:
    """Return the map as SVG: districts by name, listed places to find one's way, the pin and the outline."""
    parts = [_HEAD, *(_district(one, shown) for one in profile.districts)]
    parts += [_place(one, shown) for one in places if one.latitude_e6 is not None]
    if outline:
        corners = " ".join("{},{}".format(*shown.spot_of(east, north)) for east, north in outline)
        parts.append(
            f'<polygon points="{corners}" fill="#0E5A4A" fill-opacity=".25" '
            'stroke="#0E5A4A" stroke-width="2"/>'
        )
    if pin is not None:
        x, y = shown.spot_of(pin[1], pin[0])
        parts.append(
            f'<path d="M{x} {y}l-9-16a10 10 0 1 1 18 0z" fill="#A4161A" stroke="#FFFFFF" stroke-width="2"/>'
            f'<circle cx="{x}" cy="{round(y - 20, 1)}" r="3.5" fill="#FFFFFF"/>'
        )
    return "".join([*parts, "</svg>"])


def _district(district: Any, shown: Frame) -> str:
    spots = [shown.spot_of(longitude * MICRO, latitude * MICRO) for longitude, latitude in district.ring]
    corners = " ".join("{},{}".format(*spot) for spot in spots)
    x, y = (round(sum(values) / (len(spots) - 1), 1) for values in zip(*spots[:-1], strict=True))
    return (
        f'<polygon points="{corners}" fill="#F8F6F1" stroke="#4A5A60" stroke-width="1.2"/>'
        f'<text x="{x}" y="{y}" text-anchor="middle" {_NAME}>{escape(district.name)}</text>'
    )


def _place(place: Any, shown: Frame) -> str:
    x, y = shown.spot_of(place.longitude_e6, place.latitude_e6)
    if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        return ""
    mark = f'<circle cx="{x}" cy="{y}" r="4" fill="#0E5A4A" stroke="#FFFFFF" stroke-width="1.5"/>'
    if shown.zoom == FURTHEST:
        return mark
    name = place.title if len(place.title) <= 28 else f"{place.title[:27]}…"  # noqa: PLR2004
    return f'{mark}<text x="{x + 7}" y="{y + 3}" {_NAME}>{escape(name)}</text>'
