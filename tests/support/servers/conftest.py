"""A promised server, the people on both sides, and an automation of its own that listens on this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from portal import city, clock, db
from portal.policy import SYSTEM
from portal.support import actions as giving
from portal.support.models import Allocation
from portal.support.servers import actions, plans, queries
from portal.support.servers.models import Server
from portal.support.servers.posting import Automation
from tests.support.conftest import PACT, Desk, row

KEY = b"a key of thirty-two random bytes"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
PROFILE = city.profile("bologna")
TOLD = actions.Particulars("garden.example.org", "city", "day", "Database and files", "SQL, plain files", 30)
SSH = "ssh-ed25519 " + base64.b64encode(b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20" + b"k" * 32).decode()
CALLBACK = "http://127.0.0.1/api/v1/servers/status"


def independent_signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """Sign as the specification says, written here a second time."""
    digest = hmac.new(key, message_id.encode() + b"." + timestamp.encode() + b"." + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest.digest()).decode()


class Receiver:
    """The city's automation: it notes what arrives and answers what it was told to, the last answer for ever."""

    def __init__(self) -> None:
        self.answers: list[int] = [204]
        self.slow = 0.0
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.done: set[str] = set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                time.sleep(receiver.slow)
                status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                if status < 300:
                    receiver.done.add(self.headers["webhook-id"])
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def ids(self) -> list[str]:
        """Return the ids of what arrived, in order."""
        return [head["webhook-id"] for head, _ in self.got]

    def automation(self, **options: Any) -> Automation:
        """Return the portal's way to this receiver."""
        return Automation(self.url + "/servers", (SECRET,), ("127.0.0.0/8",), **options)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


class Room:
    """What becomes of one promised server, each step in a transaction of its own."""

    def __init__(self, cast: Any, desk: Desk) -> None:
        self.cast, self.desk = cast, desk
        self.ref = ""

    def promised(
        self,
        *,
        subject: str = PACT,
        amount: int = 4,
        plan: str = "medium",
        further: Any = None,
        case_key: str = "",
        **measures: int,
    ) -> int:
        """Promise a server to rosa's group: approved by two, bound by the last signature."""
        asked = row("s1", "server", amount, plan=plan, months=12, what="A server for the map", **measures)
        pool = self.desk.opened(40, slug="machines", kind="server", further=further)
        case = {"party_person_id": self.cast.rosa.person_id, "case_key": case_key}
        (found,) = self.desk.approved(pool, asked, subject=subject, **case)
        with db.writing():
            giving.commit(subject, 1, by=SYSTEM)
        return found.id

    def begun(self, **options: Any) -> str:
        """Begin the promised server and return what it is called."""
        number = self.promised(**options)
        with db.writing() as session:
            self.ref = actions.begin(session.get_one(Allocation, number), PROFILE, by=self.cast.ivan).ref
        return self.ref

    def prepared(self, **options: Any) -> str:
        """Begin it and write down all that is needed."""
        self.begun(**options)
        self.does(lambda it: actions.prepare(it, TOLD, by=self.cast.rosa))
        runner = actions.Runner("Teo Galli", "teo@example.org", SSH + " teo@laptop")
        self.does(lambda it: actions.add_runner(it, runner, by=self.cast.rosa))
        return self.ref

    def requested(self, route: str = actions.WEBHOOK, **options: Any) -> str:
        """Prepare and request it."""
        self.prepared(**options)
        self.does(lambda it: actions.request(it, route, CALLBACK, by=self.cast.ivan))
        return self.ref

    def running(self, **options: Any) -> str:
        """Let it run, set up by hand."""
        self.requested(actions.HAND, **options)
        self.set_up()
        return self.ref

    def ticked(self) -> None:
        """Tick what has to be done before it runs."""
        for step in plans.BEFORE_RUNNING:
            self.does(lambda it, step=step: actions.do_step(it, step, "Ticket 4", by=self.cast.ivan))

    def set_up(self) -> None:
        """Tick what has to be done first, and say that it runs."""
        self.ticked()
        self.does(lambda it: actions.run(it, "203.0.113.7", by=self.cast.ivan))

    def does(self, act: Callable[[Server], object]) -> Any:
        """Do something with the server in a transaction of its own."""
        with db.writing() as session:
            return act(session.scalars(queries.one(self.ref)).one())

    @property
    def now(self) -> Server:
        """Return the server as it stands."""
        with db.reading() as session:
            return session.scalars(queries.one(self.ref)).one()


@pytest.fixture
def room(cast: Any, desk: Desk) -> Room:
    return Room(cast, desk)


def told(type_: str, server: str, *, at: str = "", **data: Any) -> bytes:
    """Return what the automation would write."""
    stamp = at or f"{clock.real():%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps({"type": type_, "timestamp": stamp, "data": {"server": server, **data}}).encode()


def signed(
    body: bytes, message_id: str = "msg_00000001", *, ago: int = 0, key: bytes = KEY
) -> dict[str, str]:
    """Return the headers of a message that the automation signs."""
    timestamp = str(int(time.time()) - ago)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": independent_signature(key, message_id, timestamp, body),
        "Content-Type": "application/json",
    }
