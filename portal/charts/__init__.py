"""Charts as SVG markup, the same for pages and papers; shapes only, since words belong in HTML beside them.

Every tone has its own hatch, so that parts are told apart without seeing colour. The hatch is drawn as lines
cut to the shape, not as SVG patterns: those need ids, which clash when a page shows two charts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from portal.charts.strokes import (
    PAPER,
    TONES,
    Box,
    Palette,
    Shape,
    clamped,
    fill,
    frame,
    hatched,
    line,
    lines,
    number,
    rect,
    rising,
    svg,
)

GAP = 3.0
WIDTH = 600.0
KB = 1_000
MB = 1_000_000


@dataclass(frozen=True)
class Part:
    """One part of a whole; value and done are integers of the same unit."""

    label: str
    value: int
    tone: str
    done: int = 0


@dataclass(frozen=True)
class Column:
    """One period; no value means nothing was reported."""

    label: str
    value: int | None
    words: str = ""
    tone: str = "green"


def parts(rows: Iterable[Mapping[str, Any]]) -> list[Part]:
    """Read parts from a template's rows {label, tone, promised, given}."""
    return [Part(row["label"], row["promised"], row["tone"], row.get("given", 0)) for row in rows]


def columns(rows: Iterable[Mapping[str, Any]]) -> list[Column]:
    """Read columns from a template's rows {label, value, words, tone?}."""
    return [
        Column(row["label"], row["value"], row.get("words", ""), row.get("tone") or "green") for row in rows
    ]


def widths(values: Sequence[int], total: int, *, room: float = WIDTH, gap: float = GAP) -> list[float]:
    """Share the room among the values in proportion; parts and the gaps between them fit it exactly.

    Where the total is more than the sum, the rest of the room stays empty.
    """
    whole = max(total, sum(values))
    drawn = sum(1 for value in values if value > 0)
    if whole <= 0 or drawn == 0:
        return [0.0 for _ in values]
    usable = room - gap * (drawn - 1)
    return [usable * max(value, 0) / whole for value in values]


def stacked_bar(
    parts: Sequence[Part], *, title: str, total: int | None = None, palette: Palette = "page"
) -> Markup:
    """Draw the parts of a whole side by side; the thin line below each says how much of it is done."""
    room = widths([part.value for part in parts], total or 0)
    tracked = any(part.done for part in parts)
    shapes = []
    x = 0.0
    for part, width in zip(parts, room, strict=True):
        if width <= 0:
            continue
        shapes.append(hatched(Box(x, 0, width, 30), part.tone, palette))
        if tracked:
            shapes.append(_done_line(part, x, width, palette))
        x += width + GAP
    if x < WIDTH:
        shapes.append(rect(Box(x, 0, WIDTH - x, 30), "rest", palette))
    desc = "; ".join(part.label for part in parts)
    return svg(shapes, "bar", (WIDTH, 38 if tracked else 30), title=title, desc=desc, stretch=True)


def left_bar(
    taken: int, asked: int, capacity: int, *, title: str, tone: str = "green", palette: Palette = "page"
) -> Markup:
    """Draw a budget: what is taken, what is asked for now, and what is left empty."""
    both = [Part("", taken, "line"), Part("", asked, tone)]
    return stacked_bar(both, title=title, total=capacity, palette=palette)


def meter(
    value: int, out_of: int, *, tone: str = "green", title: str = "", palette: Palette = "page"
) -> Markup:
    """Draw one value out of its most, as in a table's row; silent unless it has a title."""
    width = WIDTH * clamped(value / out_of if out_of else 0)
    shapes = [rect(Box(0, 2, WIDTH, 14), "rest", palette), rect(Box(0, 2, width, 14), tone, palette)]
    return svg(shapes, "meter", (WIDTH, 18), title=title, stretch=True)


def gauge(
    value_ratio: float | None,
    limit_ratio: float,
    comparator: str,
    *,
    tone: str = "green",
    title: str = "",
    palette: Palette = "page",
) -> Markup:
    """Draw a measure against its limit on a scale of 0 to 1; the side that breaks the fence is hatched."""
    limit = WIDTH * clamped(limit_ratio)
    wrong = Box(0, 4, limit, 12) if comparator == "at_least" else Box(limit, 4, WIDTH - limit, 12)
    shapes = [
        rect(Box(0, 4, WIDTH, 12), "rest", palette),
        lines(rising(wrong, 12), "line", palette, 1),
    ]
    if value_ratio is not None:
        shapes.append(rect(Box(0, 4, max(WIDTH * clamped(value_ratio), 4), 12), tone, palette))
    shapes.append(_tick(limit, palette))
    return svg(shapes, "gauge", (WIDTH, 20), title=title, stretch=True)


def history(
    points: Sequence[float | None],
    limit_ratio: float,
    comparator: str,
    *,
    title: str,
    palette: Palette = "page",
) -> Markup:
    """Draw earlier measures against the dashed limit: kept are dots, broken are squares, missing are gaps."""
    limit = _height(limit_ratio)
    shapes = [line((4, limit, 296, limit), "ink", palette, 1.5, dash="5 4")]
    step = 280 / max(len(points) - 1, 1)
    spots = [None if p is None else (10 + n * step, _height(p)) for n, p in enumerate(points)]
    for one, other in pairwise(spots):
        if one and other:
            shapes.append(line((*one, *other), "line", palette, 2))
    for point, spot in zip(points, spots, strict=True):
        if point is not None and spot:
            shapes.append(_spot(spot, palette, holds=_holds(point, limit_ratio, comparator)))
    return svg(shapes, "line", (300, 70), title=title)


def bars(
    columns: Sequence[Column], *, title: str, limit: int | None = None, palette: Palette = "page"
) -> Markup:
    """Draw one column a period on a common base; no report is a dashed frame, a limit a dashed line."""
    most = max([column.value or 0 for column in columns] + [limit or 0, 1])
    slot = WIDTH / max(len(columns), 1)
    shapes = [line((0, 129, WIDTH, 129), "ink", palette, 2)]
    for n, column in enumerate(columns):
        shapes.append(_column(column, Box(n * slot + slot * 0.18, 4, slot * 0.64, 124), most, palette))
    if limit is not None:
        y = 128 - 124 * limit / most
        shapes.append(line((0, y, WIDTH, y), "ink", palette, 1.5, dash="6 5"))
    return svg(shapes, "columns", (WIDTH, 130), title=title, stretch=True)


def swatch(tone: str, *, palette: Palette = "page") -> Markup:
    """Draw the sign of a tone for the table under a chart."""
    body = hatched(Box(0, 0, 18, 18), tone, palette)
    return Markup(  # noqa: S704 - a shape is numbers and known tones
        f'<svg class="swatch" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">{body}</svg>'
    )


def file_size(size_bytes: int) -> str:
    """Say a file's size as people read it: 212 KB, 3.4 MB."""
    if size_bytes < KB:
        return f"{size_bytes} B"
    if size_bytes < MB:
        return f"{round(size_bytes / KB)} KB"
    return f"{size_bytes / MB:.1f} MB"


def _height(ratio: float) -> float:
    return 62 - 54 * clamped(ratio)


def _holds(point: float, limit: float, comparator: str) -> bool:
    return point >= limit if comparator == "at_least" else point <= limit


def _done_line(part: Part, x: float, width: float, palette: Palette) -> Shape:
    share = clamped(part.done / part.value) if part.value > 0 else 0.0
    return rect(Box(x, 33, width, 5), "rest", palette) + rect(Box(x, 33, width * share, 5), "ink", palette)


def _tick(x: float, palette: Palette) -> Shape:
    """Draw the limit as a dark bar in a light frame, seen on any fill and never cut at the ends."""
    at = min(max(x - 3, 2), WIDTH - 8)
    return rect(Box(at - 2, 0, 10, 20), "paper", palette) + rect(Box(at, 0, 6, 20), "ink", palette)


def _spot(at: tuple[float, float], palette: Palette, *, holds: bool) -> Shape:
    x, y = at
    if holds:
        return f'<circle cx="{number(x)}" cy="{number(y)}" r="4.5" {fill("green", palette)}/>'
    return rect(Box(x - 5, y - 5, 10, 10), "red", palette)


def _column(column: Column, room: Box, most: int, palette: Palette) -> Shape:
    if column.value is None:
        missing = Box(room.x, room.y + room.height - 24, room.width, 24)
        return frame(missing, "line", palette, dash="4 4")
    height = room.height * max(column.value, 0) / most
    return hatched(Box(room.x, room.y + room.height - height, room.width, height), column.tone, palette)


__all__ = [
    "PAPER", "TONES", "Column", "Part", "bars", "columns", "file_size", "gauge", "history", "left_bar",
    "meter", "parts", "stacked_bar", "swatch", "widths",
]  # fmt: skip
