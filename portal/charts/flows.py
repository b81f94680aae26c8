"""What flowed from many to many, as bands between two columns; the words belong in the table beside it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from portal.charts.strokes import HATCHED_FROM, TONES, Box, Palette, Shape, fill, hatched, number, rect, svg

WIDTH, HEIGHT, SIDE, GAP = 600.0, 260.0, 26.0, 8.0
THINNEST = 1.2  # what is worth less than this is drawn as thick, so that it can be seen at all


@dataclass(frozen=True)
class Flow:
    """So much from one to another; the names decide which belong together."""

    source: Hashable
    target: Hashable
    value: int


def tones(flows: Sequence[Flow]) -> dict[Hashable, str]:
    """Return the tone of each source, in the order in which they appear; the last share the grey."""
    sources = dict.fromkeys(one.source for one in flows)
    return {one: TONES[min(n, len(TONES) - 1)] for n, one in enumerate(sources)}


def flow_chart(flows: Sequence[Flow], *, title: str, palette: Palette = "page") -> Markup:
    """Draw each flow as a band as thick as its value; equal values are equally thick on both sides."""
    drawn = [one for one in flows if one.value > 0]
    lefts = _columns([(one.source, one.value) for one in drawn])
    rights = _columns([(one.target, one.value) for one in drawn])
    scale = _scale(drawn, max(len(lefts), len(rights)))
    colours = tones(drawn)
    shapes = _bands(drawn, (_starts(lefts, scale), _starts(rights, scale)), scale, colours, palette)
    for name, start in _starts(lefts, scale).items():
        shapes.append(_end(Box(0, start, SIDE, lefts[name] * scale), colours[name], palette))
    for name, start in _starts(rights, scale).items():
        shapes.append(_end(Box(WIDTH - SIDE, start, SIDE, rights[name] * scale), "line", palette))
    return svg(shapes, "flow", (WIDTH, HEIGHT), title=title)


def _end(box: Box, tone: str, palette: Palette) -> Shape:
    """Draw where bands begin or end; too low for lines it is full."""
    if box.height < HATCHED_FROM:
        return rect(replace(box, height=max(box.height, THINNEST)), tone, palette)
    return hatched(box, tone, palette)


def _columns(rows: Sequence[tuple[Hashable, int]]) -> dict[Hashable, int]:
    found: dict[Hashable, int] = {}
    for name, value in rows:
        found[name] = found.get(name, 0) + value
    return found


def _scale(flows: Sequence[Flow], most: int) -> float:
    whole = sum(one.value for one in flows)
    return (HEIGHT - (GAP + THINNEST) * most) / whole if whole else 0.0


def _starts(column: dict[Hashable, int], scale: float) -> dict[Hashable, float]:
    found, y = {}, 0.0
    for name, value in column.items():
        found[name] = y
        y += value * scale + GAP
    return found


def _bands(
    flows: Sequence[Flow],
    starts: tuple[dict[Hashable, float], dict[Hashable, float]],
    scale: float,
    colours: dict[Hashable, str],
    palette: Palette,
) -> list[Shape]:
    left, right = (dict(one) for one in starts)
    shapes = []
    for one in flows:
        thick = one.value * scale
        shapes.append(_band((left[one.source], right[one.target]), thick, colours[one.source], palette))
        left[one.source] += thick
        right[one.target] += thick
    return shapes


def _band(ends: tuple[float, float], thick: float, tone: str, palette: Palette) -> Shape:
    start, end = ends
    middle = WIDTH / 2
    thick = max(thick, THINNEST)
    path = (
        f"M{number(SIDE)} {number(start)}C{number(middle)} {number(start)} {number(middle)} {number(end)}"
        f" {number(WIDTH - SIDE)} {number(end)}V{number(end + thick)}"
        f"C{number(middle)} {number(end + thick)} {number(middle)} {number(start + thick)}"
        f" {number(SIDE)} {number(start + thick)}Z"
    )
    return f'<path d="{path}" fill-opacity=".35" {fill(tone, palette)}/>'
