"""A sheet to paint on, in thousandths of its width, drawn at twice its size so that edges come out soft."""

from __future__ import annotations

import io
import math
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH, HEIGHT, TIMES = 1200, 800, 2
# Heights are counted in the same unit as widths: the sheet is 1000 wide and 667 high.
LOW = 667

Colour = tuple[int, int, int]
Point = tuple[float, float]


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return so much of the other colour in the one, from 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


class Canvas:
    """A sheet and its chance: shapes in thousandths, each colour a little different from the last."""

    def __init__(self, seed: str) -> None:
        self.chance = Random(seed)
        self.image = Image.new("RGB", (WIDTH * TIMES, HEIGHT * TIMES))
        self.pen = ImageDraw.Draw(self.image)
        self.scale = WIDTH * TIMES / 1000

    def sky(self, above: Colour, below: Colour, until: float) -> None:
        """Fill the sheet from above to a height with a passage between two colours."""
        # One column, pulled down to its height and only then copied across: the same points, far sooner.
        passage = Image.linear_gradient("L").crop((0, 0, 1, 256))
        top, bottom = (Image.new("RGB", passage.size, colour) for colour in (above, below))
        column = Image.composite(bottom, top, passage).resize((1, int(until * self.scale)))
        self.image.paste(below, (0, 0, *self.image.size))
        self.image.paste(column.resize((self.image.width, column.height), Image.Resampling.NEAREST), (0, 0))

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Draw a rectangle."""
        self.pen.rectangle([one * self.scale for one in (left, top, right, bottom)], fill=colour)

    def round(
        self, corners: tuple[float, float, float, float], colour: Colour, *, radius: float = 8.0
    ) -> None:
        """Draw a rectangle with round corners."""
        places = [one * self.scale for one in corners]
        self.pen.rounded_rectangle(places, radius=radius * self.scale, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour, *, flat: float = 1.0) -> None:
        """Draw a disc, flattened where asked."""
        wide, high = radius, radius * flat
        self.pen.ellipse([one * self.scale for one in (x - wide, y - high, x + wide, y + high)], fill=colour)

    def shape(self, points: Iterable[Point], colour: Colour) -> None:
        """Draw a filled shape of straight sides."""
        self.pen.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=colour)

    def line(self, points: Iterable[Point], colour: Colour, width: float) -> None:
        """Draw a line through points."""
        places = [(x * self.scale, y * self.scale) for x, y in points]
        self.pen.line(places, fill=colour, width=max(1, round(width * self.scale)), joint="curve")

    def hill(self, base: float, swing: float, colour: Colour, *, bottom: float = LOW) -> None:
        """Draw a soft edge from side to side and fill what is below it."""
        phase, length = self.chance.uniform(0, 6), self.chance.uniform(260, 420)
        edge = [(x, base + swing * math.sin(phase + x / length)) for x in range(0, 1001, 20)]
        self.shape([*edge, (1000, bottom), (0, bottom)], colour)

    def near(self, colour: Colour, most: int = 14) -> Colour:
        """Return the colour a little lighter or darker."""
        shift = self.chance.randint(-most, most)
        red, green, blue = (min(255, max(0, one + shift)) for one in colour)
        return red, green, blue

    def finished(self) -> bytes:
        """Return the picture as a JPEG at its own size, lightly shaded towards the corners."""
        small = self.image.reduce(TIMES)
        shaded = ImageChops.multiply(small, _corners())
        target = io.BytesIO()
        shaded.save(target, "JPEG", quality=92)
        return target.getvalue()


@cache
def _corners() -> Image.Image:
    far = Image.radial_gradient("L").resize((WIDTH, HEIGHT))
    shade = far.point(lambda distance: 255 - max(0, distance - 150) // 4)
    return Image.merge("RGB", (shade, shade, shade))
