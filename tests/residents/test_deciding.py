"""Contested documents are decided once, by somebody who is neither of the two and did not check them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from portal import db
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.people import actions as people
from portal.policy import SYSTEM, Actor, Role
from portal.residents import actions, queries
from portal.residents.models import Conflict, Decision, Residency, Way
from tests.conftest import Cast
from tests.people.letters import acts
from tests.residents.people import MONTHS, NINA, ROSA, rows, settle, verified


@pytest.fixture
def contested(cast: Cast) -> Conflict:
    """Rosa has the status; Eve showed the same document, which Carla saw."""
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    seen = actions.Proof(Way.IN_PERSON, "identity_card", cast.person("carla").id)
    found = settle(cast.person("eve"), ROSA, by=cast.carla, proof=seen)
    assert isinstance(found, Conflict)
    return found


def decide(found: Conflict, decision: Decision, by: Actor, reason: str = "both came") -> None:
    with db.writing() as session:
        conflict = session.scalars(queries.conflict(found.id)).one()
        actions.decide(conflict, decision, reason, months=MONTHS, by=by)


@pytest.mark.parametrize(
    ("decision", "has", "states"),
    [
        (Decision.KEPT, ["rosa"], ["valid"]),
        (Decision.MOVED, ["eve"], ["moved", "valid"]),
        (Decision.REFUSED, [], ["revoked"]),
    ],
)
def test_each_decision_says_who_has_the_status(
    cast: Cast, contested: Conflict, decision: Decision, has: list[str], states: list[str]
) -> None:
    decide(contested, decision, cast.ada)
    assert [name for name in ("rosa", "eve") if verified(cast.person(name))] == has
    assert [row.state for row in rows(Residency)] == states
    (act,) = acts("residence:decided")
    assert act.subject == f"person:{cast.person('eve').pseudonym}"
    assert act.facts["decision"] == decision.value
    assert "both came" not in act.canonical.decode()
    with pytest.raises(WrongState):
        decide(contested, decision, cast.ada)
    assert len(acts("residence:decided")) == 1


def test_what_was_shown_goes_with_the_status(cast: Cast, contested: Conflict) -> None:
    decide(contested, Decision.MOVED, cast.ada)
    given = rows(Residency)[-1]
    assert (given.way, given.document_kind) == ("in_person", "identity_card")
    assert given.checked_by_id == cast.person("carla").id


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("eve", "own residence"),
        ("nina", "not allowed"),
        ("giulia", "not allowed"),
        ("aldo", "not allowed"),
        ("carla", "You checked this document"),
    ],
)
def test_others_do_not_decide(cast: Cast, contested: Conflict, who: str, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        decide(contested, Decision.MOVED, getattr(cast, who))
    assert rows(Conflict)[0].decided_at is None


def test_nobody_decides_on_their_own_account(cast: Cast, contested: Conflict) -> None:
    for name in ("rosa", "eve"):
        with db.writing():
            people.grant(cast.person(name), Role.ADMINISTRATOR, by=SYSTEM)
        with pytest.raises(NotAllowed, match="own residence"):
            decide(contested, Decision.MOVED, getattr(cast, name))


def test_nobody_decides_where_their_own_account_has_it_by_now(cast: Cast, contested: Conflict) -> None:
    third = settle(cast.person("ada"), ROSA, by=cast.ada)
    assert isinstance(third, Conflict)
    with db.writing():
        people.grant(cast.person("marco"), Role.ADMINISTRATOR, by=SYSTEM)
    decide(third, Decision.MOVED, cast.marco)
    with pytest.raises(NotAllowed, match="own residence"):
        decide(contested, Decision.KEPT, cast.ada)


def test_a_decision_has_a_reason(cast: Cast, contested: Conflict) -> None:
    with pytest.raises(Invalid):
        decide(contested, Decision.MOVED, cast.ada, reason="")
    assert verified(cast.person("rosa"))


def test_what_the_first_gave_up_meanwhile_still_goes_to_the_second(cast: Cast, contested: Conflict) -> None:
    with db.writing():
        actions.withdraw(cast.person("rosa"), by=cast.rosa)
    settle(cast.person("eve"), NINA, by=cast.eve)
    decide(contested, Decision.MOVED, cast.ada)
    assert verified(cast.person("eve"))
    assert [row.state for row in rows(Residency)] == ["withdrawn", "replaced", "valid"]


def test_whoever_has_it_by_now_keeps_it(cast: Cast, contested: Conflict) -> None:
    with db.writing():
        actions.withdraw(cast.person("rosa"), by=cast.rosa)
    settle(cast.person("eve"), ROSA, by=cast.eve)
    decide(contested, Decision.MOVED, cast.ada)
    assert [row.state for row in rows(Residency)] == ["withdrawn", "valid"]


def test_two_officials_at_once_decide_once(both: db.Database, cast: Cast, request: Any) -> None:
    contested = request.getfixturevalue("contested")
    with db.writing():
        people.grant(cast.person("marco"), Role.CLERK, by=SYSTEM)
    start, deciders = Barrier(2), {Decision.MOVED: cast.ada, Decision.REFUSED: cast.marco}

    def take(decision: Decision) -> str:
        start.wait(5)
        try:
            decide(contested, decision, deciders[decision])
        except Refused as refused:
            return type(refused).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(take, deciders))
    assert sorted(found) == ["WrongState", "done"]
    assert len(acts("residence:decided")) == 1
    winner = rows(Conflict)[0].decision
    assert verified(cast.person("eve")) == (winner == "moved")
    assert not verified(cast.person("rosa"))


def test_a_decision_and_a_new_claim_at_once_leave_one_verified(
    both: db.Database, cast: Cast, request: Any
) -> None:
    contested = request.getfixturevalue("contested")
    teo, by, ada, start = cast.person("teo"), cast.teo, cast.ada, Barrier(2)

    def take(what: str) -> None:
        start.wait(5)
        if what == "decide":
            decide(contested, Decision.MOVED, ada)
        else:
            settle(teo, ROSA, by=by)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take, ("decide", "claim")))
    assert [verified(cast.person(name)) for name in ("rosa", "eve", "teo")] == [False, True, False]
    assert len(rows(Conflict)) == 2
