"""One scene for each kind of commons, with the words that say what is to be seen."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from seeds.demo.pictures import things
from seeds.demo.pictures.canvas import LOW, Canvas, mixed

if TYPE_CHECKING:
    from collections.abc import Callable

GRASS, PAVING, NIGHT = (128, 172, 96), (214, 198, 174), (16, 34, 44)


def garden(on: Canvas) -> None:
    """Paint beds, trees and somebody at work."""
    things.air(on, 330)
    things.town(on, 330)
    on.hill(345, 12, GRASS)
    for x in (110, 300, 720, 900):
        things.tree(on, x + on.chance.uniform(-40, 40), 400, on.chance.uniform(105, 150))
    on.shape([(430, LOW), (485, 370), (525, 370), (640, LOW)], (226, 206, 164))
    for left, top in ((60, 500), (690, 480), (120, 590), (730, 580)):
        on.round((left, top, left + 240, top + 46), (112, 78, 56), radius=10)
        things.flowers(on, (left + 14, top - 8, left + 226, top + 26), 26)
    things.people(on, 470, on.chance.randint(2, 4), 120)


def orchard(on: Canvas) -> None:
    """Paint rows of vegetables between posts."""
    things.air(on, 300)
    on.hill(300, 10, (150, 184, 120))
    things.bushes(on, 312, 26)
    on.hill(350, 6, (132, 98, 70))
    for row in range(5):
        y = 390 + row * 58
        on.shape([(0, y), (1000, y - 14), (1000, y + 12), (0, y + 28)], (104, 74, 54))
        for x in range(20, 1000, 44 + row * 6):
            on.disc(x, y - row, 15 + row * 3, on.near(on.chance.choice(things.GREENS)), flat=0.75)
    for x in (180, 480, 780):
        on.line([(x, 560), (x + 26, 330), (x + 52, 560)], things.WOOD, 5)
    things.people(on, 470, 3, 135)


def square(on: Canvas) -> None:
    """Paint houses around a paved place with chairs and pots."""
    things.air(on, 380)
    x = -20.0
    while x < 1000:
        wide = on.chance.uniform(170, 270)
        things.front(on, x, x + wide, foot=440, high=on.chance.uniform(220, 330))
        x += wide
    on.box(0, 440, 1000, LOW, PAVING)
    for y in (470, 515, 575, 650):
        on.line([(0, y), (1000, y)], mixed(PAVING, things.DARK, 0.12), 2)
    for x in on.chance.sample(range(60, 940, 90), 4):
        on.shape([(x, 500), (x + 52, 500), (x + 44, 545), (x + 8, 545)], (178, 96, 64))
        things.tree(on, x + 26, 505, 62)
    things.bench(on, on.chance.uniform(120, 320), 600)
    things.bench(on, on.chance.uniform(560, 780), 630, colour=(27, 79, 143))
    things.people(on, 560, on.chance.randint(4, 6))


def mural(on: Canvas) -> None:
    """Paint a long painted wall with somebody before it."""
    things.air(on, 240)
    things.town(on, 245)
    base = on.chance.choice(((34, 88, 120), (226, 190, 120), (88, 62, 110), (20, 96, 84)))
    on.box(0, 190, 1000, 540, base)
    colours = [*on.chance.sample(things.BRIGHT, 4), (246, 236, 214), (250, 200, 80)]
    for _ in range(9):
        x, size = on.chance.uniform(0, 1000), on.chance.uniform(40, 110)
        _figure(on, x, size, on.chance.choice(colours))
    for start in range(4):
        wave = [
            (x, 330 + start * 44 + 42 * math.sin(x / (90 + 14 * start) + start)) for x in range(0, 1010, 10)
        ]
        on.line(wave, on.near(colours[start]), 15)
    on.box(0, 182, 1000, 194, things.STONE)
    on.box(0, 540, 1000, LOW, (186, 180, 170))
    on.box(0, 540, 1000, 552, (150, 144, 136))
    things.bushes(on, 548, 7, 24)
    things.people(on, 610, on.chance.randint(2, 3), 150)


def _figure(on: Canvas, x: float, size: float, colour: tuple[int, int, int]) -> None:
    y = on.chance.uniform(250, 470)
    corners = on.chance.choice((0, 3, 4, 6))
    if corners == 0:
        on.disc(x, y, size * 0.6, colour)
        on.disc(x, y, size * 0.3, on.near(colour, 40))
        return
    turn = on.chance.uniform(0, 6)
    angles = [turn + 2 * math.pi * step / corners for step in range(corners)]
    inside = [(x + size * 0.66 * math.cos(angle), y + size * 0.5 * math.sin(angle)) for angle in angles]
    on.shape([(px, min(532, max(198, py))) for px, py in inside], colour)


def portico(on: Canvas) -> None:
    """Paint an arcade, swept and lit."""
    things.air(on, 120)
    on.box(0, 90, 1000, 180, on.chance.choice(things.WALLS))
    for x in range(60, 1000, 190):
        things.window(on, x, 100, (44, 92, 76))
    things.arches(on, on.chance.choice((4, 5)), foot=560, high=390)
    for x in (0, 260, 520, 780):
        on.shape([(x, LOW), (x + 130, LOW), (x + 190, 560), (x + 90, 560)], (208, 192, 170))
    things.bench(on, on.chance.uniform(90, 700), 620)
    things.people(on, 600, on.chance.randint(2, 4), 140)


def house(on: Canvas) -> None:
    """Paint a house with an open door and a yard."""
    things.air(on, 330)
    things.town(on, 330)
    on.hill(410, 4, GRASS)
    things.front(on, 190, 810, foot=500, high=300)
    on.box(440, 370, 560, 500, (84, 56, 44))
    on.box(452, 380, 548, 500, (255, 222, 150))
    on.round((400, 332, 600, 366), (14, 90, 74), radius=6)
    on.shape([(380, LOW), (440, 500), (560, 500), (640, LOW)], PAVING)
    things.tree(on, 90, 520, 150)
    things.tree(on, 915, 530, 135)
    things.flowers(on, (200, 505, 400, 530), 30)
    things.people(on, 580, on.chance.randint(3, 5), 125)


def playground(on: Canvas) -> None:
    """Paint a slide, swings and a painted ground."""
    things.air(on, 320)
    things.town(on, 320)
    on.hill(340, 8, GRASS)
    for x in (60, 250, 880):
        things.tree(on, x, 400, 120)
    on.disc(520, 560, 440, (232, 196, 130), flat=0.26)
    on.shape([(560, 330), (640, 330), (820, 560), (740, 560)], things.BRIGHT[1])
    for x in (560, 632):
        on.box(x, 310, x + 9, 560, things.DARK)
    on.shape([(545, 310), (600, 255), (656, 310)], things.BRIGHT[3])
    for top, foot in ((240, 190), (420, 470)):
        on.line([(top, 330), (foot, 560)], things.BRIGHT[0], 9)
    on.line([(236, 330), (424, 330)], things.BRIGHT[0], 9)
    for x in (290, 365):
        on.line([(x, 332), (x - 14, 480)], things.DARK, 2)
        on.round((x - 36, 478, x + 8, 488), things.BRIGHT[2], radius=3)
    things.people(on, 590, on.chance.randint(4, 6), 84)


def court(on: Canvas) -> None:
    """Paint a ball court with lines and a hoop."""
    things.air(on, 300)
    things.town(on, 300)
    things.bushes(on, 318, 22)
    ground = on.chance.choice(((186, 92, 66), (62, 120, 110), (74, 104, 150)))
    on.shape([(0, 360), (1000, 330), (1000, LOW), (0, LOW)], ground)
    on.line([(0, 470), (1000, 430)], (244, 240, 230), 6)
    on.line([(480, 345), (560, LOW)], (244, 240, 230), 6)
    on.disc(520, 470, 120, (244, 240, 230), flat=0.34)
    on.disc(520, 470, 113, ground, flat=0.34)
    on.box(846, 200, 858, 470, things.DARK)
    on.round((770, 170, 880, 250), (246, 242, 234), radius=5)
    on.line([(790, 252), (850, 252)], things.BRIGHT[1], 7)
    things.people(on, 540, 5, 120)
    on.disc(on.chance.uniform(300, 700), 420, 15, (226, 120, 52))


def river(on: Canvas) -> None:
    """Paint a river bank with willows and a path."""
    things.air(on, 280)
    on.hill(280, 18, (96, 146, 104))
    on.hill(330, 10, (126, 170, 110))
    on.shape([(0, 400), (1000, 360), (1000, 500), (0, 560)], (104, 158, 178))
    for _ in range(22):
        x, y = on.chance.uniform(0, 960), on.chance.uniform(410, 500)
        on.line([(x, y), (x + on.chance.uniform(20, 70), y - 2)], (156, 198, 208), 3)
    on.hill(560, 12, GRASS)
    on.shape([(0, LOW), (0, 640), (1000, 585), (1000, 640)], (226, 206, 164))
    for x in (80, 340, 640, 930):
        things.tree(on, x, 372, on.chance.uniform(90, 130))
    things.tree(on, on.chance.uniform(60, 200), 600, 170)
    things.people(on, 610, on.chance.randint(2, 3))


def workshop(on: Canvas) -> None:
    """Paint a room with tools on the wall and a long table."""
    wall = on.chance.choice(((236, 220, 192), (206, 222, 214), (232, 206, 184)))
    on.sky(mixed(wall, (255, 255, 255), 0.3), wall, 470)
    on.box(0, 470, 1000, LOW, (158, 122, 90))
    on.box(90, 90, 360, 300, (176, 210, 224))
    on.line([(225, 90), (225, 300)], (246, 242, 234), 9)
    on.line([(90, 195), (360, 195)], (246, 242, 234), 9)
    on.round((470, 110, 910, 330), (178, 136, 96), radius=8)
    for x in range(505, 900, 58):
        colour = on.chance.choice(things.BRIGHT)
        on.line([(x, 150), (x, 255)], things.DARK, 7)
        on.round((x - 16, 132, x + 16, 164), colour, radius=6)
    on.round((80, 470, 920, 506), (206, 160, 110), radius=6)
    for x in (130, 840):
        on.box(x, 506, x + 26, 640, (150, 108, 72))
    for x in on.chance.sample(range(130, 860, 80), 5):
        on.round((x, 440, x + 46, 470), on.chance.choice(things.BRIGHT), radius=5)
    things.people(on, 610, on.chance.randint(2, 4), 230)


def screen(on: Canvas) -> None:
    """Paint a program open on a screen, on a table with plants."""
    wall = on.chance.choice(((224, 236, 232), (238, 228, 212), (228, 226, 240)))
    on.sky(wall, mixed(wall, (255, 255, 255), 0.5), 520)
    on.box(0, 520, 1000, LOW, (186, 142, 100))
    on.round((230, 90, 770, 440), things.DARK, radius=16)
    on.round((246, 106, 754, 424), (250, 248, 242), radius=6)
    on.box(246, 106, 754, 148, on.chance.choice(things.BRIGHT))
    for row in range(5):
        y, wide = 176.0 + row * 48, on.chance.uniform(120, 300)
        on.round((275, y, 275 + wide, y + 16), (206, 204, 196), radius=6)
        on.round((640, y - 4, 730, y + 22), on.chance.choice(things.BRIGHT), radius=8)
    on.shape([(450, 440), (550, 440), (580, 522), (420, 522)], (70, 78, 84))
    on.round((300, 552, 640, 588), (224, 222, 216), radius=8)
    on.shape([(838, 500), (912, 500), (900, 580), (850, 580)], (178, 96, 64))
    for _ in range(16):
        x, y = on.chance.uniform(828, 922), on.chance.uniform(400, 500)
        on.disc(x, y, 22, on.near(on.chance.choice(things.GREENS)), flat=0.7)
    on.round((96, 500, 152, 580), (246, 242, 234), radius=10)


def network(on: Canvas) -> None:
    """Paint roofs at dusk joined by lines from aerial to aerial."""
    on.sky((34, 52, 88), (236, 168, 128), 520)
    tops = []
    x = -20.0
    while x < 1000:
        wide, high = on.chance.uniform(120, 190), on.chance.uniform(170, 330)
        on.box(x, LOW - high, x + wide, LOW, mixed(on.chance.choice(things.WALLS), NIGHT, 0.5))
        on.shape(
            [(x - 8, LOW - high), (x + wide / 2, LOW - high - 34), (x + wide + 8, LOW - high)], (92, 50, 46)
        )
        for column in range(2):
            for floor in range(int(high // 80)):
                lit = (255, 216, 130) if on.chance.random() < 0.5 else (52, 66, 84)
                place = (x + 26 + column * 60, LOW - high + 26 + floor * 76)
                on.box(*place, place[0] + 26, place[1] + 36, lit)
        tops.append((x + wide / 2, LOW - high - 78))
        x += wide
    for one, other in pairwise(tops):
        on.line([one, other], (255, 226, 150), 3)
    for one, other in zip(tops, tops[2:], strict=False):
        on.line([one, other], (160, 208, 220), 2)
    for px, py in tops:
        on.line([(px, py), (px, py + 50)], NIGHT, 5)
        on.disc(px, py, 12, (255, 201, 64))


def measures(on: Canvas) -> None:
    """Paint a map of the quarter with measuring points, and a curve under it."""
    on.box(0, 0, 1000, LOW, (236, 230, 216))
    for row in range(4):
        for column in range(6):
            x, y = 20.0 + column * 165, 20.0 + row * 108
            park = on.chance.random() < 0.22
            colour = (170, 200, 150) if park else on.near((222, 208, 186), 8)
            on.round((x, y, x + on.chance.uniform(120, 148), y + 88), colour, radius=6)
    on.line([(0, 330), (380, 250), (640, 300), (1000, 190)], (138, 178, 200), 24)
    for _ in range(26):
        x, y = on.chance.uniform(40, 960), on.chance.uniform(40, 420)
        tone = on.chance.choice(((14, 90, 74), (230, 168, 40), (154, 59, 30)))
        on.disc(x, y, 20, mixed(tone, (236, 230, 216), 0.55))
        on.disc(x, y, 10, tone)
    on.box(0, 470, 1000, LOW, (250, 248, 242))
    for y in (510, 560, 610):
        on.line([(40, y), (960, y)], (222, 216, 204), 2)
    height = 580.0
    curve = []
    for x in range(40, 961, 20):
        height = min(635, max(500, height + on.chance.uniform(-22, 22)))
        curve.append((x, height))
    on.line(curve, (27, 79, 143), 6)


SCENES: dict[str, tuple[Callable[[Canvas], None], str]] = {
    "garden": (garden, "Un giardino con aiuole fiorite, alberi e persone al lavoro lungo il vialetto"),
    "orchard": (orchard, "Filari di ortaggi e tre persone che se ne prendono cura"),
    "square": (
        square,
        "Una piazza tra case colorate, con panchine, alberi in vaso e persone che chiacchierano",
    ),
    "mural": (mural, "Un lungo muro dipinto con forme vivaci, e persone che lo guardano"),
    "portico": (portico, "Un portico con gli archi illuminati, una panchina e persone di passaggio"),
    "house": (house, "Una casa con la porta aperta, le finestre con gli scuri e persone nel cortile"),
    "playground": (playground, "Un'area giochi con scivolo e altalena, e bambini che giocano"),
    "court": (court, "Un campetto da gioco con canestro e righe bianche, durante una partita"),
    "river": (river, "La riva di un fiume con alberi e un sentiero percorso da poche persone"),
    "workshop": (workshop, "Un laboratorio con attrezzi appesi, un lungo tavolo e persone che lavorano"),
    "screen": (screen, "Uno schermo con un programma aperto, su un tavolo con una pianta"),
    "network": (network, "Tetti al tramonto, collegati da linee luminose tra un'antenna e l'altra"),
    "measures": (measures, "Una mappa del quartiere con punti di misura, e sotto la curva dei valori"),
}


def paint(scene: str, seed: str) -> bytes:
    """Return a JPEG of 1200 by 800 points; the same scene and seed always give the same bytes."""
    on = Canvas(f"{scene} {seed}")
    SCENES[scene][0](on)
    return on.finished()
