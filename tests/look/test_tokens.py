"""Text can be read: every pair of tokens that meets on a page keeps WCAG's contrast, in light and dark."""

from __future__ import annotations

import re

import pytest

from portal.charts import PAPER
from tests.look.gallery import ROOT

CSS = (ROOT / "static/portico.css").read_text()
TONES = ("green", "blue", "terra", "plum", "ochre", "red")
TEXT = [
    ("ink", "paper"),
    ("ink", "warm"),
    ("ink-2", "paper"),
    ("ink-2", "warm"),
    ("ink", "warm-2"),
    ("ink-2", "warm-2"),
]
TEXT += [(tone, ground) for tone in (*TONES,) for ground in ("paper", "warm", f"{tone}-1")]
TEXT += [("ink", f"{tone}-1") for tone in TONES] + [
    ("on-focus", "focus"),
    ("on-head", "head"),
    ("green-9", "green-1"),
]
TEXT += [
    ("on-button", "button"),
    ("on-button", "stop"),
    ("blue", "green-1"),
    ("blue", "ochre-1"),
    ("blue", "red-1"),
]
SHAPES = [("line", "paper"), ("line", "warm"), ("on-focus", "focus"), ("green", "paper"), ("head", "on-head")]


def tokens(block: str) -> dict[str, str]:
    """Read the colours of one rule."""
    return dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6})", block))


def light() -> dict[str, str]:
    """Return the light tokens."""
    return tokens(CSS[: CSS.index("@media")])


def dark() -> dict[str, str]:
    """Return the tokens where the person asked for dark."""
    start = CSS.index("prefers-color-scheme: dark")
    return light() | tokens(CSS[start : CSS.index("/* Ground")])


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", [light, dark])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_has_contrast(scheme, text, ground):
    colours = scheme()
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [light, dark])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_borders_and_shapes_have_contrast(scheme, shape, ground):
    colours = scheme()
    assert contrast(colours[shape], colours[ground]) >= 3


@pytest.mark.parametrize(
    ("token", "on_white"),
    [
        ("ink", 14.80),
        ("ink-2", 7.19),
        ("green", 8.14),
        ("blue", 8.20),
        ("terra", 6.96),
        ("plum", 7.07),
        ("ochre", 8.19),
        ("red", 7.75),
        ("line", 4.31),
        ("hair", 1.67),
        ("green-9", 12.65),
        ("focus", 1.54),
    ],
)
def test_tokens_are_those_of_the_identity(token, on_white):
    assert contrast(light()[token], "#FFFFFF") == pytest.approx(on_white, abs=0.006)


def test_paper_uses_the_light_tokens():
    assert {tone: light()[tone] for tone in PAPER if tone != "rest"} == {
        k: v for k, v in PAPER.items() if k != "rest"
    }
    assert PAPER["rest"] == light()["warm-2"]


def test_the_style_sheet_is_small_and_asks_nobody_else():
    assert len(CSS.encode()) < 22_500
    assert not re.search(r"https?://|@import", CSS)
    assert "vendor/fonts/" in (ROOT / "static/fonts.css").read_text()
