"""A pool, a pact's rows of support, and the people who propose and approve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from portal import clock, db
from portal.city import PoolRules
from portal.city.shapes import PoolKind
from portal.policy import SYSTEM
from portal.support import actions, queries
from portal.support.changes import Change, Wish
from portal.support.ledger import UNITS, Kind
from portal.support.models import Allocation, Pool, PoolRequest
from portal.words import in_language

PACT = "pact:BO-2026-041"


RULES = PoolRules(30, 45, "tuel_147bis", dict.fromkeys(get_args(PoolKind), 1_000_000))


def row(key: str = "s1", kind: str = "funding", amount: int = 400_000, **more: Any) -> dict[str, Any]:
    facts = {
        "id": key,
        "kind": kind,
        "what": "Sensors and cables",
        "amount": amount,
        "unit": UNITS[Kind(kind)][0] if kind in set(Kind) else "",
    }
    return facts | {"months": 0, "value_cents": amount, "plan": "", "conditions": ""} | more


def this_year() -> int:
    return clock.today().year


class Desk:
    """The treasurer's and the officers' work, each step in a transaction of its own."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast

    def opened(
        self,
        capacity: int = 8_000_000,
        *,
        slug: str = "digital",
        kind: str = "funding",
        year: int = 0,
        **more: Any,
    ) -> Pool:
        with db.writing():
            return actions.open_pool(
                year or this_year(), slug, kind, "Digital fund", capacity, by=SYSTEM, **more
            )

    def asked(
        self, *rows: dict[str, Any], subject: str = PACT, version: int = 1, **options: Any
    ) -> list[Allocation]:
        case = actions.Case(**{"title": "Air-data commons", "starts_on": clock.today()} | options)
        with db.writing():
            return actions.ask_for(subject, version, rows or (row(),), case=case, by=SYSTEM)

    def proposed(
        self, pool: Pool, *rows: dict[str, Any], by: str = "giulia", **options: Any
    ) -> list[Allocation]:
        found = self.asked(*rows, **options)
        for one in found:
            with db.writing() as session:
                allocation = session.get_one(Allocation, one.id)
                actions.propose(
                    allocation, session.get_one(Pool, pool.id), "Score 78 of 100", by=getattr(self.cast, by)
                )
        return found

    def approved(
        self, pool: Pool, *rows: dict[str, Any], by: str = "marco", **options: Any
    ) -> list[Allocation]:
        found = self.proposed(pool, *rows, **options)
        for one in found:
            self.approve(one.id, by=by)
        return found

    def approve(self, allocation_id: int, *, by: str = "marco") -> None:
        actor = self.cast.fresh(by)
        with db.writing() as session:
            actions.approve(session.get_one(Allocation, allocation_id), by=actor)

    def asks(self, change: Change, pool: Pool | None, amount: int, **more: Any) -> PoolRequest:
        """Let the treasurer ask for a change of a pool, or for a new one described by `facts`."""
        facts, tina = more.pop("facts", {}), self.cast.tina
        wish = Wish(amount, more.pop("reason", "The council decided so"), **more)
        with db.writing() as session:
            if pool is None:
                return actions.ask_to_open(facts, wish, by=tina, rules=RULES)
            return actions.ask(change, session.get_one(Pool, pool.id), wish, by=tina, rules=RULES)

    def answers(self, asked: PoolRequest, *, by: str = "nuria", refusal: str = "") -> None:
        """Let a second person approve a change, or refuse it with a reason."""
        actor = self.cast.fresh(by)
        with db.writing() as session:
            request = session.get_one(PoolRequest, asked.id)
            if refusal:
                actions.refuse_change(request, refusal, by=actor)
            else:
                actions.approve_change(request, by=actor)

    def changed(self, change: Change, pool: Pool, amount: int = 0, **more: Any) -> None:
        """Change a pool, with the second person where one is needed."""
        asked = self.asks(change, pool, amount, **more)
        if asked.state == "waiting":
            self.answers(asked)

    def pool(self, pool: Pool) -> Pool:
        with db.reading() as session:
            return session.get_one(Pool, pool.id)

    def allocation(self, allocation_id: int) -> Allocation:
        with db.reading() as session:
            return session.get_one(Allocation, allocation_id)

    def figures(self, pool: Pool) -> tuple[int, int, int]:
        """Return reserved, committed and delivered, after checking that the rows say the same."""
        with db.reading() as session:
            now = session.get_one(Pool, pool.id)
            rows = queries.balances()[pool.id]
            held = queries.held_in(pool.id)
            today = queries.balances_on(clock.today(), [pool.id]).get(pool.id)
        assert (rows.capacity, rows.reserved, rows.committed, rows.delivered) == (
            now.capacity,
            now.reserved,
            now.committed,
            now.delivered,
        )
        assert rows.is_sound
        assert today == rows
        assert held == (now.reserved, now.committed, now.delivered)
        return now.reserved, now.committed, now.delivered


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with in_language("en"):
        yield


@pytest.fixture
def cast(cast: Any) -> Any:
    """The people of these tests, all made beforehand: nobody joins in the middle of somebody's transaction."""
    names = ("rosa", "eve", "giulia", "marco", "ivan", "tina", "nuria", "aldo", "ada")
    cast.gather(*names)
    people = {name: getattr(cast, name) for name in names}
    return SimpleNamespace(
        person=cast.person, fresh=lambda name: replace(people[name], is_fresh=True), **people
    )


@pytest.fixture
def desk(cast: Any) -> Desk:
    return Desk(cast)
