"""How a chart's shapes are drawn: colours by class or by value, hatches as lines cut to a box, the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from markupsafe import Markup

Palette: TypeAlias = Literal["page", "paper"]
Line: TypeAlias = tuple[float, float, float, float]

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


def fill(tone: str, palette: Palette) -> Markup:
    """Return the attribute that fills a shape with a tone."""
    return _paint("fill", "f", tone, palette)


def stroke(tone: str, palette: Palette) -> Markup:
    """Return the attribute that draws a line in a tone."""
    return _paint("stroke", "s", tone, palette)


def _paint(attribute: str, prefix: str, tone: str, palette: Palette) -> Markup:
    """Colour by class on a page, so that dark and forced colours work; by value on paper. Unknown is grey."""
    known = tone if tone in PAPER else "line"
    if palette == "paper":
        return Markup('{}="{}"').format(attribute, PAPER[known])
    return Markup('class="{}-{}"').format(prefix, known)


def rect(box: Box, tone: str, palette: Palette) -> Markup:
    """Draw a full rectangle."""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" {}/>').format(
        number(box.x), number(box.y), number(max(box.width, 0)), number(box.height), fill(tone, palette)
    )


def line(ends: Line, tone: str, palette: Palette, thickness: float, *, dash: str = "") -> Markup:
    """Draw a line whose thickness stays when the drawing is stretched to its place."""
    dashes = Markup(' stroke-dasharray="{}"').format(dash) if dash else Markup()
    return Markup(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}" vector-effect="non-scaling-stroke" {}{}/>'
    ).format(*map(number, ends), number(thickness), stroke(tone, palette), dashes)


def lines(many: Iterable[Line], tone: str, palette: Palette, thickness: float) -> Markup:
    """Draw many lines as one path."""
    path = "".join("M{} {}L{} {}".format(*map(number, ends)) for ends in many)
    return Markup('<path d="{}" stroke-width="{}" vector-effect="non-scaling-stroke" {}/>').format(
        path, number(thickness), stroke(tone, palette)
    )


def hatched(box: Box, tone: str, palette: Palette) -> Markup:
    """Fill a box in a tone's own way: green and grey are full, the others are lines on the tone's tint."""
    if tone not in HATCH or box.width < HATCHED_FROM:
        return rect(box, tone, palette)
    return Markup().join(
        [
            rect(box, f"{tone}-1", palette),
            lines(HATCH[tone](box), tone, palette, 3),
            frame(box, tone, palette),
        ]
    )


def frame(box: Box, tone: str, palette: Palette, *, dash: str = "") -> Markup:
    """Draw the border of a box, inside its edges."""
    dashes = Markup(' stroke-dasharray="{}"').format(dash) if dash else Markup()
    inner = (box.x + 0.7, box.y + 0.7, max(box.width - 1.4, 0), max(box.height - 1.4, 0))
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke-width="1.5"'
        ' vector-effect="non-scaling-stroke" {}{}/>'
    ).format(*map(number, inner), stroke(tone, palette), dashes)


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
    shapes: Sequence[Markup],
    kind: str,
    size: tuple[float, float],
    *,
    title: str,
    desc: str = "",
    stretch: bool = False,
) -> Markup:
    """Wrap the shapes; a chart without a title is hidden from readers: the text beside it says it."""
    named = Markup('role="img"') if title else Markup('aria-hidden="true"')
    words = Markup("<title>{}</title>").format(title) if title else Markup()
    more = Markup("<desc>{}</desc>").format(desc) if title and desc.strip("; ") else Markup()
    aspect = Markup(' preserveAspectRatio="none"') if stretch else Markup()
    whole = Markup(
        '<svg class="chart chart-{}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}"{} {}>{}{}{}</svg>'
    )
    return whole.format(
        kind, number(size[0]), number(size[1]), aspect, named, words, more, Markup().join(shapes)
    )
