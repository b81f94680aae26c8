"""What stands in the pictures: trees, houses, arches, benches, people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seeds.demo.pictures.canvas import LOW, mixed

if TYPE_CHECKING:
    from seeds.demo.pictures.canvas import Canvas, Colour

GREENS = ((46, 125, 80), (74, 145, 84), (28, 104, 78), (112, 158, 78), (14, 90, 74))
WALLS = ((206, 112, 82), (222, 150, 98), (233, 186, 128), (190, 90, 70), (240, 208, 160), (214, 132, 110))
BRIGHT = ((27, 79, 143), (154, 59, 30), (106, 74, 140), (230, 168, 40), (14, 90, 74), (196, 72, 96))
SKIN = ((92, 58, 42), (150, 102, 74), (222, 178, 148), (196, 146, 112), (120, 80, 58))
ROOF, WOOD, DARK, STONE = (150, 72, 52), (132, 92, 58), (38, 46, 52), (216, 204, 186)
# (sky above, sky near the ground, light on things): morning, noon, evening, haze.
HOURS = (
    ((150, 200, 232), (244, 236, 214)),
    ((116, 182, 226), (220, 238, 244)),
    ((118, 138, 190), (250, 206, 160)),
    ((178, 204, 210), (240, 236, 224)),
)


def air(on: Canvas, ground: float) -> None:
    """Paint the sky of some hour, with its sun and clouds."""
    above, below = on.chance.choice(HOURS)
    on.sky(above, below, ground + 10)
    sun = on.chance.uniform(120, 880)
    on.disc(sun, on.chance.uniform(70, 150), 34, mixed(below, (255, 244, 190), 0.75))
    for _ in range(on.chance.randint(2, 4)):
        x, y = on.chance.uniform(0, 1000), on.chance.uniform(40, 170)
        for puff in range(4):
            on.disc(x + puff * 34, y + (puff % 2) * 8, 30, mixed(below, (255, 255, 255), 0.55), flat=0.5)


def town(on: Canvas, ground: float) -> None:
    """Paint a far row of houses with two towers over them."""
    haze = (232, 214, 196)
    on.box(0, ground, 1000, LOW, (150, 172, 122))
    for at, high in ((on.chance.uniform(200, 420), 210.0), (on.chance.uniform(520, 760), 160.0)):
        on.shape(
            [(at, ground), (at + 5, ground - high), (at + 31, ground - high), (at + 34, ground)],
            mixed((176, 106, 84), haze, 0.45),
        )
    x = -20.0
    while x < 1000:
        wide, high = on.chance.uniform(60, 130), on.chance.uniform(50, 105)
        on.box(x, ground - high, x + wide, ground, mixed(on.chance.choice(WALLS), haze, 0.5))
        roof = [(x - 5, ground - high), (x + wide / 2, ground - high - 18), (x + wide + 5, ground - high)]
        on.shape(roof, mixed(ROOF, haze, 0.4))
        x += wide


def tree(on: Canvas, x: float, foot: float, size: float) -> None:
    """Paint a tree: a shadow, a trunk, and a crown of discs that are lighter where the light comes from."""
    on.disc(x + size * 0.2, foot, size * 0.7, mixed((60, 96, 62), DARK, 0.2), flat=0.14)
    trunk = [(x - size * 0.07, foot), (x - size * 0.04, foot - size), (x + size * 0.04, foot - size)]
    on.shape([*trunk, (x + size * 0.07, foot)], WOOD)
    green = on.chance.choice(GREENS)
    for share in (0.0, 0.14, 0.28):
        for _ in range(6):
            dx, dy = on.chance.uniform(-0.42, 0.42) * size, on.chance.uniform(-0.36, 0.3) * size
            place = (x + dx - share * size * 0.5, foot - size * 1.25 + dy - share * size * 0.5)
            on.disc(*place, size * (0.34 - share * 0.55), on.near(mixed(green, (236, 226, 150), share)))


def bushes(on: Canvas, foot: float, count: int, size: float = 30) -> None:
    """Paint a row of low bushes."""
    for _ in range(count):
        x = on.chance.uniform(-10, 1010)
        on.disc(x, foot, size * on.chance.uniform(0.7, 1.3), on.near(on.chance.choice(GREENS)), flat=0.62)


def flowers(on: Canvas, area: tuple[float, float, float, float], count: int) -> None:
    """Paint flowers in an area."""
    left, top, right, bottom = area
    colours = on.chance.sample(((226, 86, 96), (250, 214, 90), (246, 240, 232), (150, 104, 190)), 3)
    for _ in range(count):
        x, y = on.chance.uniform(left, right), on.chance.uniform(top, bottom)
        on.line([(x, y), (x, y + 14)], (58, 116, 70), 2)
        on.disc(x, y, 5.5, on.chance.choice(colours))


def bench(on: Canvas, x: float, foot: float, *, colour: Colour = (154, 59, 30)) -> None:
    """Paint a bench."""
    on.disc(x + 62, foot + 2, 76, mixed((96, 92, 76), DARK, 0.15), flat=0.1)
    for leg in (x + 8, x + 108):
        on.box(leg, foot - 34, leg + 7, foot, DARK)
    for height in (74, 60, 38):
        on.round((x, foot - height, x + 124, foot - height + 9), on.near(colour), radius=3)


def person(on: Canvas, x: float, foot: float, size: float) -> None:
    """Paint somebody standing, from afar."""
    coat, skin = on.chance.choice(BRIGHT), on.chance.choice(SKIN)
    on.disc(x, foot, size * 0.24, mixed((120, 116, 100), DARK, 0.25), flat=0.22)
    for side in (-0.09, 0.03):
        on.box(x + side * size, foot - size * 0.4, x + (side + 0.07) * size, foot, mixed(DARK, coat, 0.2))
    body = (x - size * 0.15, foot - size * 0.82, x + size * 0.15, foot - size * 0.36)
    on.round(body, coat, radius=size * 0.09)
    on.disc(x, foot - size * 0.92, size * 0.105, skin)
    on.disc(x, foot - size * 0.965, size * 0.1, mixed(DARK, skin, 0.15), flat=0.6)


def people(on: Canvas, foot: float, count: int, size: float = 105) -> None:
    """Paint a few people, apart and in twos."""
    for _ in range(count):
        x = on.chance.uniform(80, 920)
        person(on, x, foot + on.chance.uniform(-8, 22), size * on.chance.uniform(0.75, 1.05))


def front(on: Canvas, left: float, right: float, *, foot: float, high: float) -> None:
    """Paint the front of a house with its windows and shutters."""
    wall = on.chance.choice(WALLS)
    on.box(left, foot - high, right, foot, wall)
    on.box(left, foot - 26, right, foot, mixed(wall, DARK, 0.18))
    on.box(left - 6, foot - high - 12, right + 6, foot - high, ROOF)
    shutter = on.chance.choice(((44, 92, 76), (96, 62, 44), (70, 100, 110)))
    floors = max(1, int(high // 110))
    for floor in range(floors):
        for column in range(max(1, int((right - left) // 95))):
            window(on, left + 24 + column * 95, foot - high + 26 + floor * 105, shutter)


def window(on: Canvas, x: float, y: float, shutter: Colour) -> None:
    """Paint a window between its shutters."""
    on.box(x, y, x + 34, y + 56, mixed((120, 160, 180), (255, 226, 160), on.chance.choice((0, 0, 0.7))))
    for side in (x - 15, x + 34):
        on.box(side, y, side + 15, y + 56, shutter)
    on.box(x - 4, y + 56, x + 38, y + 61, STONE)


def arches(on: Canvas, count: int, *, foot: float, high: float) -> None:
    """Paint an arcade across the sheet: depth and light behind, columns before."""
    wall = on.chance.choice(WALLS)
    on.box(0, foot - high, 1000, foot, wall)
    on.box(0, foot - high, 1000, foot - high + 16, mixed(wall, (255, 255, 255), 0.45))
    wide = 1000 / count
    inside = mixed(wall, (84, 52, 44), 0.55)
    for number in range(count):
        left, right = number * wide + 24, (number + 1) * wide - 24
        radius = (right - left) / 2
        crown = foot - high + 70 + radius
        on.disc((left + right) / 2, crown, radius + 12, mixed(wall, (255, 255, 255), 0.35))
        on.disc((left + right) / 2, crown, radius, inside)
        on.box(left, crown, right, foot, inside)
        on.box(left + 26, crown + 10, right - 10, foot, mixed(inside, (255, 214, 150), 0.28))
        for edge in (left - 18, right - 14):
            on.box(edge, crown - 10, edge + 32, crown + 2, STONE)
    on.box(0, foot, 1000, LOW, (196, 178, 156))
