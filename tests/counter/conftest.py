"""People of the counter, and letters that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal import db, worker
from portal.notices import letters
from portal.notices.actions import Recipient, Text
from portal.notices.letters.models import Letter, LetterBatch
from portal.words import W
from tests.browser import Browser
from tests.conftest import CAST
from tests.worker.conftest import Pen, Stamp

ANNA = Recipient(
    None, "", "it", name="Anna Verdi", postal=("Via San Donato 12", "40127 Bologna BO"), way="letter"
)


def write(key: str = "one", to: Recipient = ANNA, *, secret: str = "") -> None:
    """Write a letter in a unit of work of its own."""
    text = Text(W("We have your proposal"), (W("Yes"),), "https://city.example/it/track/PR-AAAA-AA")
    with db.writing():
        letters.write("E02", key, to, text, about="proposal:PR-AAAA-AA", secret=secret)


def all_letters() -> list[Letter]:
    with db.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def all_batches() -> list[LetterBatch]:
    with db.reading() as session:
        return list(session.scalars(select(LetterBatch).order_by(LetterBatch.id)))


def do(number: int, verb: Callable[[Any], Any], model: Any = LetterBatch) -> Any:
    """Do something with a batch or a letter in a unit of work of its own."""
    with db.writing() as session:
        return verb(session.get_one(model, number))


@pytest.fixture
def cast(cast: Any) -> Any:
    cast.gather("rosa", "eve", "giulia", "carla", "dario", "aldo", "ada")
    return cast


@pytest.fixture
def enter(app: Any, cast: Any) -> Any:
    def enter(name: str) -> Browser:
        browser = Browser(app)
        browser.sign_in(CAST[name][1])
        return browser

    return enter


@pytest.fixture
def work(config: Any) -> Any:
    tools: Any = worker.Tools(config, city="Comune di Bologna", sender="patti@city.example")
    tools.renderer, tools.sealer = Pen(), Stamp()
    return lambda *names: [worker.run_now(name, tools) for name in names]
