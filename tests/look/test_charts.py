"""Charts tell the truth about proportions, never by hue alone, and let nothing unescaped through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from portal import charts
from portal.charts import GAP, TONES, WIDTH, Column, Part
from portal.charts.flows import HEIGHT, Flow, flow_chart, tones

NASTY = '"><script>alert(1)</script>&'
amounts = st.lists(st.integers(0, 10**12), min_size=1, max_size=12)
ratios = st.floats(-2, 3, allow_nan=False)
some_parts = st.lists(
    st.builds(
        Part,
        st.text("ab<>&\"'", max_size=8),
        st.integers(0, 10**9),
        st.sampled_from(TONES),
        st.integers(0, 10**9),
    )
)


def parse(markup: str) -> etree._Element:
    """Read the markup as strict XML."""
    return etree.fromstring(str(markup))


def shapes(markup: str, name: str) -> list[etree._Element]:
    """Return the elements of one kind."""
    return list(parse(markup).iter("{*}" + name))


@given(amounts)
def test_widths_and_gaps_fill_the_room_exactly(values):
    found = charts.widths(values, 0)
    drawn = [width for width, value in zip(found, values, strict=True) if value]
    if drawn:
        assert sum(drawn) + GAP * (len(drawn) - 1) == pytest.approx(WIDTH)
    else:
        assert sum(found) == 0


@given(amounts, st.integers(0, 10**13))
def test_widths_never_leave_the_room_and_keep_proportion(values, total):
    found = charts.widths(values, total)
    assert 0 <= sum(found) <= WIDTH + 1e-6
    for value, width in zip(values, found, strict=True):
        assert (width > 0) == (value > 0)
        if value == values[0]:
            assert width == pytest.approx(found[0])


@given(some_parts, st.sampled_from(["page", "paper"]))
def test_a_stacked_bar_is_whole_markup_inside_its_frame(parts, palette):
    markup = charts.stacked_bar(parts, title="Support", palette=palette)
    for rect in shapes(markup, "rect"):
        assert float(rect.get("width")) >= 0
        assert float(rect.get("x", "0")) + float(rect.get("width")) <= WIDTH + 0.2


@given(ratios, ratios, st.sampled_from(["at_least", "at_most"]))
def test_a_gauge_keeps_measure_and_limit_inside_the_scale(value, limit, comparator):
    for rect in shapes(charts.gauge(value, limit, comparator), "rect"):
        assert float(rect.get("x", "0")) >= 0
        assert float(rect.get("x", "0")) + float(rect.get("width")) <= WIDTH + 0.2


def test_a_gauge_without_measure_shows_only_the_limit():
    measured = charts.gauge(0.5, 0.4, "at_least", tone="green")
    assert "f-green" in measured
    assert "f-green" not in charts.gauge(None, 0.4, "at_least", tone="green")


@given(st.lists(st.one_of(st.none(), ratios), max_size=12), ratios)
def test_history_draws_a_mark_for_every_measure_and_none_for_a_gap(points, limit):
    markup = charts.history(points, limit, "at_most", title="Earlier")
    marks = len(shapes(markup, "circle")) + len(shapes(markup, "rect"))
    assert marks == sum(1 for point in points if point is not None)


def test_history_tells_broken_from_kept_by_shape():
    markup = charts.history([0.2, 0.9], 0.5, "at_least", title="Earlier")
    assert (len(shapes(markup, "circle")), len(shapes(markup, "rect"))) == (1, 1)


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10**6)), max_size=8),
    st.one_of(st.none(), st.integers(0, 10**6)),
)
def test_columns_stand_on_the_base_and_below_the_top(values, limit):
    columns = [Column(str(n), value) for n, value in enumerate(values)]
    for rect in shapes(charts.bars(columns, title="Hours", limit=limit), "rect"):
        assert float(rect.get("y", "0")) >= 3.9
        assert float(rect.get("y", "0")) + float(rect.get("height")) <= 128.2


def test_every_tone_is_drawn_in_its_own_way():
    without_colour = {
        tone: charts.swatch(tone).replace(f"-{tone}-1", "").replace(f"-{tone}", "")
        for tone in TONES
        if tone != "line"
    }
    assert len(set(without_colour.values())) == len(without_colour)


def test_words_are_escaped_and_unknown_tones_stay_harmless():
    markup = charts.stacked_bar([Part(NASTY, 1, NASTY)], title=NASTY)
    assert "<script>" not in markup
    assert parse(markup).findtext("{*}title") == NASTY
    assert "<script>" not in charts.swatch(NASTY)


def test_a_chart_without_words_is_silent_and_one_with_words_is_an_image():
    assert parse(charts.meter(1, 2)).get("aria-hidden") == "true"
    assert parse(charts.meter(1, 2, title="Half")).get("role") == "img"


@pytest.mark.parametrize("palette", ["page", "paper"])
def test_charts_carry_no_style_no_id_and_no_text(palette):
    rows = [{"label": "A", "tone": tone, "promised": 3, "given": 1} for tone in TONES]
    markup = charts.stacked_bar(charts.parts(rows), title="x", palette=palette)
    assert "style=" not in markup
    assert " id=" not in markup
    assert "<text" not in markup
    assert ('class="f-' in markup) == (palette == "page")


@pytest.mark.parametrize(("size", "words"), [(900, "900 B"), (212_400, "212 KB"), (3_440_000, "3.4 MB")])
def test_file_sizes_are_said_as_people_read_them(size, words):
    assert charts.file_size(size) == words


def test_every_flow_can_be_seen_however_little_it_is_worth() -> None:
    many = [Flow(f"kind {n}", "district", 1_000_000 if n == 0 else 1) for n in range(9)]
    drawn = flow_chart(many, title="Flows")
    bands = parse(drawn).xpath("*[@fill-opacity]/@d")
    assert len(bands) == len(many)
    for band in bands:
        start, *_, foot = (float(y) for y in re.findall(r"[\d.]+ ([\d.]+)(?=[CZ])", band))
        assert foot - start >= 1
        assert foot <= HEIGHT
    assert list(tones(many).values())[-3:] == ["line", "line", "line"]
