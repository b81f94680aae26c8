"""A paper that takes too long or too much is stopped, and the next one is drawn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.documents.renderer import Renderer, RenderFailed, Why, _environment
from tests.documents.conftest import body, make_sheet

SMALL = make_sheet(html=body("<p>piccolo</p>"))


def _use_bomb(depth: int) -> str:
    levels = "".join(f'<g id="l{n}">' + f'<use href="#l{n - 1}"/>' * 10 + "</g>" for n in range(1, depth))
    drawn = f'<defs><rect id="l0" width="1" height="1"/>{levels}</defs><use href="#l{depth - 1}"/>'
    return f'<svg role="img" width="9" height="9"><title>t</title>{drawn}</svg>'


BOMB = make_sheet(html=body(_use_bomb(9)))


def test_too_long_by_the_clock_is_stopped_and_the_next_is_drawn(tight: Callable[..., Renderer]) -> None:
    renderer = tight(wall_seconds=1.0)
    with pytest.raises(RenderFailed) as caught:
        renderer.render(BOMB)
    assert caught.value.why is Why.TOO_LONG
    assert renderer.render(SMALL).startswith(b"%PDF-1.7")


def test_too_much_processor_time_is_stopped_by_the_kernel(tight: Callable[..., Renderer]) -> None:
    renderer = tight(cpu_seconds=1)
    with pytest.raises(RenderFailed) as caught:
        renderer.render(BOMB)
    assert caught.value.why is Why.TOO_LONG


def test_too_much_memory_is_stopped_and_the_next_is_drawn(tight: Callable[..., Renderer]) -> None:
    # A small paper reserves some 310 MB of addresses where it may.
    renderer = tight(memory_bytes=400 * 1024 * 1024)
    heavy = make_sheet(html=body("<p>x</p>" + "y " * 12_000_000))
    with pytest.raises(RenderFailed) as caught:
        renderer.render(heavy)
    assert caught.value.why is Why.TOO_MUCH_MEMORY
    assert renderer.render(SMALL).startswith(b"%PDF-1.7")


def test_nesting_beyond_measure_is_a_fault_and_not_the_end(renderer: Renderer) -> None:
    with pytest.raises(RenderFailed) as caught:
        renderer.render(make_sheet(html=body("<div>" * 2000)))
    assert caught.value.why is Why.BAD
    assert renderer.render(SMALL).startswith(b"%PDF-1.7")


def test_the_child_is_replaced_after_its_papers(tight: Callable[..., Renderer]) -> None:
    renderer = tight(papers=2)
    assert renderer.render(SMALL) == renderer.render(SMALL)
    assert renderer._child is None


def test_threads_share_one_child_in_turn(renderer: Renderer) -> None:
    drawn: list[bytes] = []
    threads = [threading.Thread(target=lambda: drawn.append(renderer.render(SMALL))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(drawn) == 4
    assert len(set(drawn)) == 1


def test_the_child_does_not_know_the_portals_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "not-for-strangers")
    assert "not-for-strangers" not in _environment(tmp_path).values()
