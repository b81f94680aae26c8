"""Messages to the automation, received by a real one: signed, sent once, tried again, given up loudly."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from config import Config, ConfigError
from portal import clock, db
from portal.schedule.actions import HELD, LATER, Hopeless
from portal.support.servers import actions, queries, signing
from portal.support.servers.actions import messages
from portal.support.servers.models import ServerMessage
from portal.support.servers.posting import Automation
from tests.support.servers.conftest import KEY, SECRET, SSH, independent_signature
from tests.worker.dying import dies_at


def waiting() -> str:
    with db.reading() as session:
        return session.scalars(queries.to_send(clock.real() + timedelta(days=9))).one()


def soon(**values: object) -> None:
    """Let the next try be due now."""
    with db.writing() as session:
        session.query(ServerMessage).update({"next_at": clock.real() - timedelta(seconds=1), **values})


def message() -> ServerMessage:
    with db.reading() as session:
        return session.query(ServerMessage).one()


def test_the_first_delivery_is_signed_as_the_specification_says(room, receiver):
    ref = room.requested()
    assert messages.send(waiting(), receiver.automation()) is None
    ((head, body),) = receiver.got
    assert head["webhook-signature"] == independent_signature(
        KEY, head["webhook-id"], head["webhook-timestamp"], body
    )
    told = json.loads(body)
    assert (told["type"], told["data"]["server"], told["data"]["keys"]) == ("server.requested", ref, [SSH])
    assert told["data"]["plan"]["memory_gb"] == 8
    assert "teo" not in body.decode().lower()
    assert (message().state, message().payload) == ("sent", "")


def test_while_a_secret_is_changed_either_one_verifies(room, receiver):
    room.requested()
    new = "whsec_" + "QUJD" * 8
    automation = Automation(receiver.url, (new, SECRET), ("127.0.0.0/8",))
    messages.send(waiting(), automation)
    ((head, body),) = receiver.got
    both = head["webhook-signature"].split(" ")
    assert len(both) == 2
    assert independent_signature(KEY, head["webhook-id"], head["webhook-timestamp"], body) in both


@pytest.mark.parametrize("status", [500, 302, 404])
def test_a_refused_message_is_tried_again_with_the_same_id(room, receiver, status):
    room.requested()
    receiver.answers = [status, 204]
    assert messages.send(waiting(), receiver.automation()) is LATER
    assert messages.send(waiting(), receiver.automation()) is HELD, "not before its time"
    soon()
    assert messages.send(waiting(), receiver.automation()) is None
    assert len(receiver.got) == 2, "a redirect is not followed"
    assert len(set(receiver.ids)) == 1
    assert receiver.got[0][1] == receiver.got[1][1]
    with db.reading() as session:
        (found,) = session.scalars(queries.messages(room.now.id))
    assert [one.status for one in found.attempts] == [204, status]


def test_one_that_does_not_answer_in_time_is_tried_again(room, receiver):
    room.requested()
    receiver.slow = 0.5
    assert messages.send(waiting(), receiver.automation(seconds=0.1)) is LATER
    with db.reading() as session:
        (found,) = session.scalars(queries.messages(room.now.id))
    (attempt,) = found.attempts
    assert attempt.trouble == "too_slow"


def test_two_workers_at_once_send_once(both, room, receiver):
    room.requested()
    receiver.slow = 0.1
    one = waiting()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: messages.send(one, receiver.automation()), range(2)))
    assert sorted(map(str, found)) == sorted([str(None), str(HELD)])
    assert len(receiver.got) == 1


@pytest.mark.parametrize(("point", "arrived"), [("server-claimed", 0), ("server-sent", 1)])
def test_a_worker_that_dies_leaves_the_message_to_the_next_one(room, receiver, point, arrived):
    room.requested()
    one = waiting()
    assert dies_at(point, lambda: messages.send(one, receiver.automation()))
    assert len(receiver.got) == arrived
    assert messages.send(one, receiver.automation()) is HELD, "the dead one's claim still holds"
    soon()
    assert messages.send(one, receiver.automation()) is None
    assert len(receiver.got) == arrived + 1
    assert set(receiver.ids) == receiver.done == {one}, "the same id again: the automation does one thing"


def test_after_the_last_try_it_is_given_up_loudly_and_sent_again_by_a_person(room, receiver, cast):
    room.requested()
    receiver.answers = [503]
    soon(turn=messages.MOST_TRIES - 1)
    with pytest.raises(Hopeless):
        messages.send(waiting(), receiver.automation())
    assert message().state == "given_up"
    receiver.answers = [204]
    room.does(lambda it: actions.send_again(_message(), it, receiver.url, by=cast.ivan))
    assert messages.send(waiting(), receiver.automation()) is None
    assert len(set(receiver.ids)) == 1


def _message() -> ServerMessage:
    return db.session().query(ServerMessage).one()


def test_gone_closes_the_address_until_somebody_opens_it(room, receiver, cast):
    room.requested()
    receiver.answers = [410]
    automation = receiver.automation()
    with pytest.raises(Hopeless, match="410"):
        messages.send(waiting(), automation)
    soon()
    assert messages.due(automation) == []
    room.does(lambda it: actions.send_again(_message(), it, automation.url, by=cast.ivan))
    assert len(messages.due(automation)) == 1


@pytest.mark.parametrize(
    ("url", "networks"),
    [
        ("http://127.0.0.1:9/x", ()),
        ("http://169.254.169.254/latest", ("169.254.0.0/16",)),
        ("http://[::ffff:127.0.0.1]/x", ()),
        ("http://10.0.0.1/x", ("127.0.0.0/8",)),
        ("http://0.0.0.0/x", ("0.0.0.0/0",)),
    ],
)
def test_what_is_within_is_not_reached_unless_it_is_named(url, networks):
    outcome = Automation(url, (SECRET,), networks).post(b"{}", {})
    assert (outcome.status, outcome.trouble) == (0, "not_reached")


def test_a_name_that_leads_outside_and_inside_is_not_reached():
    both = lambda _host, _port: ["93.184.216.34", "127.0.0.1"]  # noqa: E731
    outcome = Automation("http://automation.example/x", (SECRET,), (), resolve=both).post(b"{}", {})
    assert outcome.trouble == "not_reached"


def test_the_waits_grow_and_are_left_a_little_to_chance():
    waits = [messages.wait_after(tries).total_seconds() for tries in range(1, 13)]
    base = [min(10 * 2 ** (tries - 1), 4 * 3600) for tries in range(1, 13)]
    assert all(low <= wait <= low * 1.25 for low, wait in zip(base, waits, strict=True))


SETTINGS = {"PORTAL_SERVERS_URL": "https://automation.city.example/x", "PORTAL_SERVERS_SECRET": SECRET}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"PORTAL_SERVERS_SECRET": ""}, "SERVERS_SECRET: is missing"),
        ({"PORTAL_SERVERS_SECRET": "whsec_short"}, "SERVERS_SECRET: must be"),
        ({"PORTAL_SERVERS_SECRET": f"{SECRET} other"}, "SERVERS_SECRET: must be"),
        ({"PORTAL_SERVERS_URL": "https://u:p@x/"}, "SERVERS_URL"),
        ({"PORTAL_SERVERS_URL": "ftp://x/"}, "SERVERS_URL"),
        ({"PORTAL_SERVERS_URL": "https://x:99999/"}, "SERVERS_URL"),
        ({"PORTAL_SERVERS_NETWORKS": "10.0.0.1/8"}, "SERVERS_NETWORKS"),
    ],
)
def test_faulty_settings_are_named(change, fault):
    with pytest.raises(ConfigError, match=fault):
        Config.from_env(SETTINGS | change)


def test_good_settings_are_taken():
    found = Config.from_env(SETTINGS | {"PORTAL_SERVERS_SECRET": f"{SECRET} whsec_{'QUJD' * 8}"})
    assert len(found.servers_secrets) == 2


def test_our_own_check_agrees_with_our_signature():
    stamp = signing.sign("msg_12345678", 1000, b"{}", [SECRET])
    assert signing.fault(stamp, b"{}", [SECRET], 1300) is None
    assert signing.fault(stamp, b"{}", [SECRET], 1301) is signing.Fault.OUT_OF_TIME
    assert signing.fault(stamp, b"[]", [SECRET], 1000) is signing.Fault.UNSIGNED
    assert signing.fault(stamp, b"{}", [], 1000) is signing.Fault.UNSIGNED
