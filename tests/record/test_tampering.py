"""Whoever rewrites the record is found out, however many rights they have in the database."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import delete, text

from portal import crypto, db
from portal.errors import Unready
from portal.policy import SYSTEM, Actor
from portal.record import Did, checkpoints, notes, record
from portal.record import actions as record_actions
from portal.record.keys import signer_for
from portal.record.models import APPEND_ONLY, Leaf
from portal.record.notes import Signer
from portal.record.verifying import Sighting, verify, verify_here
from tests.record.tampering import (
    ATTACKS,
    delete_a_leaf,
    edit_a_column,
    edit_bytes,
    edit_the_facts,
    insert_an_act,
    reorder,
    rewrite_and_rehash,
)

SIZES = (5, 12)
ROSA = Actor(kind="person", pseudonym="p-ROSA", behalf="")


def remember(count: int, start: int = 0) -> None:
    with db.writing():
        for number in range(start, start + count):
            record(Did.PROPOSAL_STARTED, f"proposal:PR-{number}", by=ROSA, number=number, of="ab")
    with db.writing():
        while record_actions.sequence():
            pass


@pytest.fixture
def signer(config: Any) -> Signer:
    return signer_for(config)


@pytest.fixture
def kept(database: db.Database, signer: Signer) -> list[Sighting]:
    """A record of twelve acts with two checkpoints, and what a witness kept of them."""
    return signed(signer)


def signed(signer: Signer) -> list[Sighting]:
    start = 0
    for size in SIZES:
        remember(size - start, start)
        assert checkpoints.sign(signer) is not None
        start = size
    with db.reading() as session:
        found = session.scalars(text("SELECT note FROM checkpoint ORDER BY size")).all()
    return [Sighting(tree.size, tree.root, "a witness") for tree in map(notes.read, found)]


@contextmanager
def unguarded() -> Iterator[Any]:
    """A unit of somebody who has taken the triggers away; nothing of it stays."""
    with db.unit(writes=True) as session:
        if db.database().is_sqlite:
            for table in APPEND_ONLY:
                for verb in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session


def tamper(times: int, signer: Signer, kept: list[Sighting], seed: int) -> None:
    chance, told = random.Random(seed), {}
    with unguarded() as session:
        for turn in range(times):
            attack_by = ATTACKS[turn % len(ATTACKS)]
            savepoint = session.begin_nested()
            attack = attack_by(chance, SIZES[-1])
            seen = kept if attack.needs_witness else kept[: turn % 2]
            fault = verify_here(signer.key, seen).fault
            if fault is None or not fault.first <= attack.first <= fault.last:
                told[turn, attack.name, attack.first] = fault
            savepoint.rollback()
    assert not told


def test_random_tamperings_are_all_found(signer: Signer, kept: list[Sighting]) -> None:
    assert verify(signer.key, kept).fault is None
    tamper(20 * len(ATTACKS), signer, kept, seed=2026)
    assert verify(signer.key, kept).fault is None


def test_on_either_database(both: db.Database, signer: Signer) -> None:
    kept = signed(signer)
    report = verify(signer.key, kept)
    assert (report.fault, report.acts, report.checkpoints, report.sightings) == (None, 12, 2, 2)
    tamper(3 * len(ATTACKS), signer, kept, seed=1)


@pytest.mark.soak
def test_many_more_of_them(signer: Signer, kept: list[Sighting]) -> None:
    times = int(os.environ.get("PORTAL_SOAK_TAMPERINGS", "20000"))
    tamper(times, signer, kept, seed=random.SystemRandom().randrange(10**9))


class Late(random.Random):
    """Chance that leaves alone what was signed."""

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return super().randrange(SIZES[-1], start if stop is None else stop, step)

    def sample(self, population: Any, k: int, **options: Any) -> list[Any]:
        return super().sample([one for one in population if one >= SIZES[-1]], k, **options)


LATE = [edit_bytes, edit_a_column, edit_the_facts, rewrite_and_rehash, delete_a_leaf, insert_an_act, reorder]


@pytest.mark.parametrize("attack_by", LATE, ids=lambda one: one.__name__)
def test_what_was_tampered_with_before_it_was_signed_is_not_signed(
    signer: Signer, kept: list[Sighting], attack_by: Any
) -> None:
    remember(8, SIZES[-1])
    with unguarded() as session:
        attack = attack_by(Late(7), SIZES[-1] + 8)
        session.commit()
    with pytest.raises(Unready, match="was not signed") as refusal:
        checkpoints.sign(signer)
    fault = verify(signer.key, kept).fault
    assert fault is not None
    assert fault.first <= attack.first <= fault.last
    assert str(fault) in str(refusal.value)


def test_nothing_is_signed_where_acts_are_missing_that_were_signed(
    signer: Signer, kept: list[Sighting]
) -> None:
    with unguarded() as session:
        session.execute(delete(Leaf).where(Leaf.position >= 9))
        session.commit()
    with pytest.raises(Unready, match="12 were signed, 9 are there"):
        checkpoints.sign(signer)
    assert str(verify(signer.key).fault).startswith("one of the acts 9 to 11")


def restored(size: int, seen: int) -> None:
    with db.writing():
        record(Did.RECORD_RESTORED, "record", by=SYSTEM, size=size, seen=seen)
    remember(1, 500)


def test_a_restored_record_of_which_a_witness_knows_more_waits_for_a_decision(
    signer: Signer, kept: list[Sighting]
) -> None:
    restored(12, 20)
    with pytest.raises(Unready, match="restored with 12 acts, and a witness had seen 20"):
        checkpoints.sign(signer)
    with db.writing():
        record(Did.RECORD_CONTINUED, "record", by=SYSTEM, size=12, seen=20)
    assert checkpoints.sign(signer) is not None
    restored(14, 14)
    assert checkpoints.sign(signer) is not None


def test_a_city_that_moves_to_another_address_keeps_what_it_signed(
    signer: Signer, kept: list[Sighting]
) -> None:
    moved = Signer("commons.example.org/record", signer.seed)
    remember(1, 600)
    assert checkpoints.sign(moved) is not None
    assert verify(moved.key, kept).fault is None
    stranger = Signer(signer.name, crypto.signing_seed("somebody else's"))
    assert "not signed by the key" in str(verify(stranger.key).fault)
