"""The portal as its command runs it: several processes, real sockets, hostile bytes, and an orderly stop."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from portal import db
from portal.operations import readiness
from portal.people import actions as people
from tests.conftest import CAST, PASSWORD
from tests.journeys.live import ROOT, free_port

MARK = 'name="csrf_token"'
MANY = 20 * 1024 * 1024


class Live:
    """`portal run`, over a database with one person."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.host = f"127.0.0.1:{self.port}"
        env = {
            key: value for key, value in os.environ.items() if not key.startswith(("PORTAL_", "PROMETHEUS"))
        }
        env |= {
            "PORTAL_BASE_URL": f"http://{self.host}",
            "PORTAL_DATA_DIR": str(folder),
            "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.db'}",
            "PORTAL_LOG": "json",
        }
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal", "run"],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def until(self, ready: Any, seconds: float = 90) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            assert self.process.poll() is None, self.log
            try:
                if ready():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(self.log[-3000:])

    def ask(self, method: str, path: str, body: Any = None, headers: Any = None, **more: Any) -> Any:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            line.request(method, path, body, headers or {}, **more)
            answer = line.getresponse()
            answer.text = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
        return answer

    def raw(self, request: bytes) -> bytes:
        """Send these very bytes and return the first line of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            try:
                line.sendall(request)
                return line.makefile("rb").readline()
            except (ConnectionError, TimeoutError):
                return b""

    def form(self) -> tuple[dict[str, str], str]:
        """Return the headers and the token of a form that is open."""
        page = self.ask("GET", "/en/join")
        token = page.text.partition(MARK)[2].partition('value="')[2].partition('"')[0]
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        return {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}, token


@pytest.fixture(scope="module")
def live(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, demo_seal: Path, _cheap_hashes: None
) -> Iterator[Live]:
    """A portal that runs, started once for this file."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copy(sqlite_template, folder / "portal.db")
    shutil.copy(demo_seal, folder / demo_seal.name)
    own = db.Database(f"sqlite:///{folder / 'portal.db'}")
    db.use(own)
    with db.writing() as session:
        people.join(CAST["rosa"][0], CAST["rosa"][1], PASSWORD)
        connection = session.connection()
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (readiness.newest_revision(),))
    own.close()
    found = Live(folder)
    try:
        found.until(lambda: found.ask("GET", "/healthz") and "worker started" in found.log)
        yield found
    finally:
        if found.process.poll() is None:
            os.killpg(found.process.pid, signal.SIGKILL)
            found.process.wait(10)


def test_it_is_ready_and_its_worker_was_seen(live: Live) -> None:
    answer = live.ask("GET", "/readyz")
    assert (answer.status, json.loads(answer.text)["worker"]) == (200, "seen")


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // 65536):
        yield b"x" * 65536


def test_a_body_without_end_or_length_is_refused(live: Live) -> None:
    headers, token = live.form()
    start = f"csrf_token={token}&name=".encode()
    for body, encoded in (
        (start + b"x" * MANY, False),
        (iter([start, *chunks(MANY)]), True),
    ):
        try:
            answer = live.ask("POST", "/en/join", body, headers, encode_chunked=encoded)
        except ConnectionError:
            continue  # refused while it was still being sent
        assert answer.status in {400, 413}
        assert len(answer.text) < 100_000
    assert live.ask("GET", "/healthz").status == 200


def test_a_multipart_bomb_is_refused(live: Live) -> None:
    headers, _token = live.form()
    part = b'--b\r\nContent-Disposition: form-data; name="k"; filename="f%d"\r\n\r\nv\r\n'
    many = b"".join(part % n for n in range(20_000)) + b"--b--\r\n"
    endless = (
        b'--b\r\nContent-Disposition: form-data; name="k"' + b"; x=y" * 300_000 + b"\r\n\r\nv\r\n--b--\r\n"
    )
    for body in (many, endless, b"--b\r\n" * 200_000):
        told = {**headers, "Content-Type": "multipart/form-data; boundary=b"}
        assert live.ask("POST", "/en/join", body, told).status in {400, 413}


@pytest.mark.parametrize(
    "headers",
    [
        b"Cookie: " + b"a=b; " * 200_000,
        b"X-Long: " + b"x" * 1_000_000,
        b"\r\n".join(b"X-%d: y" % n for n in range(5_000)),
        b"Transfer-Encoding: chunked\r\nContent-Length: 5",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: -1",
        b"X-Bad\x00Name: y",
        b"Host: evil.example",
    ],
)
def test_hostile_headers_get_a_refusal_or_nothing(live: Live, headers: bytes) -> None:
    host = b"" if headers.startswith(b"Host") else b"Host: " + live.host.encode() + b"\r\n"
    first = live.raw(b"POST /en/join HTTP/1.1\r\n" + host + headers + b"\r\n\r\n")
    assert first == b"" or first.split()[1][:1] == b"4", first
    assert live.ask("GET", "/healthz").status == 200


def test_processes_are_measured_together_and_the_log_is_lines_of_json(live: Live) -> None:
    wanted = 'portal_request_seconds_count{endpoint="people.join",method="GET",status="2xx"} '
    before = _count(live, wanted)
    for _ in range(12):
        assert live.ask("GET", "/en/join?name=Zenobia").status == 200
    assert _count(live, wanted) == before + 12
    ours = [json.loads(line) for line in live.log.splitlines() if line.startswith("{")]
    assert {line["level"] for line in ours} <= {"info", "warning"}
    assert "Zenobia" not in live.log
    assert "/en/" not in live.log


def _count(live: Live, start: str) -> float:
    told = live.ask("GET", "/metrics").text
    return float(next((line for line in told.splitlines() if line.startswith(start)), "0").split()[-1])


def test_a_stop_answers_what_is_in_flight_refuses_what_is_new_and_leaves_nothing_running(live: Live) -> None:
    headers, token = live.form()
    body = f"csrf_token={token}&name=Nina&email=nina%40example.org&password=lamp+tide+oven+moss"
    holder = sqlite3.connect(live.folder / "portal.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answers: list[Any] = []
    slow = threading.Thread(target=lambda: answers.append(live.ask("POST", "/en/join", body, headers)))
    slow.start()
    time.sleep(0.5)  # it stands in the queue of writers by now
    os.kill(live.process.pid, signal.SIGTERM)
    live.until(lambda: not _listens(live.port))
    assert live.process.poll() is None
    assert answers == []
    holder.execute("ROLLBACK")
    holder.close()
    slow.join(20)
    assert [answer.status for answer in answers] == [303]
    assert live.process.wait(30) == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(live.process.pid, 0)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
