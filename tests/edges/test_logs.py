"""The log tells what went wrong where; names, addresses, tokens and what was typed never stand in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal import db, worker
from portal.people.models import Person
from portal.schedule import actions as schedule
from portal.web import logs
from tests.browser import Browser
from tests.conftest import CAST, PASSWORD, Cast

CANARIES = (
    "Zenobia", "Canarino", "zenobia@", "Kanarienvogel", "SECRETTOKEN", "203.0.113.99", "lamp tide oven",
    "Via del Canarino", "rosa@example.org", "Rosa Neri", PASSWORD, "propose/link", "/en/", "/it/",
)  # fmt: skip


class Log:
    """What was written, as lines of JSON."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def leaks(self) -> list[str]:
        return [word for word in CANARIES if word.lower() in self.text.lower()]


@pytest.fixture
def log() -> Iterator[Log]:
    """The log of a production, read as it is written."""
    root, written = logging.getLogger(), Log()
    before, level = list(root.handlers), root.level
    logs.configure("json", to=written.stream)
    yield written
    root.handlers[:] = before
    root.setLevel(level)


def breaking(error: Exception) -> Any:
    def view(**_values: object) -> str:
        raise error

    view.permission = "read_public"  # type: ignore[attr-defined]
    return view


def test_a_request_is_one_line_with_its_number_and_nobody_in_it(
    client: Browser, cast: Cast, log: Log
) -> None:
    cast.person("rosa")
    answer = client.sign_in(CAST["rosa"][1])
    client.client.get("/en/propose/link/SECRETTOKEN-abc", environ_base={"REMOTE_ADDR": "203.0.113.99"})
    client.client.get("/en/nothing/Canarino?name=Zenobia")
    client.client.open("/en/", method="ZENOBIA")
    seen = client.get("/en/account")
    told = [line for line in log.lines if line["event"] == "answered"]
    assert told[-1] == {
        "event": "answered",
        "endpoint": "people.account",
        "method": "GET",
        "status": 200,
        "signed_in": True,
        "ms": told[-1]["ms"],
        "request": seen.headers["X-Request-ID"],
        "level": "info",
        "logger": "portal.requests",
        "timestamp": told[-1]["timestamp"],
    }
    assert [line["endpoint"] for line in told if line["status"] == 404][-1] == "none"
    assert {line["method"] for line in told} == {"GET", "POST", "other"}
    assert answer.headers["X-Request-ID"] in {line["request"] for line in told}
    assert log.leaks() == []


def test_what_goes_wrong_is_told_by_kind_and_place_under_the_number_of_the_page(
    client: Browser, app: Any, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/en/join")
    typed = {"name": "Zenobia Canarino", "email": "zenobia@example.org", "password": "lamp tide oven moss"}
    for error in (
        RuntimeError("Zenobia lives in Via del Canarino"),
        KeyError("zenobia@example.org"),
        UnicodeEncodeError("utf-8", "Kanarienvogel", 0, 1, "Zenobia"),
        OSError(5, "Zenobia", "/home/zenobia@x"),
    ):
        monkeypatch.setitem(app.view_functions, "people.ask_to_join", breaking(error))
        answer = client.post("/en/join", typed)
        assert answer.status_code == 500
        last = next(line for line in reversed(log.lines) if line["level"] == "error")
        assert last["request"] == answer.headers["X-Request-ID"]
        assert last["request"] in client.page
        assert last["exception"].startswith(type(error).__name__)
        assert "tests/edges/test_logs.py" in last["exception"]
    assert log.leaks() == []


def test_a_broken_rule_of_the_database_is_named_without_its_row(
    app: Any, both: db.Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view(**_values: object) -> str:
        row = {"name": "Zenobia Canarino", "email": None, "password_hash": "SECRETTOKEN"}
        db.session().execute(insert(Person).values(row))
        return ""

    view.permission = "read_public"  # type: ignore[attr-defined]
    browser = Browser(app)
    browser.get("/en/join")
    monkeypatch.setitem(app.view_functions, "people.ask_to_join", view)
    assert browser.post("/en/join", {"name": "Zenobia", "email": "zenobia@example.org"}).status_code == 500
    told = next(line for line in log.lines if line["level"] == "error")["exception"]
    assert "IntegrityError" in told
    assert ("sqlstate=23502 person" if not both.is_sqlite else "SQLITE_CONSTRAINT_NOTNULL") in told
    assert log.leaks() == []


def test_refusals_before_a_page_are_told_without_what_was_sent(client: Browser, log: Log) -> None:
    client.get("/en/join")
    typed = {"csrf_token": client.token(), "name": "Zenobia", "email": "zenobia@example.org"}
    for headers, status in (
        ({"Origin": "https://canarino.example"}, 403),
        ({"Host": "canarino.example"}, 400),
    ):
        assert client.client.post("/en/join", data=typed, headers=headers).status_code == status
    assert client.client.post("/en/join", data={"Canarino\u00e9": "Zenobia"}).status_code == 400
    assert "a form from another site at people.ask_to_join" in log.text
    assert log.leaks() == []


def test_a_person_who_joins_signs_in_proposes_and_is_denied_leaves_no_trace(
    client: Browser, cast: Cast, log: Log
) -> None:
    cast.person("rosa")
    typed = {"name": "Zenobia Canarino", "email": "zenobia@example.org", "password": "lamp tide oven moss"}
    client.post("/en/join", typed, at="/en/join")
    client.post("/en/sign-in", {"email": "zenobia@example.org", "password": "SECRETTOKEN"}, at="/en/sign-in")
    start = client.post("/en/propose", {"email": "zenobia@example.org"}, at="/en/propose", follow=False)
    where = start.headers["Location"]
    client.get(where)
    client.post(f"{where}/what", {"kind": "place", "title": "Canarino", "summary": "Zenobia"})
    client.post(f"{where}/where", {"address": "Via del Canarino 1", "district": "nowhere"})
    client.sign_in(CAST["rosa"][1])
    assert client.get("/en/desk/jobs").status_code == 403
    client.post("/en/sign-out", at="/en/account")
    assert len([line for line in log.lines if line["event"] == "answered"]) >= 8
    assert log.leaks() == []


def test_a_line_of_the_worker_says_which_job_and_run(
    database: db.Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_tools: Any, run: schedule.Run) -> str:
        def item() -> None:
            raise ValueError("zenobia@example.org")

        run.each([("Canarino", item), ("2", lambda: None)])
        raise IntegrityError("INSERT", {"name": "Zenobia"}, Exception("Kanarienvogel"))

    monkeypatch.setitem(worker.BY_NAME, "mail", worker.Job("mail", fail))
    with db.writing():
        run = schedule.claim("mail", "now:1", due_at=worker._domain_now())
    assert run is not None
    worker.perform(run, None)  # type: ignore[arg-type]
    told = [line for line in log.lines if line["logger"] == "portal.worker"]
    assert {(line["job"], line["run"]) for line in told} == {("mail", run.id)}
    assert "IntegrityError" in told[-1]["exception"]
    assert structlog.contextvars.get_contextvars() == {}
    assert log.leaks() == []


def test_libraries_tell_their_templates_and_no_sentences_of_their_own(log: Log) -> None:
    logging.getLogger("library").warning("could not reach %s", "zenobia@example.org")
    logging.getLogger("library").warning("Zenobia Canarino is away")
    logging.getLogger("sqlalchemy.pool").warning("Zenobia")
    assert [line["event"] for line in log.lines] == [
        "could not reach %s",
        *["(a sentence of a library, withheld)"] * 2,
    ]
    assert log.leaks() == []


def test_before_a_terminal_the_lines_are_read_by_people(log: Log) -> None:
    logs.configure("text", to=log.stream)
    logging.getLogger("portal").info("worker started")
    assert "worker started" in log.text
    with pytest.raises(ValueError):
        json.loads(log.text)
    logs.configure("text", shows_messages=True, to=log.stream)
    logging.getLogger("portal").error("failed", exc_info=RuntimeError("the whole story"))
    assert "the whole story" in log.text
