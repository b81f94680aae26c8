"""One human has the status in one account: the database decides, and what meets another's is never lost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from config import DEMO_SECRET
from portal import clock, crypto, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.residents import actions, keys, queries
from portal.residents.models import Conflict, Residency, Resident, State, Way
from tests.conftest import Cast
from tests.people.letters import acts
from tests.residents.people import NINA, ROSA, rows, settle, verified


def test_who_showed_a_document_is_a_resident_for_two_years(
    cast: Cast, move_clock: Callable[[Any], None]
) -> None:
    rosa = cast.person("rosa")
    assert not verified(rosa)
    given = settle(rosa, ROSA, by=cast.rosa)
    assert isinstance(given, Residency)
    assert verified(rosa)
    assert not verified(cast.person("eve"))
    move_clock(timedelta(days=729))
    assert verified(rosa)
    move_clock(timedelta(days=4))
    assert not verified(rosa)
    assert rows(Residency)[0].state == State.VALID.value  # nobody did anything: the calendar did


def test_the_question_and_its_twin_in_the_database_agree(cast: Cast) -> None:
    rosa = cast.person("rosa")
    given = settle(rosa, ROSA, by=cast.rosa)
    instants = (given.verified_at, given.until)
    for at in (one + timedelta(seconds=by) for one in instants for by in (-1, 0, 1)):
        with db.reading() as session:
            found = session.scalars(queries.verified_among([rosa.id], at)).all()
            assert given.is_valid(at) == queries.is_verified(rosa.id, at) == (found == [rosa.id])


def test_shown_again_the_newer_status_takes_the_place_of_the_older(cast: Cast) -> None:
    rosa = cast.person("rosa")
    for number in (ROSA, ROSA, NINA):
        settle(rosa, number, by=cast.rosa)
    assert [row.state for row in rows(Residency)] == ["replaced", "replaced", "valid"]
    assert len(rows(Resident)) == 2


def test_a_second_account_with_the_document_waits_for_staff(cast: Cast) -> None:
    rosa, eve = cast.person("rosa"), cast.person("eve")
    settle(rosa, ROSA, by=cast.rosa)
    for _ in range(2):
        found = settle(eve, ROSA, by=cast.eve)
        assert isinstance(found, Conflict)
    assert (found.holder_id, found.claimant_id, found.way) == (rosa.id, eve.id, "census")
    assert len(rows(Conflict)) == 1
    assert verified(rosa)
    assert not verified(eve)
    assert len(acts("residence:contested")) == 1


def test_after_its_end_a_document_may_be_shown_in_another_account(
    cast: Cast, move_clock: Callable[[Any], None]
) -> None:
    rosa, eve = cast.person("rosa"), cast.person("eve")
    settle(rosa, ROSA, by=cast.rosa)
    with db.writing():
        actions.withdraw(rosa, by=cast.rosa)
    assert not verified(rosa)
    settle(eve, ROSA, by=cast.eve)
    assert verified(eve)
    move_clock(timedelta(days=800))
    settle(rosa, ROSA, by=cast.rosa)
    assert verified(rosa)
    assert [row.state for row in rows(Residency)] == ["withdrawn", "replaced", "valid"]
    # Whatever one human may do once can be counted over all accounts.
    assert len({row.resident_id for row in rows(Residency)}) == 1


@pytest.mark.parametrize("count", [2, 4])
def test_many_accounts_at_once_leave_one_verified_and_the_others_in_the_queue(
    both: db.Database, cast: Cast, count: int
) -> None:
    names = ("rosa", "teo", "eve", "nina")[:count]
    people = {name: (cast.person(name), getattr(cast, name)) for name in names}
    start = Barrier(count)

    def claim(name: str) -> Residency | Conflict:
        person, actor = people[name]
        start.wait(5)
        return settle(person, ROSA, by=actor)

    with ThreadPoolExecutor(count) as pool:
        found = list(pool.map(claim, names))
    assert sorted(type(one).__name__ for one in found) == ["Conflict"] * (count - 1) + ["Residency"]
    assert [verified(person) for person, _ in people.values()].count(True) == 1
    assert len(rows(Resident)) == 1
    assert len(rows(Conflict)) == count - 1


def test_two_who_claim_each_others_documents_at_once_both_wait_for_staff(
    both: db.Database, cast: Cast
) -> None:
    people = {"rosa": (ROSA, NINA), "nina": (NINA, ROSA)}
    who = {name: (cast.person(name), getattr(cast, name)) for name in people}
    for name, (own, _) in people.items():
        settle(who[name][0], own, by=who[name][1])
    start = Barrier(2)

    def claim(name: str) -> Residency | Conflict:
        start.wait(5)
        return settle(who[name][0], people[name][1], by=who[name][1])

    with ThreadPoolExecutor(2) as pool:
        assert all(isinstance(one, Conflict) for one in pool.map(claim, people))


def test_one_account_at_once_with_two_documents_has_one_status(both: db.Database, cast: Cast) -> None:
    rosa, actor, start = cast.person("rosa"), cast.rosa, Barrier(2)

    def claim(number: str) -> object:
        start.wait(5)
        return settle(rosa, number, by=actor)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(claim, (ROSA, NINA)))
    assert sorted(row.state for row in rows(Residency)) == ["replaced", "valid"]


def test_the_database_itself_refuses_a_second_status_of_one_human(both: db.Database, cast: Cast) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    eve = cast.person("eve")
    with pytest.raises(IntegrityError), db.writing() as session:
        resident = session.scalars(select(Resident)).one()
        actions.give(eve, resident, actions.Proof(Way.CENSUS), months=1, by=cast.eve)


def test_a_stolen_database_without_the_key_says_nothing(cast: Cast) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    kept = rows(Resident)[0].document_hash
    guesses = [f"{before}{ROSA}" for before in ("", "document:", "residents:")]
    assert kept not in {hashlib.sha256(one.encode()).hexdigest() for one in guesses}
    assert kept not in {hashlib.md5((DEMO_SECRET + one).encode()).hexdigest() for one in guesses}
    crypto.use_secret("the key of a thief, who has the database alone")
    assert kept not in keys.document_hashes(ROSA)
    with db.reading() as session:
        tables = [session.execute(table.select()).all() for table in Residency.metadata.sorted_tables]
    assert ROSA not in repr(tables)


def test_a_human_is_known_through_a_change_of_keys(cast: Cast) -> None:
    rosa, eve = cast.person("rosa"), cast.person("eve")
    settle(rosa, ROSA, by=cast.rosa)
    before = rows(Resident)[0]
    crypto.use_own_secret(keys.PURPOSE, "a first key for residents, of some length")
    second = settle(eve, ROSA, by=cast.eve)
    assert isinstance(second, Conflict)
    after = rows(Resident)[0]
    assert after.id == before.id
    assert (after.document_hash, after.key_name) == (keys.document_hash(ROSA), keys.name())
    assert after.document_hash != before.document_hash
    # The next change of keys names the one before.
    crypto.use_own_secret(
        keys.PURPOSE, "a second key for residents", ["a first key for residents, of some length"]
    )
    assert isinstance(settle(cast.person("teo"), ROSA, by=cast.teo), Conflict)
    assert len(rows(Resident)) == 1
    assert rows(Resident)[0].key_name == keys.name()
    assert len(keys.names()) == 3


def test_staff_end_a_status_with_a_reason_and_never_their_own(cast: Cast) -> None:
    rosa, ada = cast.person("rosa"), cast.person("ada")
    settle(rosa, ROSA, by=cast.rosa)
    settle(ada, NINA, by=cast.ada)
    for person, by, refused in (
        (rosa, cast.eve, NotAllowed),
        (rosa, cast.giulia, NotAllowed),
        (rosa, cast.rosa, NotAllowed),
        (ada, cast.ada, NotAllowed),
        (cast.person("eve"), cast.ada, WrongState),
    ):
        with pytest.raises(refused), db.writing():
            actions.revoke(person, "moved to another city", by=by)
    with pytest.raises(Invalid), db.writing():
        actions.revoke(rosa, "", by=cast.ada)
    assert verified(rosa)
    with db.writing():
        actions.revoke(rosa, "moved to another city", by=cast.ada)
    assert not verified(rosa)
    assert "another city" not in repr([act.facts for act in acts("residence:revoked")])
    with pytest.raises(WrongState), db.writing():
        actions.withdraw(rosa, by=cast.rosa)


def test_the_record_names_neither_document_nor_person(cast: Cast) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    (act,) = acts("residence:verified")
    assert act.facts == {"way": "census"}
    for told in (ROSA, "Rosa", "rosa@"):
        assert told.encode() not in act.canonical
    assert clock.now() >= act.at
