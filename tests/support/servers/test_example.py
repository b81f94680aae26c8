"""The receiver of the docs, as a city would run it: a process of its own that takes a request and answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from portal import clock, db
from portal.support.servers import actions, queries
from portal.support.servers.actions import messages
from portal.support.servers.posting import Automation
from tests.support.servers.conftest import SECRET

EXAMPLE = Path(__file__).parents[3] / "docs" / "server_receiver.py"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def example():
    port = free_port()
    environment = {**os.environ, "PORTAL_SERVERS_SECRET": SECRET}
    with subprocess.Popen(
        [sys.executable, str(EXAMPLE), str(port)], env=environment, stdout=subprocess.DEVNULL
    ) as process:
        until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}/"
        process.terminate()


def listens(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


def until(holds, seconds: float = 10.0) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.02)


def test_a_server_runs_after_one_request_to_the_example(app, room, example, cast, monkeypatch):
    monkeypatch.setitem(app.config, "PORTAL", replace(app.config["PORTAL"], servers_secrets=(SECRET,)))
    portal = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=portal.serve_forever, daemon=True).start()
    room.prepared()
    callback = f"http://127.0.0.1:{portal.server_port}/api/v1/servers/status"
    room.does(lambda it: actions.request(it, actions.WEBHOOK, callback, by=cast.ivan))
    with db.reading() as session:
        one = session.scalars(queries.to_send(clock.real())).one()
    automation = Automation(example, (SECRET,), ("127.0.0.0/8",))
    assert messages.send(one, automation) is None
    until(lambda: room.now.state == "running")
    portal.shutdown()
    portal.server_close()
    assert room.now.address == f"{room.ref.lower()}.machines.example"


def test_the_example_believes_nobody_else(room, example):
    room.requested()
    with db.reading() as session:
        one = session.scalars(queries.to_send(clock.real())).one()
    stranger = Automation(example, ("whsec_" + "QUJD" * 8,), ("127.0.0.0/8",))
    assert messages.send(one, stranger) is not None
    assert room.now.state == "requested"
