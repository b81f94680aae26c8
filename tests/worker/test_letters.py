"""Batches of letters under the worker: whatever dies, each batch is drawn once and no letter is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from portal import db, worker
from portal.documents.renderer import Renderer
from portal.notices import letters
from portal.notices.actions import Recipient
from portal.notices.letters import queries
from portal.notices.letters.jobs import file_of
from portal.schedule.models import FailedItem
from tests.counter.conftest import ANNA, all_batches, all_letters, write
from tests.documents.gate import assert_valid
from tests.worker.dying import dies_at, let_leases_end

Make = Callable[..., worker.Tools]


@pytest.fixture
def batch(both: db.Database, cast: Any) -> int:
    """A batch of two letters that is due."""
    carla = cast.carla
    write("one", secret="7QK4-MM2P")
    write("two", Recipient(None, "", "en", name="Ben & Co <b>", postal=ANNA.postal))
    with db.writing():
        found = letters.gather(by=carla)
        assert found is not None
        return found.id


def _file(number: int) -> bytes:
    with db.reading() as session:
        found = file_of(session.scalars(queries.batch_with_file(number)).one())
    assert found is not None
    return found


@pytest.mark.parametrize("point", ["batch-claimed", "batch-drawn"])
def test_a_worker_that_dies_is_followed_by_another(batch: int, tools: Make, point: str) -> None:
    made = tools()
    assert dies_at(point, lambda: worker.run_now("letters", made))
    assert [one.state for one in all_batches()] == ["due"]
    assert worker.run_now("letters", made) == "did nothing" or all_batches()[0].state == "due"
    let_leases_end()
    assert worker.run_now("letters", made) == "1 of 1 done"
    assert [one.state for one in all_batches()] == ["drawn"]
    assert [one.batch_id for one in all_letters()] == [batch, batch]


def test_a_worker_that_dies_after_keeping_the_file_is_not_followed(batch: int, tools: Make) -> None:
    made = tools()
    assert dies_at("batch-kept", lambda: worker.run_now("letters", made))
    first = _file(batch)
    let_leases_end()
    worker.run_now("letters", made)
    assert _file(batch) == first
    assert [one.fence for one in all_batches()] == [1]


def test_a_file_that_cannot_be_drawn_is_shown_to_staff_and_drawn_later(batch: int, tools: Make) -> None:
    made: Any = tools()
    draw, made.render = made.render, lambda _sheet: 1 / 0
    assert worker.run_now("letters", made) == "0 of 1 done"
    with db.reading() as session:
        assert session.query(FailedItem).one().job == "letters"
    made.render = draw
    let_leases_end()
    assert worker.run_now("letters", made) == "1 of 1 done"


def test_the_file_holds_every_letter_in_its_language_on_pages_of_its_own(
    database: db.Database, cast: Any, tools: Make, renderer: Renderer
) -> None:
    write("one", secret="7QK4-MM2P")
    write("two", Recipient(None, "", "en", name="Ben & Co <b>", postal=ANNA.postal))
    with db.writing():
        found = letters.gather(by=cast.carla)
        assert found is not None
        number = found.id
    worker.run_now("letters", tools(renderer))
    pdf = _file(number)
    title = f"Lettere da spedire, lotto {number}"
    assert_valid(pdf, language="it", title=title)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert len(file.pages) == 3
        spoken = [str(one.Lang) for one in file.objects if _is_section(one)]
        attached = file.attachments[f"letters-{number}.json"].get_file().read_bytes()
    assert sorted(spoken) == ["en", "it"]
    assert b"Verdi" not in attached
    assert b"7QK4" not in attached


def _is_section(one: Any) -> bool:
    return isinstance(one, pikepdf.Dictionary) and str(one.get("/S", "")) == "/Sect"
