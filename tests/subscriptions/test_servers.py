"""Who hears what of a server: the group, whoever runs the machines, and the second persons; each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.policy import SYSTEM
from portal.record import actions as record_actions
from portal.schedule import actions as schedule
from portal.subscriptions import react
from portal.subscriptions.reminders import servers as reminders
from portal.support import actions as giving
from portal.support.servers import actions, queries
from portal.words import W, in_language
from tests.pacts import journey
from tests.support.conftest import Desk
from tests.support.servers.conftest import PROFILE, SSH, TOLD, Room


def said(title: str) -> str:
    """Return a title as the people of these tests read it."""
    with in_language("it"):
        return str(W(title))


class Told:
    """What the people of the cast were told since the last look: title and reader."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.names = {cast.person(name).id: name for name in ("rosa", "ivan", "tina", "lea", "giulia")}
        self()

    def __call__(self) -> set[tuple[str, str]]:
        with db.writing() as session:
            known = set(session.scalars(select(Message.id)))
            record_actions.sequence()
        with db.writing():
            run = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
        assert run is not None
        react(run, base_url="https://x.example")
        assert not run.failures
        return self.since(known)

    def since(self, known: set[int]) -> set[tuple[str, str]]:
        with db.reading() as session:
            new = session.scalars(select(Message).where(Message.id.not_in(known)))
            return {
                (one.title.partition("] ")[2] or one.title, self.names.get(one.person_id or 0, "?"))
                for one in new
            }


@pytest.fixture
def room(cast: Any) -> Room:
    pact = journey.signed(cast)
    people = {name: getattr(cast, name) for name in ("rosa", "ivan", "tina", "giulia", "marco", "lea")}
    assert people
    found = Room(cast, Desk(cast))
    with db.writing():
        row = {"id": "s9", "kind": "server", "what": "Map", "amount": 4, "unit": "vcpu", "plan": "medium"}
        case = giving.Case(party_person_id=cast.rosa.person_id, title="Garden", starts_on=clock.today())
        (asked,) = giving.ask_for(pact.key, 9, [row], case=case, by=SYSTEM)
        pool = giving.open_pool(clock.today().year, "machines", "server", "Machines", 40, by=SYSTEM)
        giving.propose(asked, pool, "A map for all", by=cast.ivan)
    with db.writing() as session:
        asked = session.get_one(type(asked), asked.id)
        giving.approve(asked, by=replace(people["lea"], is_fresh=True))
        giving.commit(pact.key, 9, by=SYSTEM)
        found.ref = actions.begin(asked, PROFILE, by=cast.ivan).ref
    return found


def test_each_step_is_told_to_whom_it_concerns(room: Room, cast: Any) -> None:
    told = Told(cast)
    room.does(lambda it: actions.prepare(it, TOLD, by=cast.rosa))
    room.does(lambda it: actions.add_runner(it, actions.Runner("Teo", "teo@example.org", SSH), by=cast.rosa))
    room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))
    room.does(lambda it: actions.fail(it, "No room", by=SYSTEM))
    assert told() == {
        (said("A server could not be set up"), "rosa"),
        (said("A server could not be set up"), "ivan"),
    }
    room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))
    room.set_up()
    assert (said("Your server is running"), "rosa") in told()
    much = actions.Sample(clock.today(), 1, 9000, 1, 1)
    room.does(lambda it: actions.enter_use(it, [much], "automation", (80, 100), by=SYSTEM))
    title = said("A server uses more than promised")
    assert told() == {(title, "rosa"), (title, "ivan")}
    room.does(lambda it: actions.write_note(it, "It is slow", by=cast.rosa))
    assert told() == {(said("A group asks for help with its server"), "ivan")}
    longer = room.now.ends_on + timedelta(days=30)
    room.does(lambda it: actions.ask_change(it, "medium", longer, "One more month", PROFILE, by=cast.rosa))
    assert told() == {(said("A change of a server is asked for"), "ivan")}
    room.does(lambda it: actions.grant(it, it.changes[0], PROFILE, by=cast.ivan))
    assert told() == {(said("A change of a server waits"), name) for name in ("tina", "lea")}
    room.does(lambda it: actions.wind_down(it, by=cast.ivan))
    assert told() == {(said("Your server is being wound down"), "rosa")}


def test_the_end_is_told_in_time_and_once(room: Room, cast: Any) -> None:
    told = Told(cast)
    room.does(lambda it: actions.prepare(it, TOLD, by=cast.rosa))
    room.does(lambda it: actions.add_runner(it, actions.Runner("Teo", "teo@example.org"), by=cast.rosa))
    room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))
    room.set_up()
    told()
    now = room.now
    found = {}
    for left in (200, 90, 89, 30, 7, 0, -1, -2):
        clock.set_offset(timedelta(days=(now.ends_on - clock.local(clock.real()).date()).days - left))
        with db.reading() as session:
            known = set(session.scalars(select(Message.id)))
            due = session.scalars(reminders.due()).all()
        for number in due:
            reminders.remind_of(number, "https://x.example")
        found[left] = {name for _, name in told.since(known)}
    both = {"rosa", "ivan"}
    assert found == {200: set(), 90: both, 89: set(), 30: both, 7: both, 0: set(), -1: both, -2: set()}
    assert queries.one(room.ref) is not None
