"""The outline of a place as people paste it: GeoJSON, or one point a line; refused where it is no outline."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from portal.errors import Invalid
from portal.words import W

LONGEST = 20_000
FEWEST, MOST = 3, 60
MICRO = 1_000_000
# Longitude and latitude in millionths of a degree, the order of GeoJSON.
Corner = tuple[int, int]
_NUMBER = r"(-?[0-9]{1,3}(?:[.,][0-9]{1,15})?)"
_LINE = re.compile(rf"\s*{_NUMBER}\s*[,;\s]\s*{_NUMBER}\s*[,;]?\s*")

HOW = W(
    "Paste the outline as GeoJSON, or write one point a line, north first: 44.4938, 11.3426. "
    "Three points are the least."
)
TOO_LONG = W("An outline may have %(most)s corners. Leave out the small ones.", most=MOST)
ONE_RING = W("Paste one outline without holes. You can add others to the description.")
NOT_CLOSED = W("The outline is not closed: its last point must be the first one again.")
CROSSES = W("The outline crosses or touches itself. Write the corners in the order in which you walk round.")
OUTSIDE = W("A corner lies outside the city: %(corner)s. Correct it, or leave the outline out.")


def read(text: str, *, is_inside: Callable[[Corner], bool]) -> list[Corner]:
    """Return the closed ring, anticlockwise (RFC 7946); refuse with Invalid what is no simple outline.

    `is_inside` says whether a corner lies in the city.
    """
    ring = _from_geojson(text) if text.lstrip()[:1] in {"{", "["} else _from_lines(text)
    corners = _without_repeats(ring)
    if len(corners) < FEWEST:
        raise _refused(HOW)
    if len(corners) > MOST:
        raise _refused(TOO_LONG)
    for corner in corners:
        if not is_inside(corner):
            raise _refused(W(OUTSIDE.id, corner=written(corner)))
    if crosses_itself(corners):
        raise _refused(CROSSES)
    if doubled_area(corners) < 0:
        corners.reverse()
    return [*corners, corners[0]]


def written(corner: Corner) -> str:
    """Return a corner as it is written on a line: north, then east."""
    return ", ".join(f"{Decimal(part) / MICRO:f}" for part in reversed(corner))


def as_lines(ring: Sequence[Sequence[int]] | None) -> str:
    """Return a closed ring one corner a line, for going on with it."""
    return "\n".join(written((east, north)) for east, north in (ring or [])[:-1])


def _refused(words: W) -> Invalid:
    return Invalid(words, field="outline")


def _from_lines(text: str) -> list[Corner]:
    if len(text) > LONGEST:
        raise _refused(TOO_LONG)
    found = []
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.fullmatch(line)
        if match is None:
            raise _refused(HOW)
        north, east = (_micro(Decimal(part.replace(",", "."))) for part in match.groups())
        found.append((east, north))
    # On paper nobody writes the first point twice.
    return found if found[:1] == found[-1:] and len(found) > 1 else [*found, *found[:1]]


def _from_geojson(text: str) -> list[Corner]:
    if len(text) > LONGEST:
        raise _refused(TOO_LONG)
    try:
        raw = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)
        ring = _ring_of(raw)
        corners = [(_micro(point[0]), _micro(point[1])) for point in ring]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, InvalidOperation) as error:
        raise _refused(HOW) from error
    if corners[:1] != corners[-1:] or len(corners) < FEWEST:
        raise _refused(NOT_CLOSED)
    return corners


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _ring_of(raw: Any) -> list[Any]:
    if isinstance(raw, dict) and raw.get("type") == "FeatureCollection":
        features = raw["features"]
        if len(features) != 1:
            raise _refused(ONE_RING)
        raw = features[0]
    if isinstance(raw, dict) and raw.get("type") == "Feature":
        raw = raw["geometry"]
    if not isinstance(raw, dict) or raw.get("type") != "Polygon":
        raise _refused(HOW if not _is_many(raw) else ONE_RING)
    rings = raw["coordinates"]
    if len(rings) != 1:
        raise _refused(ONE_RING)
    ring: list[Any] = rings[0]
    return ring


def _is_many(raw: Any) -> bool:
    return isinstance(raw, dict) and raw.get("type") == "MultiPolygon"


def _micro(degrees: Any) -> int:
    if not isinstance(degrees, Decimal) or not degrees.is_finite() or abs(degrees) > 180:  # noqa: PLR2004
        raise _refused(HOW)
    return int((degrees * MICRO).to_integral_value())


def _without_repeats(ring: Sequence[Corner]) -> list[Corner]:
    return [corner for corner, following in pairwise(ring) if corner != following]


def doubled_area(corners: Sequence[Corner]) -> int:
    """Return twice the area in square millionths of a degree, positive where it runs anticlockwise."""
    closed = [*corners, corners[0]]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(closed))


def crosses_itself(corners: Sequence[Corner]) -> bool:
    """Say whether two sides share a point that is not the corner between them."""
    sides = list(pairwise([*corners, corners[0]]))
    last = len(sides) - 1
    for number, side in enumerate(sides):
        for other in range(number + 1, len(sides)):
            are_neighbours = other == number + 1 or (number == 0 and other == last)
            if (_turns_back if are_neighbours else _meet)(side, sides[other]):
                return True
    return False


Side = tuple[Corner, Corner]


def _turns_back(one: Side, other: Side) -> bool:
    """Say whether two neighbouring sides lie on each other; they always share one corner."""
    shared = one[1] if one[1] == other[0] else one[0]
    away, further = (one[0] if shared == one[1] else one[1]), (other[1] if shared == other[0] else other[0])
    straight = _turn(shared, away, further) == 0
    ahead = (away[0] - shared[0]) * (further[0] - shared[0]) + (away[1] - shared[1]) * (
        further[1] - shared[1]
    )
    return straight and ahead > 0


def _meet(one: Side, other: Side) -> bool:
    (a, b), (c, d) = one, other
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    touching = ((turns[0], one, c), (turns[1], one, d), (turns[2], other, a), (turns[3], other, b))
    return any(turn == 0 and _lies_on(side, point) for turn, side, point in touching)


def _turn(a: Corner, b: Corner, c: Corner) -> int:
    return _sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _lies_on(side: Side, point: Corner) -> bool:
    (x1, y1), (x2, y2) = side
    x, y = point
    return min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)
