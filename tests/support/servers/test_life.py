"""From the promise to the end of a server, by hand: who may, what is missing, and what counts as given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal import clock, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.record import Act
from portal.support.models import Pool
from portal.support.servers import actions, jobs, keys, plans, queries
from portal.support.servers.models import Server
from tests.support.servers.conftest import PROFILE, SSH, TOLD

CERTIFICATE = "All disks and backups were wiped on the first of May by Ivan Ferri."


def test_a_promised_server_is_begun_by_itself_and_once(room, app):
    number = room.promised()
    for _ in range(2):
        jobs._begin(number, "bologna")
    with db.reading() as session:
        (server,) = session.query(Server)
        assert session.scalars(queries.unopened()).all() == []
    assert server.measures == {"vcpu": 4, "memory_gb": 8, "storage_gb": 100, "traffic_gb": server.traffic_gb}
    assert server.ends_on == plans.end_of(clock.today(), 12)
    assert server.due_on == clock.today() + timedelta(days=PROFILE.servers.provide_days)


def test_what_is_missing_is_named_before_the_request(room, cast):
    room.begun()
    with pytest.raises(WrongState, match="name in the Internet"):
        room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))
    room.does(lambda it: actions.prepare(it, TOLD, by=cast.rosa))
    with pytest.raises(WrongState, match="Nobody is named"):
        room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))


def test_running_counts_as_given_whole(room):
    room.running()
    found = room.now
    assert (found.state, found.address, found.allocation.delivered) == ("running", "203.0.113.7", 4)
    with db.reading() as session:
        pool = session.query(Pool).one()
        facts = [act.facts for act in session.query(Act).filter(Act.verb.startswith("server:"))]
    assert (pool.committed, pool.delivered) == (4, 4)
    assert "garden.example.org" not in str(facts)
    assert "teo" not in str(facts).lower()


def test_strangers_and_the_group_decide_nothing_of_the_city(room, cast):
    room.requested(actions.HAND)
    for who in (cast.eve, cast.rosa, cast.giulia, cast.tina):
        with pytest.raises(NotAllowed):
            room.does(lambda it, who=who: actions.run(it, "203.0.113.7", by=who))
    with pytest.raises(NotAllowed):
        room.does(lambda it: actions.write_note(it, "Hello", by=cast.eve))


def test_a_failed_one_is_requested_again_or_called_off(room, cast):
    room.requested(actions.HAND)
    room.does(lambda it: actions.fail(it, "No room in the rack", by=cast.ivan))
    room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))
    room.does(lambda it: actions.fail(it, "Still no room", by=cast.ivan))
    room.does(lambda it: actions.call_off(it, "The group found another one", by=cast.ivan))
    with pytest.raises(WrongState):
        room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))


def test_what_is_no_public_key_is_refused():
    odd = [
        "",
        "ssh-ed25519",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "ssh-rsa AAAAB3NzaC1yc2E=",
        "ssh-ed25519 AAA%",
        SSH.replace("ssh-ed25519 ", "ssh-rsa "),
    ]
    assert {keys.read(text) for text in odd} == {None}


def test_the_comment_of_a_key_is_not_kept(room):
    room.prepared()
    assert [one.public_key for one in room.now.administrators] == [SSH]


def test_an_odd_address_is_refused(room, cast):
    room.requested(actions.HAND)
    room.ticked()
    for address in ["", "x", "http://a/b", "a b", "javascript:alert(1)//", "a" * 300]:
        with pytest.raises(Invalid, match="where the server is reached"):
            room.does(lambda it, address=address: actions.run(it, address, by=cast.ivan))
    assert room.now.state == "requested"


def test_nobody_says_that_it_runs_before_its_list_was_ticked(room, cast):
    room.requested(actions.HAND)
    for step, words in (
        ("machine", "set up in the place"),
        ("access", "can open it"),
        ("backup", "putting it back"),
    ):
        with pytest.raises(Invalid, match=words):
            room.does(lambda it: actions.run(it, "203.0.113.7", by=cast.ivan))
        room.does(lambda it, step=step: actions.do_step(it, step, "Ticket 4", by=cast.ivan))
    room.does(lambda it: actions.run(it, "203.0.113.7", by=cast.ivan))
    assert room.now.state == "running"


def test_a_backup_that_the_group_keeps_holds_nobody_up(room, cast):
    room.prepared()
    room.does(lambda it: actions.prepare(it, replace(TOLD, backup_by="community"), by=cast.rosa))
    room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))
    for step in ("machine", "access"):
        room.does(lambda it, step=step: actions.do_step(it, step, "Ticket 4", by=cast.ivan))
    room.does(lambda it: actions.run(it, "203.0.113.7", by=cast.ivan))
    assert room.now.state == "running"


def test_the_end_is_a_checklist_and_the_group_has_its_say(room, cast):
    room.running()
    room.does(lambda it: actions.wind_down(it, by=cast.ivan))
    with pytest.raises(WrongState, match="all that is on it"):
        room.does(lambda it: actions.hand_over(it, CERTIFICATE, by=cast.ivan))
    for step in ("export", "erased"):
        room.does(lambda it, step=step: actions.do_step(it, step, "Ticket 7", by=cast.ivan))
    with pytest.raises(WrongState, match="until"):
        room.does(lambda it: actions.delete(it, CERTIFICATE, 30, by=cast.ivan))
    with pytest.raises(NotAllowed):
        room.does(lambda it: actions.do_step(it, "confirmed", "We have it", by=cast.ivan))
    room.does(lambda it: actions.do_step(it, "confirmed", "We have it", by=cast.rosa))
    with pytest.raises(Invalid):
        room.does(lambda it: actions.delete(it, "Gone", 30, by=cast.ivan))
    room.does(lambda it: actions.delete(it, CERTIFICATE, 30, by=cast.ivan))
    found = room.now
    assert (found.state, found.certificate, found.administrators) == ("deleted", CERTIFICATE, [])
    with db.reading() as session:
        pool = session.query(Pool).filter(Pool.unit == "vcpu").one()
    assert (pool.reserved, pool.committed, pool.delivered) == (0, 0, 0), "others can be given it now"
    assert found.allocation.state == "closed"


def test_less_or_shorter_is_decided_by_one(room, cast):
    room.running()
    sooner = room.now.ends_on - timedelta(days=30)
    room.does(lambda it: actions.ask_change(it, "medium", sooner, "Done earlier", PROFILE, by=cast.rosa))
    room.does(lambda it: actions.grant(it, it.changes[0], PROFILE, by=cast.ivan))
    assert (room.now.state, room.now.ends_on) == ("running", sooner)


@pytest.mark.parametrize(
    ("starts", "months", "end"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 5, 1), 0, date(2027, 5, 1))],
)
def test_months_end_where_the_calendar_says(starts, months, end):
    assert plans.end_of(starts, months) == end


def use(day: date, memory: int = 1000, traffic: int = 10) -> actions.Sample:
    return actions.Sample(day, cpu_hours=12, memory_mb=memory, storage_mb=5000, traffic_mb=traffic)


def test_use_is_told_once_a_mark_and_nothing_is_cut(room, cast):
    room.running()
    marks = PROFILE.servers.warn_percent
    enter = lambda *rows: room.does(lambda it: actions.enter_use(it, rows, "hand", marks, by=cast.ivan))  # noqa: E731
    day = clock.today()
    assert enter(use(day - timedelta(days=3))) == []
    ((share, level),) = enter(use(day - timedelta(days=2), memory=6500))
    assert (share.measure, share.percent, level) == ("memory_gb", 81, 80)
    assert enter(use(day - timedelta(days=1), memory=6600)) == []
    ((_, level),) = enter(use(day, memory=9000))
    assert (level, room.now.state) == (100, "running")


def test_a_day_entered_again_is_a_correction_and_no_row_is_changed(room, cast):
    room.running()
    day = clock.today()
    for memory in (7000, 2000):
        room.does(lambda it, m=memory: actions.enter_use(it, [use(day, m)], "hand", (80,), by=cast.ivan))
    with db.reading() as session:
        assert [one.memory_mb for one in session.scalars(queries.days(room.now.id))] == [2000]
    with pytest.raises(Exception, match="never changed"), db.writing() as session:
        session.connection().exec_driver_sql("UPDATE server_usage SET memory_mb = 1")


def test_odd_use_is_refused(room, cast):
    room.running()
    for sample in [use(date(2999, 1, 1)), use(date(2000, 1, 1)), use(date(2026, 1, 1), -1)]:
        with pytest.raises(Invalid):
            room.does(lambda it, one=sample: actions.enter_use(it, [one], "hand", (80,), by=cast.ivan))
