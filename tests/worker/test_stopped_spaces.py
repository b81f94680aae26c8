"""What a suspension does to a pact's bookings, from the verb to the letter box and the page; and what heals it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from config import Config
from portal import clock, db, worker
from portal.pacts import actions as pacts
from portal.pacts import bookings
from portal.pacts.actions import lives
from portal.pacts.queries import stopped
from portal.record import Act, Did
from portal.support.models import Allocation
from portal.support.spaces import queries
from portal.support.spaces.models import Space, SpaceBooking
from tests.at_once import at_once
from tests.browser import Browser
from tests.subscriptions.test_spaces import book, here, mails, promised, steer
from tests.support.test_desk import plain

__all__ = ["promised"]
DAY = timedelta(days=1)
REASON = "Both sides want it"
Make = Callable[..., worker.Tools]


def code_of(promise_id: int) -> str:
    with db.reading() as session:
        return session.get_one(Allocation, promise_id).code


def states(promise_id: int) -> list[tuple[str, str]]:
    with db.reading() as session:
        found = session.scalars(queries.bookings_of([promise_id]).order_by(None)).all()
        return sorted((one.state, one.reason) for one in found)


def held(promise_id: int) -> tuple[int, bool]:
    with db.reading() as session:
        one = session.get_one(Allocation, promise_id)
        return one.booked, one.is_stopped


def stop_as_before(code: str, verb: Any, monkeypatch: pytest.MonkeyPatch, by: Any) -> None:
    """Suspend or end a pact as it was done before that cancelled anything."""
    with monkeypatch.context() as older:
        older.setattr(lives.spaces, "cancel_coming", lambda *_args, **_options: None)
        steer(code, verb, by)


def work(tools: Make, *jobs: str) -> list[str]:
    made = tools()
    return [worker.run_now(job, made) for job in jobs]


def test_a_suspension_reaches_the_bookings_the_letter_box_and_the_page(
    app: Any,
    promised: tuple[Space, int],
    cast: Any,
    tools: Make,
    config: Config,
) -> None:
    rosa, giulia, code = cast.rosa, cast.giulia, code_of(promised[1])
    one, _ = book(promised, rosa, 0), book(promised, rosa, 2)
    steer(code, pacts.suspend, giulia)
    assert states(promised[1]) == [("cancelled", REASON)] * 2
    assert held(promised[1]) == (0, True)
    work(tools, "record", "reactions", "mail", "reactions", "mail")
    assert [mail.person_id for mail in mails()] == [rosa.person_id] * 2
    letters = [path.read_text() for path in sorted((config.data_dir / "mail").glob("*.eml"))]
    mine = [text for text in letters if f"/spaces/{one.id}" in text]
    assert len(mine) == 1
    browser = Browser(app)
    browser.sign_in("rosa@example.org")
    browser.get(f"/en/pacts/{code}/spaces")
    page = plain(browser.page)
    assert "suspended or over" in page
    assert page.count(f"Why: {REASON}") == 2
    browser.get(f"/en/pacts/{code}/spaces/{one.id}")
    assert f"Why: {REASON}" in plain(browser.page)


@pytest.mark.parametrize("verb", [pacts.suspend, pacts.terminate])
def test_what_stopped_before_the_rule_is_cancelled_once_and_its_group_is_told(
    promised: tuple[Space, int],
    cast: Any,
    tools: Make,
    monkeypatch: pytest.MonkeyPatch,
    verb: Any,
) -> None:
    rosa, code = cast.rosa, code_of(promised[1])
    book(promised, rosa, 0)
    stop_as_before(code, verb, monkeypatch, cast.giulia)
    assert held(promised[1]) == (1, False)
    assert work(tools, "bookings") == ["1 of 1 done"]
    assert states(promised[1]) == [("cancelled", REASON)]
    assert held(promised[1]) == (0, True)
    assert work(tools, "bookings", "record", "reactions", "bookings")[::3] == ["", ""]
    assert [mail.person_id for mail in mails()] == [rosa.person_id]
    assert REASON in str(mails()[0].body)
    with db.reading() as session:
        assert len(session.scalars(select(Act).where(Act.verb == Did.SPACE_CANCELLED)).all()) == 1


def test_a_pact_in_force_keeps_its_bookings_and_one_that_went_on_meanwhile_too(
    promised: tuple[Space, int],
    cast: Any,
    tools: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, giulia = code_of(promised[1]), cast.giulia
    book(promised, cast.rosa, 0)
    assert work(tools, "bookings") == [""]
    stop_as_before(code, pacts.suspend, monkeypatch, giulia)
    with db.reading() as session:
        assert [code] == [one for _, one in session.execute(stopped.holding_spaces(clock.now()))]
    steer(code, pacts.resume, giulia)
    with db.writing():
        lives.stop_spaces(here(code), by=giulia)
    assert held(promised[1]) == (1, False)
    assert work(tools, "bookings") == [""]


def test_a_booking_that_has_begun_is_left_to_the_office(
    promised: tuple[Space, int],
    cast: Any,
    tools: Make,
    move_clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = code_of(promised[1])
    one, _ = book(promised, cast.rosa, 0), book(promised, cast.rosa, 3)
    stop_as_before(code, pacts.suspend, monkeypatch, cast.giulia)
    move_clock(one.begins_at - clock.now() + timedelta(minutes=5))
    work(tools, "bookings")
    assert [state for state, _ in states(promised[1])] == ["booked", "cancelled"]
    with db.reading() as session:
        assert session.get_one(SpaceBooking, one.id).state == "booked"
    assert work(tools, "bookings") == [""]


def test_workers_and_a_resumption_at_the_same_moment_leave_the_pact_going_on(
    both: db.Database,
    promised: tuple[Space, int],
    cast: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, giulia = code_of(promised[1]), cast.giulia
    book(promised, cast.rosa, 0)
    stop_as_before(code, pacts.suspend, monkeypatch, giulia)
    with db.reading() as session:
        ((pact_id, _),) = session.execute(stopped.holding_spaces(clock.now())).all()
    heal = partial(bookings.cancel, pact_id)
    assert at_once(heal, lambda: steer(code, pacts.resume, giulia), heal) == []
    (one,) = states(promised[1])
    assert one in {("cancelled", REASON), ("booked", "")}
    assert held(promised[1]) == (int(one[0] == "booked"), False)
