"""Charts as SVG markup, the same for pages and papers; shapes only, since words belong in HTML beside them.

Every tone has its own hatch, so that parts are told apart without seeing colour. The hatch is drawn as lines cut to
the shape, not as SVG patterns: those need ids, which clash when a page shows two charts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from markupsafe import Markup

Palette: TypeAlias = Literal["page", "paper"]
Line: TypeAlias = tuple[float, float, float, float]

GAP = 3.0
WIDTH = 600.0
HATCHED_FROM = 3.0  # narrower boxes have no room for lines and are filled

# The light tokens of the page, for paper: a full tone and its tint.
PAPER = {
    "ink": "#1B2A2F", "paper": "#FFFFFF", "rest": "#EFEBE2", "line": "#7C7A70",
    "green": "#0E5A4A", "green-1": "#DFF0EA", "blue": "#1B4F8F", "blue-1": "#E3EDF8",
    "terra": "#9A3B1E", "terra-1": "#FAE8E0", "plum": "#6A4A8C", "plum-1": "#EFE8F6",
    "ochre": "#704600", "ochre-1": "#FFF1D0", "red": "#A4161A", "red-1": "#FBE5E5",
}  # fmt: skip
TONES = ("green", "blue", "terra", "plum", "ochre", "red", "line")


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


@dataclass(frozen=True)
class Box:
    """A rectangle in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float


def parts(rows: Iterable[Mapping[str, Any]]) -> list[Part]:
    """Read parts from a template's rows {label, tone, promised, given}."""
    return [Part(row["label"], row["promised"], row["tone"], row.get("given", 0)) for row in rows]


def columns(rows: Iterable[Mapping[str, Any]]) -> list[Column]:
    """Read columns from a template's rows {label, value, words, tone?}."""
    return [
        Column(row["label"], row["value"], row.get("words", ""), row.get("tone") or "green") for row in rows
    ]


def widths(values: Sequence[int], total: int, *, room: float = WIDTH, gap: float = GAP) -> list[float]:
    """Share the room among the values in proportion; drawn parts and the gaps between them fit the room exactly.

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
        shapes.append(_hatched(Box(x, 0, width, 30), part.tone, palette))
        if tracked:
            shapes.append(_done_line(part, x, width, palette))
        x += width + GAP
    if x < WIDTH:
        shapes.append(_rect(Box(x, 0, WIDTH - x, 30), "rest", palette))
    desc = "; ".join(part.label for part in parts)
    return _svg(shapes, "bar", (WIDTH, 38 if tracked else 30), title=title, desc=desc, stretch=True)


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
    width = WIDTH * _ratio(value / out_of if out_of else 0)
    shapes = [_rect(Box(0, 2, WIDTH, 14), "rest", palette), _rect(Box(0, 2, width, 14), tone, palette)]
    return _svg(shapes, "meter", (WIDTH, 18), title=title, stretch=True)


def gauge(
    value_ratio: float | None,
    limit_ratio: float,
    comparator: str,
    *,
    tone: str = "green",
    title: str = "",
    palette: Palette = "page",
) -> Markup:
    """Draw a measure against its limit on a scale of 0 to 1; the side that would break the fence is hatched."""
    limit = WIDTH * _ratio(limit_ratio)
    wrong = Box(0, 4, limit, 12) if comparator == "at_least" else Box(limit, 4, WIDTH - limit, 12)
    shapes = [
        _rect(Box(0, 4, WIDTH, 12), "rest", palette),
        _lines(wrong, "line", _rising(wrong, 12), palette, 1),
    ]
    if value_ratio is not None:
        shapes.append(_rect(Box(0, 4, max(WIDTH * _ratio(value_ratio), 4), 12), tone, palette))
    shapes.append(_tick(limit, palette))
    return _svg(shapes, "gauge", (WIDTH, 20), title=title, stretch=True)


def history(
    points: Sequence[float | None],
    limit_ratio: float,
    comparator: str,
    *,
    title: str,
    palette: Palette = "page",
) -> Markup:
    """Draw earlier measures as points with the limit as a dashed line; broken ones are squares, missing ones gaps."""
    limit = _height(limit_ratio)
    shapes = [_line((4, limit, 296, limit), "ink", palette, 1.5, dash="5 4")]
    step = 280 / max(len(points) - 1, 1)
    spots = [None if p is None else (10 + n * step, _height(p)) for n, p in enumerate(points)]
    for one, other in zip(spots, spots[1:], strict=False):
        if one and other:
            shapes.append(_line((*one, *other), "line", palette, 2))
    for point, spot in zip(points, spots, strict=True):
        if point is not None and spot:
            shapes.append(_spot(spot, _holds(point, limit_ratio, comparator), palette))
    return _svg(shapes, "line", (300, 70), title=title)


def bars(
    columns: Sequence[Column], *, title: str, limit: int | None = None, palette: Palette = "page"
) -> Markup:
    """Draw one column a period on a common base; a missing report is a dashed frame, a limit a dashed line."""
    most = max([column.value or 0 for column in columns] + [limit or 0, 1])
    slot = WIDTH / max(len(columns), 1)
    shapes = [_line((0, 129, WIDTH, 129), "ink", palette, 2)]
    for n, column in enumerate(columns):
        shapes.append(_column(column, Box(n * slot + slot * 0.18, 4, slot * 0.64, 124), most, palette))
    if limit is not None:
        y = 128 - 124 * limit / most
        shapes.append(_line((0, y, WIDTH, y), "ink", palette, 1.5, dash="6 5"))
    return _svg(shapes, "columns", (WIDTH, 130), title=title, stretch=True)


def swatch(tone: str, *, palette: Palette = "page") -> Markup:
    """Draw the sign of a tone for the table under a chart."""
    body = _hatched(Box(0, 0, 18, 18), tone, palette)
    return Markup(
        '<svg class="swatch" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">{}</svg>'
    ).format(body)


def file_size(size_bytes: int) -> str:
    """Say a file's size as people read it: 212 KB, 3.4 MB."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{round(size_bytes / 1_000)} KB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _ratio(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _height(ratio: float) -> float:
    return 62 - 54 * _ratio(ratio)


def _holds(point: float, limit: float, comparator: str) -> bool:
    return point >= limit if comparator == "at_least" else point <= limit


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _fill(tone: str, palette: Palette) -> Markup:
    return _paint("fill", "f", tone, palette)


def _stroke(tone: str, palette: Palette) -> Markup:
    return _paint("stroke", "s", tone, palette)


def _paint(attribute: str, prefix: str, tone: str, palette: Palette) -> Markup:
    """Colour by class on a page, so that dark and forced colours work; by value on paper. Unknown tones are grey."""
    known = tone if tone in PAPER else "line"
    if palette == "paper":
        return Markup('{}="{}"').format(attribute, PAPER[known])
    return Markup('class="{}-{}"').format(prefix, known)


def _rect(box: Box, tone: str, palette: Palette) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" {}/>').format(
        _number(box.x), _number(box.y), _number(max(box.width, 0)), _number(box.height), _fill(tone, palette)
    )


def _line(line: Line, tone: str, palette: Palette, thickness: float, *, dash: str = "") -> Markup:
    """Draw a line whose thickness stays when the drawing is stretched to its place."""
    dashes = Markup(' stroke-dasharray="{}"').format(dash) if dash else Markup()
    return Markup(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}" vector-effect="non-scaling-stroke" {}{}/>'
    ).format(*map(_number, line), _number(thickness), _stroke(tone, palette), dashes)


def _lines(box: Box, tone: str, lines: Iterable[Line], palette: Palette, thickness: float = 2) -> Markup:
    """Draw many lines as one path."""
    if box.width <= 0:
        return Markup()
    path = "".join("M{} {}L{} {}".format(*map(_number, line)) for line in lines)
    return Markup('<path d="{}" stroke-width="{}" vector-effect="non-scaling-stroke" {}/>').format(
        path, _number(thickness), _stroke(tone, palette)
    )


def _hatched(box: Box, tone: str, palette: Palette) -> Markup:
    """Fill a box in a tone's own way: green and grey are full, the others are lines on the tone's tint."""
    if tone not in HATCH or box.width < HATCHED_FROM:
        return _rect(box, tone, palette)
    return Markup().join(
        [
            _rect(box, f"{tone}-1", palette),
            _lines(box, tone, HATCH[tone](box), palette, 3),
            _frame(box, tone, palette),
        ]
    )


def _frame(box: Box, tone: str, palette: Palette) -> Markup:
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke-width="1.5" vector-effect="non-scaling-stroke" {}/>'
    ).format(
        _number(box.x + 0.7), _number(box.y + 0.7), _number(max(box.width - 1.4, 0)), _number(box.height - 1.4),
        _stroke(tone, palette),
    )  # fmt: skip


def _flat(box: Box) -> list[Line]:
    count = int(box.height // 6)
    return [
        (box.x, y, box.x + box.width, y)
        for y in (box.y + 4 + 6 * n for n in range(count))
        if y < box.y + box.height
    ]


def _upright(box: Box) -> list[Line]:
    return [(x, box.y, x, box.y + box.height) for x in _steps(box.x + 4, box.x + box.width, 8)]


def _rising(box: Box, step: float = 9) -> list[Line]:
    """Cut lines of 45 degrees to the box: each runs from the bottom or left edge to the top or right edge."""
    lines = []
    for start in _steps(box.x - box.height + step / 2, box.x + box.width, step):
        left, right = max(start, box.x), min(start + box.height, box.x + box.width)
        foot = box.y + box.height
        lines.append((left, foot - (left - start), right, foot - (right - start)))
    return lines


def _falling(box: Box, step: float = 9) -> list[Line]:
    middle = box.y * 2 + box.height
    return [(x1, middle - y1, x2, middle - y2) for x1, y1, x2, y2 in _rising(box, step)]


def _crossed(box: Box) -> list[Line]:
    return _rising(box, 12) + _falling(box, 12)


def _steps(start: float, end: float, step: float) -> list[float]:
    count = max(int((end - start) // step) + 1, 0)
    return [start + step * n for n in range(count) if start + step * n < end]


HATCH: dict[str, Callable[[Box], list[Line]]] = {
    "plum": _flat,
    "blue": _upright,
    "terra": _rising,
    "ochre": _falling,
    "red": _crossed,
}


def _done_line(part: Part, x: float, width: float, palette: Palette) -> Markup:
    share = _ratio(part.done / part.value) if part.value > 0 else 0.0
    return Markup().join(
        [_rect(Box(x, 33, width, 5), "rest", palette), _rect(Box(x, 33, width * share, 5), "ink", palette)]
    )


def _tick(x: float, palette: Palette) -> Markup:
    """The limit: a dark bar in a light frame, seen on any fill; kept inside the drawing at both ends."""
    at = min(max(x - 3, 2), WIDTH - 8)
    return Markup().join(
        [_rect(Box(at - 2, 0, 10, 20), "paper", palette), _rect(Box(at, 0, 6, 20), "ink", palette)]
    )


def _spot(at: tuple[float, float], holds: bool, palette: Palette) -> Markup:
    x, y = at
    if holds:
        return Markup('<circle cx="{}" cy="{}" r="4.5" {}/>').format(
            _number(x), _number(y), _fill("green", palette)
        )
    return _rect(Box(x - 5, y - 5, 10, 10), "red", palette)


def _column(column: Column, room: Box, most: int, palette: Palette) -> Markup:
    if column.value is None:
        frame = Box(room.x, room.y + room.height - 24, room.width, 24)
        return Markup(
            '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke-width="1.5" stroke-dasharray="4 4"'
            ' vector-effect="non-scaling-stroke" {}/>'
        ).format(*map(_number, (frame.x, frame.y, frame.width, frame.height)), _stroke("line", palette))
    height = room.height * max(column.value, 0) / most
    return _hatched(Box(room.x, room.y + room.height - height, room.width, height), column.tone, palette)


def _svg(
    shapes: Sequence[Markup],
    kind: str,
    size: tuple[float, float],
    *,
    title: str,
    desc: str = "",
    stretch: bool = False,
) -> Markup:
    """Wrap the shapes; a chart without a title is hidden from readers, because the text beside it says the same."""
    named = Markup('role="img"') if title else Markup('aria-hidden="true"')
    words = Markup("<title>{}</title>").format(title) if title else Markup()
    more = Markup("<desc>{}</desc>").format(desc) if title and desc.strip("; ") else Markup()
    aspect = Markup(' preserveAspectRatio="none"') if stretch else Markup()
    frame = Markup(
        '<svg class="chart chart-{}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"{} {}>{}{}{}</svg>'
    )
    return frame.format(
        kind, _number(size[0]), _number(size[1]), aspect, named, words, more, Markup().join(shapes)
    )


__all__ = [
    "Column", "Part", "bars", "columns", "file_size", "gauge", "history", "left_bar", "meter", "parts",
    "stacked_bar", "swatch", "widths",
]  # fmt: skip
