"""The room of legal help: its pages for both sides, its desk, its mails, and who finds nothing in it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.pacts import actions as pacts
from portal.pacts.legal_room import jobs
from portal.subscriptions.reminders import legal as reminders
from portal.support.legal import actions, queries
from portal.support.legal.models import LegalHelp
from tests.browser import Browser
from tests.counting import counting
from tests.pacts import journey
from tests.proposals.test_others import react

DAY = timedelta(days=1)
SECRET = "We fear that our treasurer"


@pytest.fixture
def pact(cast: Any) -> Any:
    found = journey.signed(cast)
    for name in ("rosa", "lea", "giulia", "eve", "aldo", "nina"):
        getattr(cast, name)
    return found


@pytest.fixture
def rosa(pact: Any, app: Any, cast: Any) -> Browser:
    return enter(app, cast, "rosa")


@pytest.fixture
def lea(pact: Any, app: Any, cast: Any) -> Browser:
    return enter(app, cast, "lea")


def enter(app: Any, cast: Any, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(cast.person(name).email)
    return browser


def ask(pact: Any, cast: Any, topic: str = "licence") -> None:
    rosa = cast.rosa
    with db.writing():
        actions.ask(journey.here(pact), topic, f"{SECRET} took it.", by=rosa)


def when(days: int = 3) -> dict[str, str]:
    day = f"{clock.today() + days * DAY:%d/%m/%Y}"
    return {"day": day, "begins": "10:00", "until": "11:00", "mode": "place", "place": "Room 12"}


def mails(event: str = "E41") -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).where(Message.event == event).order_by(Message.id)))


def test_from_the_question_to_the_hours_on_the_public_page(
    pact: Any, rosa: Browser, lea: Browser, app: Any, move_clock: Any
) -> None:
    base, desk = f"/en/pacts/{pact.code}/legal", "/en/desk/legal"
    rosa.get(base)
    refused = rosa.post(base, {"question": SECRET})
    assert refused.status_code == 422
    assert SECRET in rosa.page
    assert "Choose what your question is about" in rosa.page
    assert rosa.post(base, {"topic": "licence", "question": f"{SECRET} took it."}).status_code == 200
    assert pact.code in lea.get(desk).get_data(as_text=True)
    lea.get("/en/desk/legal-times")
    assert lea.post("/en/desk/legal-times", when() | {"until": "9:00"}).status_code == 422
    assert lea.post("/en/desk/legal-times", when()).status_code == 200
    with db.reading() as session:
        (slot,) = session.scalars(queries.free_after(clock.now()))
    assert rosa.get(f"{base}/1").status_code == 200
    assert rosa.post(f"{base}/1/taking", {"slot": str(slot.id)}).status_code == 200
    assert rosa.post(f"{base}/1/taking", {"slot": str(slot.id)}).status_code == 409
    assert rosa.get(f"{base}/1/appointments/{slot.id}").status_code == 200
    entry = rosa.get(f"/calendars/pacts/{pact.code}/legal/1/{slot.id}.ics").get_data(as_text=True)
    assert f"UID:{pact.code}-legal-{slot.id}@" in entry
    assert SECRET not in entry
    move_clock(4 * DAY)
    _work_and_close(pact, rosa, lea, slot.id)
    page = Browser(app).get(f"/en/pacts/{pact.code}").get_data(as_text=True)
    assert "Choice of a licence: 1 h 15 min given · Solved" in page
    assert SECRET not in page
    lea.get(f"{desk}/{pact.code}")
    assert lea.post(f"{desk}/{pact.code}/settlement", {}).status_code == 200
    file = lea.get("/en/desk/legal.csv?waits=closed").get_data(as_text=True)
    assert "Choice of a licence" in file
    assert SECRET not in file


def _work_and_close(pact: Any, rosa: Browser, lea: Browser, slot: int) -> None:
    base = f"/en/pacts/{pact.code}/legal"
    lea.sign_in("lea@city.example")
    lea.get(f"{base}/1")
    done = {"done_on": f"{clock.today():%d/%m/%Y}", "minutes": "9000", "kind": "meeting"}
    assert lea.post(f"{base}/1/work", done).status_code == 422
    assert 'value="9000"' in lea.page
    done |= {"minutes": "75", "appointment": str(slot)}
    assert lea.post(f"{base}/1/work", done).status_code == 200
    rosa.sign_in("rosa@example.org")
    rosa.get(f"{base}/1/work/1")
    assert rosa.post(f"{base}/1/work/1/confirmation", {}).status_code == 200
    lea.get(f"{base}/1")
    assert lea.post(f"{base}/1/closure", {"outcome": ""}).status_code == 422
    assert lea.post(f"{base}/1/closure", {"outcome": "solved"}).status_code == 200


def test_notes_stay_in_the_office_and_documents_go_both_ways(
    pact: Any, cast: Any, rosa: Browser, lea: Browser
) -> None:
    ask(pact, cast)
    base = f"/en/pacts/{pact.code}/legal/1"
    lea.get(base)
    assert lea.post(f"{base}/notes", {"note": "Ask the notary first"}).status_code == 200
    assert lea.post(f"{base}/messages", {"words": "AGPL fits you best"}).status_code == 200
    seen = rosa.get(base).get_data(as_text=True)
    assert "AGPL fits you best" in seen
    assert "Ask the notary first" not in seen
    assert "Ask the notary first" in lea.get(base).get_data(as_text=True)
    assert rosa.post(f"{base}/notes", {"note": "x"}).status_code == 403
    for name, content, status in (("a.pdf", b"MZ", 422), ("b.pdf", b"%PDF-1.7\n%%EOF", 200)):
        rosa.get(base)
        sent = {"title": "Our statute", "document": (io.BytesIO(content), name)}
        assert rosa.post(f"{base}/documents", sent).status_code == status
    got = lea.get(f"{base}/documents/1")
    assert got.get_data() == b"%PDF-1.7\n%%EOF"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"


def test_while_the_pact_is_suspended_both_sides_read_that_legal_help_goes_on(
    pact: Any, cast: Any, rosa: Browser, lea: Browser
) -> None:
    ask(pact, cast)
    room, desk = f"/en/pacts/{pact.code}/legal", f"/en/desk/legal/{pact.code}"
    says = "Legal help goes on while it is"
    places = ((rosa, room), (rosa, f"{room}/1"), (lea, room), (lea, f"{room}/1"), (lea, desk))
    for browser, path in places:
        assert browser.get(path).status_code == 200
        assert says not in browser.page
    nuria = cast.fresh("nuria")
    with db.writing():
        pacts.suspend(journey.here(pact), "Works below the square", "Art. 12", by=nuria)
    for browser, path in places:
        assert browser.get(path).status_code == 200
        assert says in browser.page, path
    assert "Ask the legal office" in rosa.get(room).get_data(as_text=True)


def test_a_guide_is_kept_section_by_section_and_says_what_follows(
    pact: Any, cast: Any, rosa: Browser, lea: Browser
) -> None:
    ask(pact, cast)
    base = f"/en/pacts/{pact.code}/legal/1/guides"
    rosa.get(f"{base}/licence")
    kept = {"thing": "software", "public_money": "yes", "strange": "x"}
    assert rosa.post(f"{base}/licence/what", kept).status_code == 200
    refused = rosa.post(f"{base}/licence/how", {"reciprocity": "perhaps", "parts": "A map"})
    assert refused.status_code == 422
    assert "A map" in rosa.page
    assert rosa.post(f"{base}/licence/how", {"reciprocity": "yes", "network": "yes"}).status_code == 200
    page = lea.get(f"{base}/licence").get_data(as_text=True)
    assert page.index("AGPL-3.0-or-later") < page.index("MIT")
    lea.get(f"{base}/clinic")
    assert lea.post(f"{base}/clinic/members", {"one_vote": "na", "one_vote_why": "x"}).status_code == 200
    assert "art. 2538" in rosa.get(f"{base}/clinic/outline").get_data(as_text=True)
    assert rosa.get(f"{base}/dpia").status_code == 200
    assert rosa.get(f"{base}/tarot").status_code == 404
    assert rosa.post(f"{base}/licence/nowhere", {}).status_code == 404


def test_both_sides_are_told_without_a_word_of_what_was_asked(pact: Any, cast: Any, move_clock: Any) -> None:
    ask(pact, cast)
    lea, rosa = cast.lea, cast.rosa
    begins = (clock.now() + 2 * DAY).replace(minute=0, second=0, microsecond=0)
    plan = actions.Plan(begins, begins + timedelta(hours=1), "place", "Room 12")
    with db.writing() as session:
        found = session.scalars(queries.matter(pact.key, 1)).one()
        made = actions.propose(journey.here(pact), found, plan, by=lea)
    react()
    with db.writing() as session:
        found = session.scalars(queries.matter(pact.key, 1)).one()
        one = session.scalars(queries.appointment(made.id)).one()
        actions.accept(journey.here(pact), found, one, by=rosa)
    react()
    asked, proposed, agreed = mails()
    assert [asked.person_id, proposed.person_id, agreed.person_id] == [
        lea.person_id,
        rosa.person_id,
        lea.person_id,
    ]
    assert "METHOD:PUBLISH" in agreed.calendar
    assert not proposed.calendar
    assert all(SECRET not in str(one.body) for one in mails())
    move_clock(DAY)
    for _ in range(2):
        with db.reading() as session:
            due = session.scalars(reminders.due()).all()
        for each in due:
            reminders.remind_of(each, "https://x.example")
    assert sorted(one.person_id for one in mails()[3:]) == sorted([lea.person_id, rosa.person_id])


def test_silence_confirms_by_the_rules_of_the_pact(pact: Any, cast: Any, move_clock: Any) -> None:
    ask(pact, cast)
    lea = cast.lea
    with db.writing() as session:
        found = session.scalars(queries.matter(pact.key, 1)).one()
        actions.enter(journey.here(pact), found, actions.Work(clock.today(), 60, "study"), by=lea)
    with db.reading():
        assert jobs.due() == []
    move_clock(15 * DAY)
    with db.reading():
        assert len(jobs.due()) == 1


@pytest.mark.parametrize("who", ["", "eve", "giulia", "aldo", "nina"])
def test_nobody_else_finds_anything(pact: Any, cast: Any, app: Any, who: str) -> None:
    ask(pact, cast)
    browser = enter(app, cast, who) if who else Browser(app)
    base = f"/en/pacts/{pact.code}/legal"
    for path in ("", "/1", "/1/guides/licence", "/1/guides/clinic/outline", "/1/work/1", "/1/documents/1"):
        answer = browser.get(base + path)
        is_closed = answer.status_code in {403, 404} or "/sign-in" in answer.headers.get("Location", "")
        assert is_closed, path
    for path in ("/1/messages", "/1/notes", "/1/work", "/1/closure", "/1/guides/licence/what"):
        answer = browser.post(base + path, {"words": "x", "note": "x", "outcome": "solved"})
        assert answer.status_code in {403, 404} or "/sign-in" in answer.headers.get("Location", ""), path
    desk = browser.get("/en/desk/legal")
    assert ("Questions, ours first" in desk.get_data(as_text=True)) == (who == "aldo")
    if who == "aldo":
        seen = browser.get(f"/en/desk/legal/{pact.code}").get_data(as_text=True)
        assert "Choice of a licence" in seen
        assert SECRET not in seen


def test_what_belongs_to_another_matter_is_not_there(
    pact: Any, cast: Any, rosa: Browser, lea: Browser
) -> None:
    ask(pact, cast)
    ask(pact, cast, "tax")
    base = f"/en/pacts/{pact.code}/legal"
    lea.get(f"{base}/1")
    done = {"done_on": f"{clock.today():%d/%m/%Y}", "minutes": "30", "kind": "study"}
    assert lea.post(f"{base}/1/work", done).status_code == 200
    assert lea.get(f"{base}/2/work/1").status_code == 404
    assert lea.get(f"{base}/1/work/1").status_code == 200
    assert lea.get(f"{base}/9").status_code == 404
    assert lea.get(f"{base}/2/appointments/1").status_code == 404
    assert lea.get(f"/calendars/pacts/{pact.code}/legal/2/1.ics").status_code == 404


def test_the_pages_ask_the_database_no_more_where_more_was_asked(
    pact: Any, cast: Any, rosa: Browser, lea: Browser
) -> None:
    ask(pact, cast)

    def counted(browser: Browser, path: str) -> int:
        browser.get(path)
        with counting() as asked:
            answer = browser.get(path)
        assert answer.status_code == 200
        assert len(answer.get_data()) < 30_000
        return len(asked)

    base, desk = f"/en/pacts/{pact.code}/legal", "/en/desk/legal"
    paths = (base, f"{base}/1", desk, f"{desk}/{pact.code}")
    before = [counted(lea, path) for path in paths]
    for _ in range(4):
        ask(pact, cast)
    rosa_herself, lea_herself = cast.rosa, cast.lea
    with db.writing() as session:
        found = session.scalars(queries.matter(pact.key, 1)).one()
        for _ in range(4):
            actions.write(journey.here(pact), found, "More", by=rosa_herself)
            actions.enter(journey.here(pact), found, actions.Work(clock.today(), 30, "study"), by=lea_herself)
    assert [counted(lea, path) for path in paths] == before
    room, matter, *at_the_desk = before
    assert max(room, *at_the_desk) <= 10, before
    assert max(matter, counted(rosa, f"{base}/1")) <= 6, before


def test_the_hours_given_are_the_same_in_the_room_at_the_desk_and_where_the_support_goes(
    pact: Any, cast: Any, app: Any, rosa: Browser
) -> None:
    ask(pact, cast)
    people = {name: getattr(cast, name) for name in ("lea", "rosa")}
    with db.writing() as session:
        found = session.scalars(queries.matter(pact.key, 1)).one()
        help_id = found.help_id
        for minutes in (90, 100):
            work = actions.Work(clock.today(), minutes, "study")
            made = actions.enter(journey.here(pact), found, work, by=people["lea"])
            actions.confirm(journey.here(pact), found, made, by=people["rosa"])
    with db.reading() as session:
        allocation_id = session.get_one(LegalHelp, help_id).allocation_id
    aldo = enter(app, cast, "aldo")
    for address in (f"/en/desk/legal/{pact.code}", f"/en/pacts/{pact.code}"):
        assert "3 h 10 min" in aldo.get(address).get_data(as_text=True), address
    page = rosa.get(f"/en/money/decisions/{allocation_id}").get_data(as_text=True)
    assert re.search(r"<dt>Of that given</dt>\s*<dd>3 h, worth", page)
    assert SECRET not in page
