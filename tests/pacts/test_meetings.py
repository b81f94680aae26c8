"""The two sides meet: both are invited with a calendar entry, it moves, and what was said is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.notices.mails import as_mail
from portal.notices.models import Message
from portal.pacts.meetings import actions, queries
from portal.pacts.meetings.actions import Minutes, Plan
from portal.pacts.meetings.models import Meeting
from portal.subscriptions.reminders import meetings as reminders
from tests.browser import Browser
from tests.pacts import journey
from tests.proposals.test_others import react

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def plan(after: timedelta = 3 * DAY, **changes: Any) -> Plan:
    begins = (clock.now() + after).replace(microsecond=0)
    said = {"title": "Hours and keys", "place": "Via Larga 12", "agenda": "Who opens the gate?"}
    return Plan(begins_at=begins, ends_at=begins + 2 * HOUR, **{**said, **changes})


@pytest.fixture
def pact(cast: Any) -> Any:
    return journey.accepted(cast)


def meeting_of(pact: Any, number: int = 1) -> Meeting:
    return db.session().scalars(queries.one(pact.id, number)).one()


def do(pact: Any, verb: Any, *words: Any, by: Any, **options: Any) -> None:
    with db.writing():
        verb(meeting_of(pact), *words, pact=journey.here(pact), by=by, **options)


@pytest.fixture
def called(pact: Any, cast: Any) -> Any:
    with db.writing():
        actions.call(journey.here(pact), plan(), by=cast.giulia)
    return pact


def mails() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).where(Message.event == "E06").order_by(Message.id)))


def test_the_other_side_is_invited_with_an_entry_that_follows_the_meeting(called: Any, cast: Any) -> None:
    react()
    (invited,) = mails()
    assert invited.person_id == cast.rosa.person_id
    mail = message_from_bytes(
        as_mail(invited, "rosa@example.org", sender="a@b.example", city="Bologna").as_bytes()
    )
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    entry = part.get_payload(decode=True).decode()
    assert part.get_param("method") == "PUBLISH"
    assert "SEQUENCE:0" in entry
    assert "LOCATION:Via Larga 12" in entry

    do(called, actions.change, plan(5 * DAY), by=cast.giulia)
    do(called, actions.cancel, "The room is closed", by=cast.giulia)
    react()
    # That it was moved is old news by now: only the cancelling is told.
    assert len(mails()) == 2
    off = mails()[-1].calendar
    assert "METHOD:CANCEL" in off
    assert "SEQUENCE:2" in off
    uids = [line for line in (entry + off).splitlines() if line.startswith("UID:")]
    assert len(uids) == 2
    assert len(set(uids)) == 1


def test_a_meeting_is_in_the_future_and_ends(pact: Any, cast: Any) -> None:
    rosa, good = cast.rosa, plan()
    for wanted, field in (
        (plan(-HOUR), "day"),
        (replace(good, ends_at=good.begins_at), "until"),
        (replace(good, ends_at=good.begins_at + 13 * HOUR), "until"),
    ):
        with pytest.raises(Invalid) as refused, db.writing():
            actions.call(journey.here(pact), wanted, by=rosa)
        assert refused.value.field == field


def test_answers_are_asked_again_when_the_meeting_moves(called: Any, cast: Any) -> None:
    do(called, actions.answer, by=cast.rosa, is_coming=True)
    do(called, actions.answer, by=cast.rosa, is_coming=False)
    with db.reading():
        assert [(one.side, one.is_coming) for one in meeting_of(called).answers] == [("community", False)]
    do(called, actions.change, plan(4 * DAY), by=cast.giulia)
    with db.reading():
        assert meeting_of(called).answers == []


def test_whoever_does_not_come_is_not_reminded(called: Any, cast: Any, move_clock: Any) -> None:
    do(called, actions.answer, by=cast.rosa, is_coming=False)
    move_clock(2 * DAY)
    for _ in range(2):
        with db.reading() as session:
            due = session.scalars(reminders.due()).all()
        for one in due:
            reminders.remind_of(one, "https://x.example")
    assert [one.person_id for one in mails()] == [cast.giulia.person_id]


def test_minutes_are_written_by_one_side_and_confirmed_by_the_other(
    called: Any, cast: Any, move_clock: Any
) -> None:
    said = Minutes("The gate opens at eight.", [("community", "Rosa"), ("city", "Giulia")], ["openness"])
    with pytest.raises(WrongState):
        do(called, actions.write_minutes, said, by=cast.rosa)
    move_clock(3 * DAY + HOUR)
    with pytest.raises(Invalid):
        do(called, actions.write_minutes, Minutes("x", [], ["no-such-clause"]), by=cast.rosa)
    do(called, actions.write_minutes, said, by=cast.rosa)
    with pytest.raises(NotAllowed):
        do(called, actions.confirm_minutes, by=cast.rosa)
    do(called, actions.confirm_minutes, by=cast.giulia)
    with pytest.raises(WrongState):
        do(called, actions.write_minutes, said, by=cast.giulia)
    with db.reading() as session:
        assert [row.number for row in session.execute(queries.touching(called.id, "openness"))] == [1]
        assert session.execute(queries.touching(called.id, "object")).all() == []
        assert [one.name for one in meeting_of(called).present] == ["Rosa", "Giulia"]


def test_nobody_else_finds_calls_or_joins_a_meeting(called: Any, app: Any, cast: Any) -> None:
    eve = cast.eve
    with pytest.raises(NotAllowed), db.writing():
        actions.call(journey.here(called), plan(), by=eve)
    browser = Browser(app)
    browser.sign_in(cast.person("eve").email)
    code = called.code
    for path in ("meetings", "meetings/1", "meetings/new", "meetings/1/minutes"):
        assert browser.get(f"/en/pacts/{code}/{path}").status_code in {403, 404}, path
    assert browser.get(f"/calendars/pacts/{code}/meetings/1.ics").status_code == 404
    assert "Via Larga 12" not in browser.get(f"/calendars/pacts/{code}.ics").get_data(as_text=True)
    for path in ("meetings", "meetings/1/coming", "meetings/1/cancellation", "meetings/1/minutes"):
        assert browser.post(f"/en/pacts/{code}/{path}", {"reason": "x"}).status_code in {403, 404}, path


def test_the_pages_from_the_call_to_the_confirmed_minutes(
    pact: Any, app: Any, cast: Any, move_clock: Any
) -> None:
    rosa, giulia = Browser(app), Browser(app)
    rosa.sign_in(cast.person("rosa").email)
    giulia.sign_in(cast.person("giulia").email)
    base = f"/en/pacts/{pact.code}/meetings"
    assert "No meeting is planned." in rosa.get(base).get_data(as_text=True)
    day = f"{clock.today() + 3 * DAY:%d/%m/%Y}"
    typed = {"title": "Keys", "day": day, "begins": "17:30", "until": "16:30", "place": "Via Larga 12"}
    giulia.get(f"{base}/new")
    refused = giulia.post(base, typed)
    assert refused.status_code == 422
    assert "The end comes after the beginning" in giulia.page
    assert 'value="Keys"' in giulia.page
    giulia.post(base, {**typed, "until": "19:00"})
    assert "Nobody has answered yet." in giulia.page
    rosa.get(f"{base}/1")
    rosa.post(f"{base}/1/coming", {})
    assert "Comes" in rosa.page
    assert rosa.get(f"/calendars/pacts/{pact.code}/meetings/2.ics").status_code == 404
    assert "BEGIN:VEVENT" in rosa.get(f"/calendars/pacts/{pact.code}/meetings/1.ics").get_data(as_text=True)
    move_clock(4 * DAY)
    giulia.sign_in(cast.person("giulia").email)
    giulia.get(f"{base}/1/minutes")
    assert cast.person("rosa").name in giulia.page
    giulia.post(
        f"{base}/1/minutes", {"minutes": "Said.", "community": "Rosa\n\n Teo ", "clauses": ["object"]}
    )
    assert "Teo (the community)" in giulia.page
    rosa.sign_in(cast.person("rosa").email)
    rosa.get(f"{base}/1")
    assert "Minutes confirmed" in rosa.post(f"{base}/1/confirmation", {}).get_data(as_text=True)
    page = rosa.get(f"/en/pacts/{pact.code}/co-design/clauses/object").get_data(as_text=True)
    assert f'<a href="{base}/1">Spoken of at the meeting of' in page
