"""The record: verifying it beside plain SHA-256 over the same stored bytes, and the size of a proof."""

from __future__ import annotations

import hashlib
import os
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal import db
from portal.policy import Actor
from portal.record import Act, Did, Leaf, checkpoints, record, tree
from portal.record import actions as record_actions
from portal.record.keys import signer_for
from portal.record.verifying import verify, verify_since
from tests.benchmarks.figures import Figure, Figures

pytestmark = pytest.mark.benchmark

ACTS = int(os.environ.get("PORTAL_BENCH_ACTS", "100000"))
ROUNDS, BATCH = 7, 2_000
GIULIA = Actor(kind="person", pseudonym="p-GIULIAGIULIAGIUL")


def _fill(count: int) -> None:
    """Remember acts of the usual size: most about pacts, each fifth a sign-in that is not public."""
    for start in range(0, count, BATCH):
        with db.writing():
            for number in range(start, min(start + BATCH, count)):
                if number % 5 == 0:
                    record(Did.PERSON_SIGNED_IN, f"person:p-{number:016}", by=GIULIA)
                else:
                    facts = {"version": number % 9, "content_hash": f"{number:064x}", "side": "city"}
                    record(Did.PACT_VERSION_MADE, f"pact:BO-2026-{number % 997:03}", by=GIULIA, **facts)
    while True:
        with db.writing():
            if not record_actions.sequence():
                return


def _plain() -> None:
    """Read every act's bytes in their order and hash them: what is unavoidable."""
    table, leaf = Act.__table__, Leaf.__table__
    found = select(table.c.canonical).join(leaf, leaf.c.act_id == table.c.id).order_by(leaf.c.position)
    with db.snapshot() as session:
        rows = session.connection().execute(found.execution_options(yield_per=4_096))
        for content in rows.scalars():
            hashlib.sha256(b"\0" + content).digest()


def _cpu(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def test_verifying_keeps_pace_with_plain_hashing(both: db.Database, config: Any, figures: Figures) -> None:
    signer, name = signer_for(config), "SQLite" if both.is_sqlite else "PostgreSQL"
    _fill(ACTS)
    begun = time.process_time()
    assert checkpoints.sign(signer) is not None
    figures.add(Figure("record: sign everything at once", time.process_time() - begun, "s", None, name, ACTS))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert verify(signer.key).fault is None
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / memory
    ratios = []
    for _ in range(ROUNDS):
        # The machine may change its pace: a round counts only between two like measures.
        before, ours, after = _cpu(_plain), _cpu(lambda: verify(signer.key)), _cpu(_plain)
        ratios.append((before + after) / 2 / ours)
    ratio = statistics.median(ratios)
    told = [
        Figure("record: verification, share of plain hashing", ratio, "×", 0.3, name, ACTS, at_least=True),
        Figure("record: memory after verifying it all", grown, "×", 1.2, name, ACTS),
        Figure("record: verify what is new, nothing is", _cpu(lambda: verify_since(signer.key)) * 1000, "ms",
               20, name, ACTS),
        Figure("record: an idle look of the sequencer", _idle() * 1000, "ms", 20, name, ACTS),
        Figure("record: longest proof of one act", _proof(), "bytes", 2048, name, ACTS),
    ]  # fmt: skip
    for one in told:
        figures.add(one)
    assert [one.work for one in told if not one.is_met] == []


def _idle() -> float:
    def look() -> None:
        with db.writing():
            assert record_actions.sequence() == 0

    look()
    return min(_cpu(look) for _ in range(5))


def _proof() -> int:
    with db.reading():
        return max(len(b"".join(tree.inclusion(place, ACTS))) for place in (0, ACTS // 3, ACTS - 1))
