"""People are told what becomes of their status, staff what waits, and whoever's time ends is reminded once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.record import actions as record
from portal.residents import actions, queries
from portal.residents.models import CensusFile, Conflict, Decision
from portal.schedule import actions as schedule
from portal.subscriptions import react, remind_residents
from portal.worker import BY_NAME
from tests.conftest import Cast
from tests.residents.people import MONTHS, ROSA, rows, settle

BASE = "https://x.example"


def run(work: Callable[[Any], object]) -> None:
    with db.writing():
        while record.sequence():
            pass
    with db.writing():
        claimed = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
    assert claimed is not None
    work(claimed)
    assert claimed.failures == []


def told(person: Any) -> list[str]:
    run(lambda claimed: react(claimed, base_url=BASE))
    with db.reading() as session:
        mine = select(Message.title).where(Message.person_id == person.id, Message.event.in_(["E52", "E24"]))
        return list(session.scalars(mine.order_by(Message.id)))


def test_whoever_is_verified_is_told(cast: Cast) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    assert told(cast.person("rosa")) == ["Ora risulti residente"]


@pytest.mark.parametrize(
    ("decision", "holder", "claimant"),
    [
        (Decision.KEPT, 1, 1),
        (Decision.MOVED, 1, 2),  # decided, and verified
        (Decision.REFUSED, 1, 1),
    ],
)
def test_both_are_told_of_a_decision_and_staff_of_what_waits(
    cast: Cast, decision: Decision, holder: int, claimant: int
) -> None:
    rosa, eve, carla = cast.person("rosa"), cast.person("eve"), cast.person("carla")
    settle(rosa, ROSA, by=cast.rosa)
    found = settle(eve, ROSA, by=cast.eve)
    assert isinstance(found, Conflict)
    before, ada = told(rosa), cast.ada
    assert len(told(carla)) == 1
    with db.writing() as session:
        conflict = session.scalars(queries.conflict(found.id)).one()
        actions.decide(conflict, decision, "both came", months=MONTHS, by=ada)
    assert len(told(rosa)) - len(before) == holder
    assert len(told(eve)) == claimant
    with db.reading() as session:
        texts = " ".join(f"{one.title} {one.body}" for one in session.scalars(select(Message)))
    for name in ("Rosa", "Eve", "both came", ROSA, rosa.pseudonym):
        assert name not in texts


def test_a_person_is_reminded_once_per_distance(cast: Cast, move_clock: Callable[[timedelta], None]) -> None:
    rosa = cast.person("rosa")
    given = settle(rosa, ROSA, by=cast.rosa)
    days = (30, 7)
    left = (clock.local(given.until - timedelta(seconds=1)).date() - clock.today()).days

    def reminded() -> int:
        for _ in range(2):
            run(lambda claimed: remind_residents(claimed, days, base_url=BASE))
        with db.reading() as session:
            return len(session.scalars(select(Message).where(Message.key.like("%residency%"))).all())

    found = []
    for distance in (31, 30, 29, 8, 7, 0, -1, -5):
        clock.set_offset(timedelta(days=left - distance))
        found.append(reminded())
    assert found == [0, 1, 1, 1, 2, 2, 2, 2]
    clock.set_offset(timedelta(days=left - 3))
    by = cast.rosa
    with db.writing():
        actions.withdraw(rosa, by=by)
    assert reminded() == 2


def test_the_nightly_job_tidies_up_and_reminds(
    cast: Cast, config: Any, move_clock: Callable[[timedelta], None]
) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    with db.writing():
        dead = actions.begin_census()
    with db.writing() as session:
        session.get_one(CensusFile, dead).begun_at = clock.real() - timedelta(days=2)
    move_clock(timedelta(days=715))
    work = BY_NAME["residents"].work
    run(lambda claimed: work(SimpleNamespace(config=config, base_url=BASE), claimed))
    assert rows(CensusFile) == []
    with db.reading() as session:
        (title,) = session.scalars(select(Message.title).where(Message.key.like("%residency%")))
    assert title == "Dimostra di nuovo che vivi qui"
