"""An act is remembered with its verb or not at all, and the database itself refuses to change it."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import clock, crypto, db
from portal.people.models import Person
from portal.policy import SYSTEM, Actor
from portal.record import Act, Did, Leaf, record
from portal.record import actions as record_actions
from tests.conftest import Cast

ROSA = Actor(kind="person", pseudonym="p-ROSA", behalf="organisation:orto")


def _remember(count: int = 1) -> None:
    with db.writing():
        for number in range(count):
            record(Did.PROPOSAL_STARTED, f"proposal:PR-{number}", by=ROSA, number=number)


def _sequence() -> int:
    with db.writing():
        return record_actions.sequence()


def _leaves() -> list[tuple[int, int]]:
    with db.reading() as session:
        rows = session.execute(select(Leaf.position, Leaf.act_id).order_by(Leaf.position))
        return [(position, act_id) for position, act_id in rows]


def test_an_act_says_who_did_what_to_which_thing_and_when(both: db.Database) -> None:
    with db.writing():
        record(Did.PACT_SIGNED, "pact:BO-2026-041", by=ROSA, version=3, hash="ab")
        at = clock.now()
    with db.reading() as session:
        act = session.scalars(select(Act)).one()
    assert json.loads(act.canonical) == {
        "actor": "p-ROSA",
        "actor_kind": "person",
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "behalf": "organisation:orto",
        "facts": {"hash": "ab", "version": 3},
        "subject": "pact:BO-2026-041",
        "verb": "pact:signed",
    }
    assert act.canonical == crypto.canonical(json.loads(act.canonical))
    assert (act.verb, act.subject, act.actor, act.facts["version"]) == (
        "pact:signed",
        "pact:BO-2026-041",
        "p-ROSA",
        3,
    )
    assert act.at == at


def test_instants_are_text_of_one_width() -> None:
    whole = clock.real().replace(microsecond=0)
    assert len(record_actions.instant_text(whole)) == len(record_actions.instant_text(clock.real())) == 27


def test_a_verb_that_fails_is_not_remembered(both: db.Database) -> None:
    with pytest.raises(KeyError), db.writing() as session:
        record(Did.PROPOSAL_STARTED, "proposal:PR-1", by=ROSA)
        session.flush()
        raise KeyError
    with db.reading() as session:
        assert session.scalar(select(func.count(Act.id))) == 0


def test_a_fact_that_is_a_float_undoes_the_verb(database: db.Database) -> None:
    with pytest.raises(TypeError, match="float"), db.writing():
        record(Did.SUPPORT_APPROVED, "allocation:1", by=ROSA, amount=1.5)


def test_the_record_knows_no_name_and_no_address(database: db.Database, cast: Cast) -> None:
    with db.reading() as session:
        rosa = cast.person("rosa")
        acts = session.scalars(select(Act)).all()
        assert session.get_one(Person, rosa.id).pseudonym.startswith("p-")
    said = b"".join(act.canonical for act in acts)
    assert b"person:joined" in said
    assert b"Rosa" not in said
    assert b"rosa@" not in said


CHANGES = [
    "UPDATE act SET subject = 'other'",
    "DELETE FROM act",
    "UPDATE leaf SET position = 9",
    "DELETE FROM leaf",
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_refuses_changes(both: db.Database, change: str) -> None:
    _remember()
    _sequence()
    with pytest.raises(DBAPIError, match="append-only"), both.writer.begin() as connection:
        connection.execute(text(change))
    assert _leaves() == [(0, _leaves()[0][1])]


@pytest.mark.parametrize("table", ["act", "leaf"])
def test_postgresql_refuses_to_empty_the_record(postgres: db.Database, table: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), postgres.writer.begin() as connection:
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


def test_sqlite_refuses_to_replace_an_act(database: db.Database) -> None:
    _remember()
    copy = "INSERT OR REPLACE INTO act SELECT id, at, verb, 'other', actor_kind, actor, behalf, facts, canonical FROM act"
    with pytest.raises(DBAPIError, match="append-only"), database.writer.begin() as connection:
        connection.execute(text(copy))


def test_acts_get_places_without_gaps(both: db.Database) -> None:
    assert _sequence() == 0
    _remember(3)
    assert _sequence() == 3
    assert _sequence() == 0
    _remember(2)
    assert _sequence() == 2
    leaves = _leaves()
    assert [position for position, _ in leaves] == [0, 1, 2, 3, 4]
    assert [act for _, act in leaves] == sorted(act for _, act in leaves)


def test_an_act_undone_leaves_no_gap(both: db.Database) -> None:
    _remember()
    with pytest.raises(KeyError), db.writing() as session:
        record(Did.PROPOSAL_STARTED, "proposal:lost", by=SYSTEM)
        session.flush()
        raise KeyError
    _remember()
    assert _sequence() == 2
    assert [position for position, _ in _leaves()] == [0, 1]


def test_a_leaf_is_the_hash_of_what_was_written(both: db.Database) -> None:
    _remember(2)
    _sequence()
    with db.reading() as session:
        for act, leaf in session.execute(select(Act, Leaf).join(Leaf, Leaf.act_id == Act.id)):
            assert leaf.hash == hashlib.sha256(b"\x00" + act.canonical).digest()


def test_two_sequencers_at_once_give_each_act_one_place(both: db.Database) -> None:
    _remember(60)
    barrier, counts, failures = threading.Barrier(2), [], []

    def work() -> None:
        barrier.wait()
        try:
            counts.append(_sequence())
        except DBAPIError as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(counts) == 60
    leaves = _leaves()
    assert [position for position, _ in leaves] == list(range(60))
    assert len({act for _, act in leaves}) == 60


def test_a_long_queue_is_put_in_order_step_by_step(
    database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_actions, "STEP", 4)
    _remember(6)
    assert [_sequence(), _sequence(), _sequence()] == [4, 2, 0]


def _seen(subscriber: str = "notices", limit: int = 100) -> list[int]:
    with db.writing():
        return [position for position, _ in record_actions.next_for(subscriber, limit)]


def test_each_act_reaches_each_subscriber_once(both: db.Database) -> None:
    _remember(3)
    assert _seen() == []
    _sequence()
    assert _seen(limit=2) == [0, 1]
    assert _seen() == [2]
    assert _seen() == []
    assert _seen("search") == [0, 1, 2]


def test_a_reaction_that_fails_midway_sees_the_same_acts_again(both: db.Database) -> None:
    _remember(3)
    _sequence()
    with pytest.raises(KeyError), db.writing():
        assert len(record_actions.next_for("notices")) == 3
        raise KeyError
    assert _seen() == [0, 1, 2]
    assert _seen() == []


def test_two_readers_of_one_subscription_share_the_acts(both: db.Database) -> None:
    _remember(1)
    _sequence()
    assert _seen() == [0]
    _remember(40)
    _sequence()
    barrier, seen = threading.Barrier(2), []

    def work() -> None:
        barrier.wait()
        for _ in range(10):
            seen.extend(_seen(limit=5))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 41))
