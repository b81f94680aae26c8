"""An outline is taken as people paste it, or refused with a sentence that says what to do."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.proposals import outlines

SQUARE = "44.49, 11.34\n44.49, 11.35\n44.50, 11.35\n44.50, 11.34"


def everywhere(_corner: outlines.Corner) -> bool:
    return True


def polygon(*points: tuple[float, float], kind: str = "Polygon") -> str:
    return json.dumps({"type": kind, "coordinates": [[list(point) for point in points]]})


RING = ((11.34, 44.49), (11.35, 44.49), (11.35, 44.50), (11.34, 44.50), (11.34, 44.49))


@pytest.mark.parametrize(
    "typed",
    [
        SQUARE,
        SQUARE + "\n44.49, 11.34",
        "44,49 11,34\n44,49 11,35\n\n44,50; 11,35\n44,50 11,34\n",
        polygon(*RING),
        json.dumps({"type": "Feature", "geometry": json.loads(polygon(*RING))}),
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "geometry": json.loads(polygon(*RING))}],
            }
        ),
        polygon(*reversed(RING)),
    ],
)
def test_the_same_square_however_it_is_written(typed):
    ring = outlines.read(typed, is_inside=everywhere)
    assert ring[0] == ring[-1]
    assert set(ring) == {
        (11_340_000, 44_490_000),
        (11_350_000, 44_490_000),
        (11_350_000, 44_500_000),
        (11_340_000, 44_500_000),
    }
    assert outlines.doubled_area(ring[:-1]) > 0
    assert outlines.read(outlines.as_lines(ring), is_inside=everywhere) == ring


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Paste the outline"),
        ("here", "Paste the outline"),
        ("44.49, 11.34\n44.49, 11.35", "Paste the outline"),
        ("44.49, 11.34\n" * 5, "Paste the outline"),
        ("{", "Paste the outline"),
        ("[" * 5_000, "Paste the outline"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5], [NaN, 1]]]}', "Paste the outline"),
        ('{"type": "Polygon", "coordinates": [[["1", "2"]]]}', "Paste the outline"),
        (
            '{"type": "Polygon", "coordinates": [[[1e999, 2], [1, 2], [2, 2], [1e999, 2]]]}',
            "Paste the outline",
        ),
        (polygon(*RING, kind="Point"), "Paste the outline"),
        (polygon(*RING, kind="MultiPolygon"), "one outline without holes"),
        (json.dumps({"type": "Polygon", "coordinates": [RING, RING]}), "one outline without holes"),
        (json.dumps({"type": "FeatureCollection", "features": []}), "one outline without holes"),
        (polygon(*RING[:-1]), "not closed"),
        ("44.49, 11.34\n44.50, 11.35\n44.49, 11.35\n44.50, 11.34", "crosses or touches itself"),
        ("44.49, 11.34\n44.49, 11.36\n44.49, 11.35\n44.50, 11.34", "crosses or touches itself"),
        ("\n".join(f"{44 + n / 1000}, 11.3" for n in range(61)), "at most" if False else "60 corners"),
        ("x" * 30_000, "60 corners"),
    ],
)
def test_what_is_no_outline_is_refused_in_words(typed, said):
    with pytest.raises(Invalid, match=said) as refused:
        outlines.read(typed, is_inside=everywhere)
    assert refused.value.field == "outline"


def test_a_corner_outside_is_named():
    with pytest.raises(Invalid, match=r"44\.5, 11\.35|44\.500000, 11\.350000"):
        outlines.read(SQUARE, is_inside=lambda corner: corner != (11_350_000, 44_500_000))


@given(st.integers(3, 40), st.integers(1, 90_000), st.floats(0, 6.28))
def test_every_round_outline_is_taken_and_kept_the_same(count, radius, turned):
    angles = [turned + 2 * math.pi * n / count for n in range(count)]
    corners = [
        (round(11_000_000 + radius * 9 * math.cos(a)), round(44_000_000 + radius * 9 * math.sin(a)))
        for a in angles
    ]
    if len(set(corners)) < count or outlines.crosses_itself(corners):
        return
    text = "\n".join(outlines.written(corner) for corner in corners)
    ring = outlines.read(text, is_inside=everywhere)
    assert len(ring) == count + 1
    assert set(ring) == set(corners)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=8, unique=True))
def test_sides_that_meet_are_seen_whichever_corner_comes_first(corners):
    found = outlines.crosses_itself(corners)
    assert outlines.crosses_itself(corners[1:] + corners[:1]) == found
    assert outlines.crosses_itself(corners[::-1]) == found


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(typed):
    try:
        ring = outlines.read(typed, is_inside=everywhere)
    except Invalid:
        return
    assert ring[0] == ring[-1]
