"""A visitor is told that a page is as it was, or sent it as it was kept, and never what is somebody else's."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.people import actions as people
from portal.policy import SYSTEM
from portal.proposals.models import Proposal
from portal.record import Did, newest, record
from portal.support.actions.pools import open_pool
from tests.browser import Browser
from tests.conftest import CAST
from tests.counting import counting
from tests.front.conftest import World

PAGES = [
    "/en/", "/en/pacts", "/en/proposals?kind=place", "/en/about", "/it/pacts", "/en/money",
    "/en/money?as_of=2026-01-31", "/en/money/rows?kind=funding", "/en/money/benefits",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _later(app: Any) -> None:
    # The small city was built a moment ago; within a minute of an act a page stands for seconds only.
    clock.set_offset(timedelta(hours=2))


@pytest.fixture
def visitor(app: Any) -> Any:
    return app.test_client(use_cookies=False)


def _mark(visitor: Any, path: str) -> str:
    return str(visitor.get(path).headers["ETag"])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_stands_is_answered_by_one_indexed_read(visitor: Any, path: str) -> None:
    mark = _mark(visitor, path)
    with counting() as asked:
        answer = visitor.get(path, headers={"If-None-Match": mark})
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Vary"] == "Cookie, Accept-Encoding"
    assert len(asked) == 1
    with db.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}").all()
    assert [("SCAN" in row[3], "ix_act_shown" in row[3]) for row in plan] == [(True, True)]


@pytest.mark.parametrize("path", PAGES)
def test_a_kept_page_is_the_page_that_was_made(visitor: Any, path: str) -> None:
    first = visitor.get(path)
    with counting() as asked:
        again = visitor.get(path)
    assert len(asked) == 1
    assert (again.status_code, again.data) == (first.status_code, first.data)
    told = {name: value for name, value in first.headers if name != "X-Request-ID"}
    assert {name: value for name, value in again.headers if name != "X-Request-ID"} == told


def test_whatever_happens_in_public_makes_the_page_new(visitor: Any, cast: Any) -> None:
    before = _mark(visitor, "/en/pacts")
    with db.writing():
        record(Did.PACT_SUSPENDED, "pact:BO-2026-001", by=SYSTEM)
    assert visitor.get("/en/pacts", headers={"If-None-Match": before}).status_code == 200
    assert _mark(visitor, "/en/pacts") != before


def test_money_that_moves_makes_the_pages_of_the_money_new(visitor: Any, cast: Any) -> None:
    before = _mark(visitor, "/en/money")
    with db.writing():
        open_pool(clock.today().year, "new", "training", "Courses", 9, by=SYSTEM)
    again = visitor.get("/en/money", headers={"If-None-Match": before})
    assert again.status_code == 200
    assert "Training" in again.get_data(as_text=True)


def test_a_sign_in_changes_no_page(visitor: Any, cast: Any) -> None:
    before = _mark(visitor, "/en/pacts")
    with db.writing():
        record(Did.PERSON_SIGNED_IN, "person:p-1", by=SYSTEM)
        record(Did.DENIED, "person:p-1", by=SYSTEM)
    assert visitor.get("/en/pacts", headers={"If-None-Match": before}).status_code == 304


def test_an_act_that_appears_below_the_newest_one_is_not_missed(database: Any, cast: Any) -> None:
    # Two transactions took their numbers; the later number was committed first.
    clock.fix(None)
    with db.writing():
        record(Did.PACT_OPENED, "pact:BO-2026-001", by=SYSTEM)
    with db.reading():
        young = newest.version()
    for seconds in (6, 70):
        clock.set_offset(timedelta(hours=2, seconds=seconds))
        with db.reading():
            assert newest.version() != young


@pytest.mark.parametrize(
    "other", ["/it/pacts", "/en/pacts?kind=place", "/en/proposals", "/en/desk", "/en/account"]
)
def test_a_mark_is_worth_nothing_at_another_address(visitor: Any, other: str) -> None:
    mark = _mark(visitor, "/en/pacts")
    assert visitor.get(other, headers={"If-None-Match": mark}).status_code != 304


def test_the_next_day_is_another_page(visitor: Any) -> None:
    mark = _mark(visitor, "/en/pacts")
    clock.set_offset(timedelta(days=1, hours=3))
    assert visitor.get("/en/pacts", headers={"If-None-Match": mark}).status_code == 200


def test_while_nothing_can_be_written_the_page_that_says_so_is_another(visitor: Any) -> None:
    mark = _mark(visitor, "/en/pacts")
    db.database().condition.note(db.Trouble.READ_ONLY)
    assert visitor.get("/en/pacts", headers={"If-None-Match": mark}).status_code == 200


def test_whoever_is_signed_in_is_sent_their_own_page_and_nobody_else_gets_it(
    app: Any, visitor: Any, cast: Any
) -> None:
    browser, mark = Browser(app), _mark(visitor, "/en/pacts")
    browser.sign_in(CAST["eve"][1])
    answer = browser.client.get("/en/pacts", headers={"If-None-Match": mark, "Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "Eve Moro" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert "Content-Encoding" not in answer.headers, (
        "a token beside what an address may say is not compressed"
    )
    assert "Eve Moro" not in visitor.get("/en/pacts").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/en/sign-in", "/en/verify", "/en/propose"])
def test_a_page_with_a_form_is_kept_for_nobody(visitor: Any, path: str) -> None:
    answers = [visitor.get(path, follow_redirects=True) for _ in range(2)]
    for answer in answers:
        if "csrf_token" in answer.get_data(as_text=True):
            assert "ETag" not in answer.headers
            assert "Set-Cookie" in answer.headers


def test_a_draft_stays_hidden_also_from_who_shows_a_mark(visitor: Any, world: World) -> None:
    path = f"/en/proposals/{world.codes['draft']}"
    answer = visitor.get(path, headers={"If-None-Match": _mark(visitor, "/en/proposals")})
    assert answer.status_code == 404
    assert "ETag" not in answer.headers


def test_a_person_who_looks_while_holding_a_draft_leaves_nothing_behind(
    app: Any, visitor: Any, cast: Any, world: World
) -> None:
    with db.reading() as session:
        code = session.scalars(select(Proposal.code).where(Proposal.code == world.codes["draft"])).one()
    browser = Browser(app)
    browser.sign_in(CAST["rosa"][1])
    browser.get(f"/en/proposals/{code}")
    assert visitor.get(f"/en/proposals/{code}").status_code == 404


def test_text_is_compressed_for_who_takes_it(visitor: Any) -> None:
    plain = visitor.get("/en/pacts")
    small = visitor.get("/en/pacts", headers={"Accept-Encoding": "br, gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
    refused = visitor.get("/en/pacts", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in refused.headers
    for answer in (plain, small, refused):
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_file_is_compressed_once_and_found_unchanged(visitor: Any) -> None:
    path = "/static/portico.css"
    for _ in range(2):
        with visitor.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            content, mark = gzip.decompress(answer.data), answer.headers["ETag"]
    with visitor.get(path, headers={"If-None-Match": mark, "Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 304
    with visitor.get(path) as answer:
        assert answer.data == content


def test_only_the_last_pages_are_kept(visitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.web import kept

    monkeypatch.setattr(kept, "MOST_PAGES", 3)
    for number in range(9):
        visitor.get(f"/en/about?nothing={number}")
    assert len(kept._pages) == 3


def test_an_account_made_meanwhile_shows_nowhere(visitor: Any) -> None:
    before = _mark(visitor, "/en/pacts")
    with db.writing():
        people.join("Nina Costa", "nina.costa@example.org", "commons-demo-2026")
    answer = visitor.get("/en/pacts", headers={"If-None-Match": before})
    assert answer.status_code in {200, 304}
    assert b"Nina" not in answer.data
