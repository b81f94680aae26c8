"""What the automation tells the portal: believed for its signature, taken once, ignored where it is late."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from portal import clock, db
from portal.support.servers import actions, plans, signing
from portal.support.servers.models import ServerCall, ServerUsage
from tests.support.servers.conftest import KEY, SECRET, independent_signature, signed, told

STATUS = "/api/v1/servers/status"


@pytest.fixture
def machine(app, monkeypatch):
    """The automation: it has no cookie, no form, and one secret."""
    monkeypatch.setitem(app.config, "PORTAL", replace(app.config["PORTAL"], servers_secrets=(SECRET,)))

    def tell(body: bytes, headers: dict[str, str] | None = None):
        return app.test_client(use_cookies=False).post(STATUS, data=body, headers=headers or signed(body))

    return tell


def calls() -> int:
    with db.reading() as session:
        return session.query(ServerCall).count()


def test_a_server_is_set_up_and_runs_as_it_is_told(room, machine):
    ref = room.requested()
    body = told("server.provisioning", ref)
    assert machine(body).get_json() == {"result": "taken", "server": ref, "state": "provisioning"}
    running = told("server.running", ref, address="203.0.113.7")
    assert machine(running, signed(running, "msg_00000002")).get_json()["state"] == "running"
    assert (room.now.address, room.now.allocation.delivered) == ("203.0.113.7", 4)


def test_the_same_message_again_gets_the_same_answer_and_changes_nothing(room, machine):
    ref = room.requested()
    body = told("server.provisioning", ref)
    first = machine(body)
    room.does(lambda it: actions.fail(it, "By hand", by=room.cast.ivan))
    again = machine(body)
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert (room.now.state, calls()) == ("failed", 1)


def test_the_same_id_with_another_content_is_refused(room, machine):
    ref = room.requested()
    machine(told("server.provisioning", ref))
    assert machine(told("server.failed", ref, reason="x")).status_code == 409
    assert room.now.state == "provisioning"


def test_five_at_once_with_one_id_do_one_thing(room, machine):
    ref = room.running()
    body = told("server.usage", ref, days=[day()])
    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda _: machine(body).status_code, range(5)))
    assert set(found) <= {200, 409}
    with db.reading() as session:
        assert session.query(ServerUsage).count() == 1


def test_five_at_once_are_heard_once_in_each_database(both, room):
    ref = room.running()
    body = told("server.usage", ref, days=[day()])
    head = signed(body)
    stamp = signing.Stamp(*(head[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")))

    def tell(_turn: int) -> dict[str, str]:
        with db.writing():
            return actions.hear(stamp, body, (SECRET,), (80, 100))

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(tell, range(5)))
    assert {tuple(one.items()) for one in found} == {tuple(found[0].items())}
    with db.reading() as session:
        assert (session.query(ServerUsage).count(), calls()) == (1, 1)


def test_what_comes_late_is_ignored_with_an_answer(room, machine):
    ref = room.requested()
    machine(told("server.provisioning", ref))
    past = f"{clock.real() - timedelta(minutes=3):%Y-%m-%dT%H:%M:%SZ}"
    late = told("server.running", ref, at=past, address="203.0.113.7")
    assert machine(late, signed(late, "msg_00000002")).get_json()["result"] == "late"
    twice = told("server.provisioning", ref)
    assert machine(twice, signed(twice, "msg_00000003")).get_json()["result"] == "ignored"
    assert room.now.state == "provisioning"


FORGED = [
    {"webhook-signature": "v1," + "A" * 44},
    {"webhook-signature": ""},
    {"webhook-signature": "v1a,x v2,y"},
    {"webhook-id": "other_id_1"},
    {"webhook-id": ""},
    {"webhook-timestamp": "x"},
    {"webhook-timestamp": str(int(time.time()) + 1)},
]


def test_a_forged_message_is_a_401_before_anything_is_looked_up(room, machine):
    for change, ref in product(FORGED, (room.requested(), "SV-AAAAAA")):
        body = told("server.running", ref, address="203.0.113.7")
        answer = machine(body, signed(body) | change)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert (room.now.state, calls()) == ("requested", 0)


def test_a_changed_body_is_a_401(room, machine):
    body = told("server.provisioning", room.requested())
    assert machine(body.replace(b"provisioning", b"failed"), signed(body)).status_code == 401


# A busy machine may take some seconds between the stamp and the answer.
@pytest.mark.parametrize("ago", [301, -331, 10**6])
def test_an_old_or_future_stamp_is_refused_on_the_clock_that_nobody_moves(room, machine, ago):
    body = told("server.provisioning", room.requested())
    clock.set_offset(timedelta(seconds=ago))
    assert machine(body, signed(body, ago=ago)).status_code == 422
    assert calls() == 0


def test_a_moved_clock_of_the_portal_changes_nothing(room, machine):
    body = told("server.provisioning", room.requested())
    clock.set_offset(timedelta(days=30))
    assert machine(body).status_code == 200


def test_a_server_that_is_not_there_is_a_404(machine, cast):
    assert machine(told("server.running", "SV-AAAAAA", address="203.0.113.7")).status_code == 404


ODD = [
    b"",
    b"[]",
    b"null",
    b"\xff",
    b'{"type":"server.running"}',
    b'{"type":"other","timestamp":"2026-01-01T00:00:00Z","data":{"server":"SV-AAAAAA"}}',
    b'{"type":"server.running","timestamp":"2026-01-01","data":{"server":"SV-AAAAAA"}}',
    b'{"type":"server.running","timestamp":"2999-01-01T00:00:00Z","data":{"server":"SV-AAAAAA"}}',
    b'{"type":"server.running","timestamp":"2026-01-01T00:00:00Z","data":{"server":7}}',
    b'{"type":["x"],"timestamp":"2026-01-01T00:00:00Z","data":{"server":"SV-AAAAAA"}}',
    b'{"type":"server.usage","timestamp":"2026-01-01T00:00:00Z","data":{"server":"SV-AAAAAA","n":1e999}}',
    b"[" * 60_000,
]


def test_odd_content_is_refused_in_words(machine, cast):
    for body in ODD:
        answer = machine(body)
        assert answer.status_code == 422, (body[:80], answer.get_data(as_text=True))
        assert answer.get_json()["title"]


def day(**change: object) -> dict[str, object]:
    figures = {"cpu_hours": 3, "memory_mb": 4000, "storage_mb": 900, "traffic_mb": 7}
    return {"day": clock.today().isoformat(), **figures, **change}


def test_odd_use_is_refused_whole(room, machine):
    ref = room.running()
    odd = [
        [],
        "x",
        [7],
        [day(cpu_hours=-1)],
        [day(memory_mb=1.5)],
        [day(day="x")],
        [day(traffic_mb=True)],
        [day(storage_mb=2**70)],
        [day(day="2999-01-01")],
        [day()] * 63,
        [{}],
    ]
    for days in odd:
        assert machine(told("server.usage", ref, days=days)).status_code == 422, days
    assert calls() == 0


def test_a_message_too_long_is_a_413(machine, cast):
    body = json.dumps({"x": "y" * 70_000}).encode()
    assert machine(body).status_code == 413


def test_a_network_that_never_stops_is_let_wait(machine, cast):
    found = [machine(b"", {"webhook-id": "x"}).status_code for _ in range(125)]
    assert found[0] == 401
    assert found[-1] == 429


def test_without_a_secret_there_is_no_such_page(app, cast):
    body = told("server.running", "SV-AAAAAA")
    assert app.test_client(use_cookies=False).post(STATUS, data=body, headers=signed(body)).status_code == 404


def test_what_the_automation_took_away_a_person_still_sees_to(room, machine):
    ref = room.running()
    assert machine(told("server.wound_down", ref)).get_json()["result"] == "taken"
    assert room.now.state == "winding_down"
    assert [one.step for one in room.now.steps] == [*plans.BEFORE_RUNNING, "erased"]


def test_an_odd_address_is_refused_and_the_message_may_come_again(room, machine):
    ref = room.requested()
    assert machine(told("server.running", ref, address="http://x/")).status_code == 422
    assert machine(told("server.running", ref, address="203.0.113.7")).status_code == 200


def test_the_signature_in_these_tests_is_that_of_the_specification():
    # An example of our own, reckoned with openssl: printf 'msg_1.1700000000.{}' | openssl dgst -sha256 -hmac KEY
    assert independent_signature(KEY, "msg_1", "1700000000", b"{}").startswith("v1,")
    assert len(independent_signature(KEY, "msg_1", "1700000000", b"{}")) == 47
