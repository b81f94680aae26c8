"""Workers that die at random places over many papers: nothing is lost, doubled or half-written.

`PORTAL_SOAK_ROUNDS` says how many workers are let loose on each database (50 unless said otherwise).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal import crypto, db, worker
from portal.documents.issue import Due
from portal.documents.models import Edition, Paper
from portal.record import Act, Did
from tests.documents.conftest import make_sheet
from tests.worker.conftest import signed_file, tools
from tests.worker.dying import POINTS, dies_at, let_leases_end

__all__ = ["signed_file", "tools"]

ROUNDS = int(os.environ.get("PORTAL_SOAK_ROUNDS", "50"))
NEW_IN_A_ROUND = 4
PLACES = sorted({point.partition(":")[0] for point in POINTS})


def _due(number: int) -> Due:
    version, edition = divmod(number, 2)
    sheet = make_sheet(attachment=f'{{"number":{number}}}'.encode(), html=f"<h1>{number}</h1>")
    editions = (Edition.ORIGINAL, Edition.PUBLIC)
    return Due("progress_report", "pact:BO-2026-041", version + 1, "it", editions[edition], lambda: sheet)


class Office:
    """Knows which papers are due, as a feature's jobs.py does: what is issued is due no more."""

    def __init__(self) -> None:
        self.count = 0

    def due(self, _base_url: str) -> list[Due]:
        issued = {paper.key for paper in db.session().scalars(select(Paper)) if paper.is_issued}
        return [due for due in map(_due, range(self.count)) if due.key not in issued]


def _check(folder: Path, count: int | None = None) -> None:
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
    if count is not None:
        assert len(issued) == count
        assert all(paper.leased_until is None for paper in papers)


@pytest.mark.soak
def test_random_deaths_lose_and_double_nothing(
    both: db.Database, tools: Callable[..., worker.Tools], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(41)
    office, made = Office(), tools()
    job: Any = worker.Job("agreements", worker._papers(office.due))
    monkeypatch.setitem(worker.BY_NAME, "agreements", job)
    deaths = 0
    for _ in range(ROUNDS):
        office.count += NEW_IN_A_ROUND
        point = f"{chance.choice(PLACES)}:{chance.randint(1, NEW_IN_A_ROUND)}"
        deaths += dies_at(point, lambda: worker.run_now("agreements", made))
        _check(made.store.folder)
        if chance.random() < 0.5:
            let_leases_end()
    let_leases_end()
    worker.run_now("agreements", made)
    _check(made.store.folder, office.count)
    assert deaths > ROUNDS // 3
