"""How a chart's shapes are drawn: colours by class or by value, hatches as lines cut to a box, the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from markupsafe import Markup, escape

Palette: TypeAlias = Literal["page", "paper"]
Line: TypeAlias = tuple[float, float, float, float]
# Markup of a shape. All that is ever in one are numbers and tones known here, so nothing needs escaping, and
# a page with many charts is put together in a fraction of the time.
Shape: TypeAlias = str

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
class Box:
    """A rectangle in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float


def clamped(value: float) -> float:
    """Keep a share between 0 and 1."""
    return min(max(value, 0.0), 1.0)


def number(value: float) -> str:
    """Write a coordinate as short as it can be."""
    return f"{value:.1f}".removesuffix(".0")


def fill(tone: str, palette: Palette) -> Shape:
    """Return the attribute that fills a shape with a tone."""
    return _paint("fill", "f", tone, palette)


def stroke(tone: str, palette: Palette) -> Shape:
    """Return the attribute that draws a line in a tone."""
    return _paint("stroke", "s", tone, palette)


def _paint(attribute: str, prefix: str, tone: str, palette: Palette) -> Shape:
    """Colour by class on a page, so that dark and forced colours work; by value on paper. Unknown is grey."""
    known = tone if tone in PAPER else "line"
    return f'{attribute}="{PAPER[known]}"' if palette == "paper" else f'class="{prefix}-{known}"'


def rect(box: Box, tone: str, palette: Palette) -> Shape:
    """Draw a full rectangle."""
    return f"<rect {_sides(box.x, box.y, box.width, box.height)} {fill(tone, palette)}/>"


def _sides(x: float, y: float, width: float, height: float) -> Shape:
    # Nought is what SVG takes where nothing is said.
    at = "".join(f'{name}="{number(value)}" ' for name, value in (("x", x), ("y", y)) if value)
    return f'{at}width="{number(max(width, 0))}" height="{number(max(height, 0))}"'


def line(ends: Line, tone: str, palette: Palette, thickness: float, *, dash: str = "") -> Shape:
    """Draw a line whose thickness stays when the drawing is stretched to its place."""
    x1, y1, x2, y2 = map(number, ends)
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke-width="{number(thickness)}"'
        f' vector-effect="non-scaling-stroke" {stroke(tone, palette)}{_dashes(dash)}/>'
    )


def _dashes(dash: str) -> Shape:
    return f' stroke-dasharray="{dash}"' if dash else ""


def lines(many: Iterable[Line], tone: str, palette: Palette, thickness: float) -> Shape:
    """Draw many lines as one path."""
    path = "".join(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" for x1, y1, x2, y2 in many)
    return (
        f'<path d="{path}" stroke-width="{number(thickness)}" vector-effect="non-scaling-stroke"'
        f" {stroke(tone, palette)}/>"
    )


def hatched(box: Box, tone: str, palette: Palette) -> Shape:
    """Fill a box in a tone's own way: green and grey are full, the others are lines on the tone's tint."""
    if tone not in HATCH or box.width < HATCHED_FROM:
        return rect(box, tone, palette)
    tint, hatch = rect(box, f"{tone}-1", palette), lines(HATCH[tone](box), tone, palette, 3)
    return f"{tint}{hatch}{frame(box, tone, palette)}"


def frame(box: Box, tone: str, palette: Palette, *, dash: str = "") -> Shape:
    """Draw the border of a box, inside its edges."""
    return (
        f"<rect {_sides(box.x + 0.7, box.y + 0.7, box.width - 1.4, box.height - 1.4)}"
        f' fill="none" stroke-width="1.5" vector-effect="non-scaling-stroke"'
        f" {stroke(tone, palette)}{_dashes(dash)}/>"
    )


def _flat(box: Box) -> list[Line]:
    count = int(box.height // 6)
    return [
        (box.x, y, box.x + box.width, y)
        for y in (box.y + 4 + 6 * n for n in range(count))
        if y < box.y + box.height
    ]


def _upright(box: Box) -> list[Line]:
    return [(x, box.y, x, box.y + box.height) for x in _steps(box.x + 4, box.x + box.width, 8)]


def rising(box: Box, step: float = 9) -> list[Line]:
    """Cut lines of 45 degrees to the box: each runs from the bottom or left edge to the top or right edge."""
    if box.width <= 0:
        return []
    cut = []
    for start in _steps(box.x - box.height + step / 2, box.x + box.width, step):
        left, right = max(start, box.x), min(start + box.height, box.x + box.width)
        foot = box.y + box.height
        cut.append((left, foot - (left - start), right, foot - (right - start)))
    return cut


def _falling(box: Box, step: float = 9) -> list[Line]:
    middle = box.y * 2 + box.height
    return [(x1, middle - y1, x2, middle - y2) for x1, y1, x2, y2 in rising(box, step)]


def _crossed(box: Box) -> list[Line]:
    return rising(box, 12) + _falling(box, 12)


def _steps(start: float, end: float, step: float) -> list[float]:
    count = max(int((end - start) // step) + 1, 0)
    return [start + step * n for n in range(count) if start + step * n < end]


HATCH: dict[str, Callable[[Box], list[Line]]] = {
    "plum": _flat,
    "blue": _upright,
    "terra": rising,
    "ochre": _falling,
    "red": _crossed,
}


def svg(
    shapes: Sequence[Shape],
    kind: str,
    size: tuple[float, float],
    *,
    title: str,
    desc: str = "",
    stretch: bool = False,
) -> Markup:
    """Wrap the shapes; a chart without a title is hidden from readers: the text beside it says it."""
    named = 'role="img"' if title else 'aria-hidden="true"'
    words = f"<title>{escape(title)}</title>" if title else ""
    more = f"<desc>{escape(desc)}</desc>" if title and desc.strip("; ") else ""
    aspect = ' preserveAspectRatio="none"' if stretch else ""
    box = f"0 0 {number(size[0])} {number(size[1])}"
    return Markup(  # noqa: S704 - words are escaped, and a shape is numbers and known tones
        f'<svg class="chart chart-{kind}" xmlns="http://www.w3.org/2000/svg" viewBox="{box}"{aspect} {named}>'
        f"{words}{more}{''.join(shapes)}</svg>"
    )
