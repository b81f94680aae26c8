"""A verified resident endorses once, whatever comes at once; the count is exact at every moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import db
from portal.errors import NotAllowed, WrongState
from portal.observations import actions, queries
from portal.observations.models import Endorsement, EndorsementChange, EndorsementCount
from portal.people import actions as people
from portal.policy import SYSTEM, Actor
from portal.proposals import actions as proposals
from portal.record import Act, Did
from portal.record.publicity import why_private
from tests.observations import steps
from tests.pacts import journey
from tests.residents import people as residents

RESIDENTS, EACH, AT_ONCE = 50, 20, 50


def counted(code: str) -> int:
    with db.reading() as session:
        return session.scalar(queries.endorsements(f"proposal:{code}")) or 0


def stored(code: str) -> int:
    with db.reading() as session:
        of_this = Endorsement.subject_key == f"proposal:{code}"
        return session.scalar(select(func.count()).select_from(Endorsement).where(of_this)) or 0


def fold() -> int:
    with db.writing():
        return actions.fold()


def endorse(code: str, by: Actor) -> bool:
    with db.writing():
        return actions.endorse(steps.subject_of(code), by=by)


def take_back(code: str, by: Actor) -> bool:
    with db.writing():
        return actions.take_back(steps.subject_of(code), by=by)


def verify(cast: Any, name: str, number: str) -> Actor:
    residents.settle(cast.person(name), number, by=SYSTEM)
    return getattr(cast, name)


def test_a_resident_endorses_once_and_may_take_it_back(cast: Any, code: str) -> None:
    nina = verify(cast, "nina", residents.NINA)
    assert [endorse(code, nina), endorse(code, nina)] == [True, False]
    assert (counted(code), stored(code)) == (1, 1)
    assert fold() == 1
    assert counted(code) == 1
    assert [take_back(code, nina), take_back(code, nina)] == [True, False]
    assert (counted(code), stored(code)) == (0, 0)
    assert fold() == 1
    assert counted(code) == 0
    assert endorse(code, nina)
    assert counted(code) == 1


def test_nobody_endorses_who_is_not_known_to_live_here(cast: Any, code: str) -> None:
    for by in (cast.eve, cast.giulia):
        with pytest.raises(NotAllowed, match="Only people who live here"):
            endorse(code, by)
    with pytest.raises(NotAllowed):
        endorse(code, steps.VISITOR)
    assert counted(code) == 0


def test_a_human_with_another_account_endorses_no_second_time(cast: Any, code: str) -> None:
    nina = verify(cast, "nina", residents.NINA)
    assert endorse(code, nina)
    with db.writing() as session:
        residents.actions.withdraw(session.merge(cast.person("nina")), by=nina)
    eve = verify(cast, "eve", residents.NINA)
    assert not endorse(code, eve)
    assert counted(code) == 1


def test_what_is_decided_or_taken_back_is_endorsed_no_more(cast: Any, code: str) -> None:
    nina, rosa = verify(cast, "nina", residents.NINA), cast.rosa
    with db.writing() as session:
        proposals.withdraw(session.merge(journey.reload_proposal(code)), by=rosa)
    with pytest.raises(WrongState):
        endorse(code, nina)


def test_who_endorses_is_told_to_nobody(cast: Any, code: str) -> None:
    nina = verify(cast, "nina", residents.NINA)
    endorse(code, nina)
    take_back(code, nina)
    with db.reading() as session:
        acts = session.scalars(
            select(Act).where(Act.verb.in_((Did.ENDORSED, Did.ENDORSEMENT_TAKEN_BACK)))
        ).all()
    assert len(acts) == 2
    assert all(why_private(act.verb, act.facts) is not None for act in acts)


def _residents(number: int) -> list[Actor]:
    found = []
    for n in range(number):
        with db.writing():
            person = people.join(f"Resident {n}", f"resident{n}@example.org", "a long enough phrase")
        residents.settle(person, f"RESIDENT{n:03d}", by=SYSTEM)
        found.append(Actor(kind="person", person_id=person.id, pseudonym=person.pseudonym))
    return found


def _at_once(work: Callable[[int], None], number: int) -> list[BaseException]:
    raised: list[BaseException] = []
    barrier = threading.Barrier(number)

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=60)
            work(place)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    return raised


def test_a_thousand_endorsements_by_fifty_people_at_once_are_fifty(
    both: db.Database, cast: Any, code: str
) -> None:
    crowd = _residents(RESIDENTS)
    # A database of its own, with a line for each: nobody waits for another's line.
    url = both.engine.url.render_as_string(hide_password=False)
    wide = db.Database(url, db.Patience(connections=AT_ONCE, lock_seconds=120, statement_seconds=120))
    db.use(wide)
    given, folding = [0] * AT_ONCE, threading.Event()

    def work(place: int) -> None:
        for turn in range(EACH):
            given[place] += endorse(code, crowd[(place + turn * 7) % RESIDENTS])

    def worker() -> None:
        while not folding.is_set():
            fold()
            folding.wait(0.05)

    folder = threading.Thread(target=worker)
    folder.start()
    raised = _at_once(work, AT_ONCE)
    folding.set()
    folder.join(timeout=60)
    assert raised == []
    assert (sum(given), stored(code), counted(code)) == (RESIDENTS, RESIDENTS, RESIDENTS)
    while fold():
        pass
    with db.reading() as session:
        assert session.scalar(select(EndorsementCount.total)) == RESIDENTS
        assert session.scalar(select(func.count()).select_from(EndorsementChange)) == 0
        acts = select(func.count()).select_from(Act).where(Act.verb == Did.ENDORSED)
        assert session.scalar(acts) == RESIDENTS
    db.use(both)
    wide.close()


def test_two_workers_add_each_change_once(both: db.Database, cast: Any, code: str) -> None:
    for by in _residents(12):
        endorse(code, by)
    sums: list[int] = []
    assert _at_once(lambda _place: sums.append(fold()), 4) == []
    assert sum(sums) == 12
    assert counted(code) == 12
