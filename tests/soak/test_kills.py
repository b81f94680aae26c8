"""Workers that die at random places over papers, messages and the record: nothing lost, doubled, half-written.

`PORTAL_SOAK_KILLS` says how many workers die on each database (200 unless said otherwise).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import crypto, db, worker
from portal.documents.issue import Due
from portal.documents.models import Edition, Paper
from portal.notices.actions import Recipient, Text, post
from portal.notices.models import Message
from portal.policy import SYSTEM
from portal.record import Act, Did, record
from portal.record.models import Cursor, Leaf
from portal.schedule.models import FailedItem, JobRun
from portal.subscriptions import reactions
from portal.subscriptions.reactions import News
from portal.support import queries as support
from portal.support.models import Pool, PoolEntry
from portal.words import W
from tests.conftest import Cast
from tests.documents.conftest import make_sheet
from tests.pacts import journey
from tests.worker.conftest import signed_file, tools
from tests.worker.dying import MESSAGE_POINTS, POINTS, RUN_POINTS, dies_at, let_leases_end

__all__ = ["signed_file", "tools"]

KILLS = int(os.environ.get("PORTAL_SOAK_KILLS", "200"))
NEW_IN_A_ROUND = 4
PLACES = sorted({point.partition(":")[0] for point in [*POINTS, *RUN_POINTS, *MESSAGE_POINTS]})
SUITE = ("record", "reactions", "agreements", "mail")


def _due(number: int) -> Due:
    version, edition = divmod(number, 2)
    sheet = make_sheet(attachment=f'{{"number":{number}}}'.encode(), html=f"<h1>{number}</h1>")
    editions = (Edition.ORIGINAL, Edition.PUBLIC)
    return Due("progress_report", "pact:BO-2026-041", version + 1, "it", editions[edition], lambda: sheet)


class Clumsy:
    """Hands mail to a folder, and fails for every fifth message at its first try."""

    def __init__(self, office: Any) -> None:
        self.office = office

    def take(self, mail: Any, name: str) -> None:
        number = int(name.partition("-")[0])
        with db.reading() as session:
            tries = session.scalars(select(Message.attempts).where(Message.id == number)).one()
        if number % 5 == 0 and tries == 1:
            raise OSError("no route to host")
        self.office.take(mail, name)


class City:
    """Papers that are due and acts that somebody is told of; what is issued is due no more."""

    def __init__(self) -> None:
        self.papers = self.acts = 0

    def due(self, _base_url: str) -> list[Due]:
        issued = {paper.key for paper in db.session().scalars(select(Paper)) if paper.is_issued}
        return [due for due in map(_due, range(self.papers)) if due.key not in issued]

    def happen(self) -> None:
        with db.writing():
            for _ in range(2):
                record(Did.JOB_ASKED, f"job:{self.acts}", by=SYSTEM)
                self.acts += 1
        self.papers += NEW_IN_A_ROUND


def _tell(news: News) -> None:
    to = Recipient(None, "rosa@example.org", "en")
    post("E99", f"E99:{news.act.id}", to, Text(W("News"), [W("x")]), about=news.act.subject)


def _check_papers(folder: Path) -> list[Paper]:
    """Every issued paper has one act and whole files, and no file stands under a name that is not its own."""
    with db.reading() as session:
        papers = list(session.scalars(select(Paper)))
        acts = list(session.scalars(select(Act).where(Act.verb == Did.PAPER_ISSUED.value)))
    issued = [paper for paper in papers if paper.is_issued]
    assert len({paper.key for paper in papers}) == len(papers)
    assert sorted(str(act.facts["code"]) for act in acts) == sorted(paper.code for paper in issued)
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".part-")]
    assert all(crypto.sha256_hex(path.read_bytes()) == path.name for path in files)
    names = {path.name for path in files}
    assert {paper.file_hash for paper in issued} <= names
    assert {paper.unsigned_hash for paper in papers if paper.unsigned_hash} <= names
    return papers


def _check_record() -> None:
    """The places are without gap, each holds one act's own hash, and nobody was told of what is not ordered."""
    with db.reading() as session:
        leaves = session.execute(
            select(Leaf, Act).join(Act, Act.id == Leaf.act_id).order_by(Leaf.position)
        ).all()
        told = session.scalar(select(Cursor.position)) or -1
        keys = list(session.scalars(select(Message.key)))
    assert [leaf.position for leaf, _ in leaves] == list(range(len(leaves)))
    assert len({leaf.act_id for leaf, _ in leaves}) == len(leaves)
    assert all(leaf.hash == crypto.leaf_hash(act.canonical) for leaf, act in leaves)
    assert told < len(leaves)
    told_of = [f"E99:{act.id}" for leaf, act in leaves if leaf.position <= told and act.verb == Did.JOB_ASKED]
    assert sorted(keys) == sorted(told_of)


def _ledger() -> tuple[Any, Any]:
    """The number of movements and what they add up to, which is what each pool says of itself."""
    with db.reading() as session:
        sums = support.balances()
        for pool in session.scalars(select(Pool)):
            said = (pool.reserved, pool.committed, pool.delivered)
            assert said == (sums[pool.id].reserved, sums[pool.id].committed, sums[pool.id].delivered)
        return session.scalar(select(func.count()).select_from(PoolEntry)), sums


def _round(city: City, made: worker.Tools, chance: random.Random) -> int:
    """Let one worker do everything there is, and die at one place chosen by chance; return whether it did."""
    city.happen()
    point = f"{chance.choice(PLACES)}:{chance.randint(1, NEW_IN_A_ROUND)}"

    def work() -> None:
        for name in chance.sample(SUITE, len(SUITE)):
            worker.run_now(name, made)

    return dies_at(point, work)


def _mend(made: worker.Tools) -> None:
    """Let other workers come after the dead ones until there is nothing left."""
    for _ in range(3):
        let_leases_end()
        while worker.run_asked(made) is not None:
            let_leases_end()
        for name in SUITE:
            worker.run_now(name, made)


def _check_end(city: City, papers: list[Paper], folder: Path) -> None:
    assert len([paper for paper in papers if paper.is_issued]) == city.papers
    assert all(paper.leased_until is None for paper in papers)
    with db.reading() as session:
        messages = list(session.scalars(select(Message)))
        assert session.scalars(select(FailedItem)).all() == []
        states = set(session.scalars(select(JobRun.state)))
        assert session.scalar(select(func.count()).select_from(Act)) == session.scalar(
            select(func.count()).select_from(Leaf)
        )
    assert len(messages) == city.acts
    assert {message.state for message in messages} == {"sent"}
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{one.id:08d}-E99.eml" for one in messages
    )
    assert states <= {"done", "failed"}


@pytest.mark.soak
def test_random_deaths_lose_double_and_half_write_nothing(
    both: db.Database, cast: Cast, tools: Callable[..., worker.Tools], monkeypatch: pytest.MonkeyPatch
) -> None:
    journey.signed(cast)
    monkeypatch.setattr(reactions, "REACTIONS", {Did.JOB_ASKED: _tell})
    chance, city, made = random.Random(41), City(), tools()
    made.office = Clumsy(made.office)  # type: ignore[assignment]
    monkeypatch.setitem(worker.BY_NAME, "agreements", worker.Job("agreements", worker._papers(city.due)))
    ledger, deaths, rounds = _ledger(), 0, 0
    while deaths < KILLS:
        rounds += 1
        deaths += _round(city, made, chance)
        _check_papers(made.store.folder)
        _check_record()
        assert _ledger() == ledger
        if chance.random() < 0.5:
            let_leases_end()
        if chance.random() < 0.3:
            worker.run_asked(made)
    _mend(made)
    _check_record()
    mails = made.office.office.folder  # type: ignore[attr-defined]
    _check_end(city, _check_papers(made.store.folder), mails)
    assert _ledger() == ledger
    print(f"{deaths} deaths in {rounds} rounds: {city.papers} papers, {city.acts} messages")  # noqa: T201
