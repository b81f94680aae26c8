"""Every answer has safe edges, and what was typed is never lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import db
from portal.record import Act
from tests.browser import Browser
from tests.conftest import CAST, Cast

TYPED = {"name": "Rosa <b>Neri</b>", "email": "rosa@example.org", "password": "lamp tide oven moss"}
SITE = "http://localhost"


def _typed_is_kept(page: str) -> bool:
    return "Rosa &lt;b&gt;Neri&lt;/b&gt;" in page and "lamp tide" not in page


@pytest.mark.parametrize(
    "path", ["/en/", "/en/sign-in", "/en/nothing", "/en/account", "/healthz", "/static/favicon.svg", "/"]
)
def test_every_answer_carries_the_safe_headers(client: Browser, path: str) -> None:
    with client.client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Cache-Control" in headers


def test_a_page_of_somebody_signed_in_is_not_kept_by_the_browser(client: Browser, cast: Cast) -> None:
    cast.person("rosa")
    client.sign_in(CAST["rosa"][1])
    assert client.get("/en/account").headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused_and_its_text_kept(client: Browser) -> None:
    answer = client._keep(client.client.post("/en/join", data=TYPED))
    assert answer.status_code == 400
    assert "open too long" in client.page
    assert _typed_is_kept(client.page)


def test_a_token_of_another_session_is_refused(client: Browser, app: Any) -> None:
    client.get("/en/join")
    stolen = client.token()
    other = Browser(app)
    other.get("/en/join")
    assert other.post("/en/join", {**TYPED, "csrf_token": stolen}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused(client: Browser, headers: dict[str, str]) -> None:
    client.get("/en/join")
    answer = client.client.post("/en/join", data={**TYPED, "csrf_token": client.token()}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "headers", [{"Origin": SITE}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}]
)
def test_a_form_from_our_own_page_is_taken(client: Browser, headers: dict[str, str]) -> None:
    client.get("/en/join")
    answer = client.client.post("/en/join", data={**TYPED, "csrf_token": client.token()}, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/", "/en/", "/en/sign-in", "/en/nothing", "/healthz"])
def test_a_forged_host_gets_no_page(client: Browser, path: str) -> None:
    for method in ("get", "post"):
        answer = getattr(client.client, method)(path, headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert b"evil.example" not in answer.data
        assert "Location" not in answer.headers


def test_a_body_of_three_megabytes_is_refused(client: Browser) -> None:
    client.get("/en/join")
    answer = client._keep(client.client.post("/en/join", data={**TYPED, "name": "x" * 3_000_000}))
    assert answer.status_code == 413
    assert len(client.page) < 100_000


def test_twenty_thousand_fields_are_refused(client: Browser) -> None:
    client.get("/en/join")
    many = {f"k{n}": "v" for n in range(20_000)}
    assert client.client.post("/en/join", data=many).status_code == 413
    part = '--b\r\nContent-Disposition: form-data; name="k"\r\n\r\nv\r\n'
    body = part * 20_000 + "--b--\r\n"
    answer = client.client.post("/en/join", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_answered_calmly(client: Browser, method: str) -> None:
    assert getattr(client.client, method)("/en/join").status_code in {400, 405}


def test_an_address_without_a_language_leads_to_the_one_the_browser_likes(client: Browser) -> None:
    answer = client.client.get("/sign-in?next=x", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert answer.headers["Location"] == "/en/sign-in?next=x"
    assert "Accept-Language" in answer.headers["Vary"]
    assert client.client.get("/sign-in").headers["Location"] == "/it/sign-in"
    assert client.client.post("/sign-in", data={"csrf_token": ""}).status_code in {307, 400}
    assert client.client.get("/en/nothing").status_code == 404


def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(client: Browser) -> None:
    answer = client.client.get("/en/nothing", headers={"Accept-Language": "it"})
    assert answer.status_code == 404
    assert '<html lang="en"' in answer.get_data(as_text=True)


def test_a_line_end_in_an_address_never_reaches_a_header(client: Browser) -> None:
    answer = client.client.get("/pacts/%0d%0aSet-Cookie:%20a=b", headers={"Accept-Language": "en"})
    assert answer.headers.get("Location", "/en/pacts/%0D%0A").startswith("/en/pacts/%0D%0A")
    assert "a=b" not in answer.headers.get("Set-Cookie", "")


@pytest.fixture
def busy(
    app: Any, sqlite: db.Database, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    """A browser with an open form, while another program holds the database."""
    impatient = db.Database(str(sqlite.engine.url), db.Patience(busy_seconds=0.01))
    db.use(impatient)
    client.get("/en/join")
    holder = sqlite3.connect(sqlite.engine.url.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield client
    holder.close()
    impatient.close()


def test_a_busy_database_is_a_friendly_page_that_keeps_the_text(busy: Browser) -> None:
    answer = busy.post("/en/join", TYPED)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"
    assert "busy just now" in busy.page
    assert _typed_is_kept(busy.page)


def test_pages_can_be_read_while_the_database_is_busy(busy: Browser) -> None:
    assert busy.get("/en/").status_code == 200
    assert busy.get("/en/pacts").status_code == 200


def _breaking(error: Exception) -> Any:
    def view(**_values: object) -> str:
        raise error

    view.permission = "read_public"
    return view


def test_what_nobody_expected_is_a_page_with_a_number_and_no_trace(
    client: Browser, app: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/en/join")
    monkeypatch.setitem(
        app.view_functions, "people.ask_to_join", _breaking(RuntimeError("secret of the house"))
    )
    answer = client.post("/en/join", TYPED)
    assert answer.status_code == 500
    assert "secret of the house" not in client.page
    assert "Traceback" not in client.page
    assert _typed_is_kept(client.page)
    number = caplog.records[-1].getMessage().rpartition(" ")[2]
    assert len(number) == 8
    assert number in client.page
    assert "secret of the house" in caplog.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StaleDataError(), 409),
        (IntegrityError("", {}, sqlite3.IntegrityError("UNIQUE constraint failed: person.email")), 409),
        (IntegrityError("", {}, sqlite3.IntegrityError("CHECK constraint failed: ck_x")), 500),
    ],
)
def test_a_lost_race_is_told_from_a_broken_rule(
    client: Browser, app: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    client.get("/en/join")
    monkeypatch.setitem(app.view_functions, "people.ask_to_join", _breaking(error))
    assert client.post("/en/join", TYPED).status_code == status
    assert _typed_is_kept(client.page)


def test_a_denied_attempt_of_somebody_signed_in_is_remembered(client: Browser, cast: Cast) -> None:
    eve = cast.person("eve")
    client.sign_in(CAST["eve"][1])
    assert client.get("/en/desk/jobs").status_code == 403
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == "denied")).one()
    assert (act.actor, act.facts) == (eve.pseudonym, {"endpoint": "operations.jobs", "method": "GET"})


def test_a_stranger_cannot_fill_the_record(client: Browser) -> None:
    client.get("/en/join")
    assert client.post("/en/desk/jobs/mail/run").status_code == 403
    with db.reading() as session:
        assert session.scalars(select(Act)).all() == []


def test_reading_a_page_changes_nothing_but_the_session(client: Browser, database: db.Database) -> None:
    client.get("/en/sign-in")
    tables = [table.name for table in db.Base.metadata.sorted_tables if table.name != "open_session"]
    client.get("/en/")
    client.get("/en/pacts")
    with database.engine.connect() as connection:
        filled = [
            name for name in tables if connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').first()
        ]
    assert filled == []


def test_a_first_page_is_read_while_the_database_is_busy(busy: Browser, app: Any) -> None:
    assert Browser(app).get("/en/sign-in").status_code == 200


@pytest.mark.parametrize("cookie", ["", "somebody's"])
def test_a_database_out_of_reach_is_a_friendly_page(app: Any, cookie: str) -> None:
    db.use(db.Database("postgresql+psycopg://nobody@127.0.0.1:9/none"))
    browser = Browser(app)
    if cookie:
        browser.client.set_cookie("portal", cookie)
    answer = browser.get("/en/")
    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/healthz").status_code == 200
