"""Somebody without an account proposes a garden with a browser without scripts, and follows what happens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from portal import clock, db
from portal.people.models import OpenSession
from portal.proposals import actions
from portal.proposals.models import Proposal
from tests.browser import Browser
from tests.proposals.steps import PRIVATE, begin, clear, do, send

NAME, MAIL, PHONE = PRIVATE


def fill(client: Browser, code: str, page: str, values: dict[str, object], *, status: int = 200) -> None:
    client.get(f"/en/propose/{code}/{page}")
    answer = client.post(f"/en/propose/{code}/{page}", values)
    assert answer.status_code == status, client.page


def started(client: Browser) -> str:
    client.get("/en/propose")
    answer = client.post("/en/propose", {"email": ""})
    return answer.request.path.rpartition("/")[2]


def fill_all(client: Browser, code: str) -> None:
    day = clock.today() + timedelta(days=100)
    fill(client, code, "what", {"kind": "place", "title": "Courtyard garden", "summary": "A garden for all."})
    fill(
        client,
        code,
        "where",
        {"address": "Via del Pratello 90", "latitude": "44,4949", "longitude": "11.333"},
    )
    fill(client, code, "particulars", {"owner": "city", "hours": "Always", "keys": "Rosa has the key"})
    group = {"group_kind": "informal_group", "group_name": "Pratello gardeners", "is_adult": "yes"}
    contact = {"contact_name": NAME, "contact_email": MAIL, "contact_phone": PHONE}
    fill(client, code, "group", {**group, **contact})
    promise = {"what": "Open the gate", "quantity": "4", "unit": "hours", "per": "week", "evidence": "photos"}
    fill(client, code, "commitments", {**promise, "then": "another"})
    fill(client, code, "commitments", {})
    ends = f"{day.day} {day.month} {day.year + 2}"
    fill(client, code, "dates", {"starts_on": f"{day.day}/{day.month}/{day.year}", "ends_on": ends})
    fill(client, code, "asks", {"kinds": ["funding", "legal"]})
    fill(client, code, "asks/funding", {"amount": "€ 1.200", "what": "Tools"})
    fill(client, code, "asks/legal", {"amount": "10", "what": "Insurance"})
    fill(client, code, "fences", {"fences": ["transparency", "open_door"]})
    fill(client, code, "limits", {"limit_transparency": "30", "limit_open_door": "14"})
    fill(client, code, "touched", {"touched": "The neighbours."})


def test_from_the_idea_to_the_answer(client, database, cast):
    code = started(client)
    assert "Note these three things now" in client.page
    fill_all(client, code)
    client.get(f"/en/propose/{code}")
    assert "7 of 7 sections completed" in client.page

    client.get(f"/en/propose/{code}/check")
    for text in (
        "Courtyard garden",
        "4 hours, every week",
        "1,200",
        NAME,
        "within 14 days",
        "Only you and the city",
    ):
        assert text in client.page, text
    answer = client.post(f"/en/propose/{code}/submission")
    assert answer.request.path == f"/en/propose/{code}/sent"
    assert code in client.page

    client.get(f"/en/track/{code}")
    assert "The city is reading this proposal" in client.page
    do(code, lambda p: actions.ask_supplement(p, "Who owns the place?", by=cast.giulia))
    client.get(f"/en/track/{code}")
    assert "We need something from you" in client.page
    client.post(f"/en/track/{code}/supplement", {"answer": "The city."})
    assert "The city is reading this proposal" in client.page
    clear(code, cast.giulia)
    do(code, lambda p: actions.notice_refusal(p, "Private land.", "Regulation, article 4", by=cast.giulia))
    client.get(f"/en/track/{code}")
    assert "Private land." in client.page
    client.post(f"/en/track/{code}/reply", {"reply": "It is not."})
    assert "Your reply" in client.page


def test_the_secrets_are_shown_at_the_start_and_are_not_stored(client, database):
    code = started(client)
    word = re.search(r'code">([a-z]+-[a-z]+-[0-9]{4})<', client.page)[1]
    link = re.search(r'href="([^"]+/propose/link/[^"]+)"', client.page)[1]
    with db.reading() as session:
        kept = str([row.content for row in session.scalars(select(OpenSession))])
    assert word not in kept

    other = Browser(client.app)
    assert other.get(f"/en/propose/{code}").status_code == 404
    assert "Type the word" in other.page
    other.post(f"/en/track/{code}/word", {"word": f" {word.upper()} "})
    assert "Your proposal" in other.page
    assert word not in other.page

    third = Browser(client.app)
    third.get("/en" + link.partition("/en")[2])
    assert "Your proposal" in third.page


def test_coming_back_with_code_and_word(client, database):
    code = started(client)
    word = re.search(r'code">([a-z]+-[a-z]+-[0-9]{4})<', client.page)[1]
    other = Browser(client.app)
    other.get("/en/propose")
    assert other.post("/en/propose/resume", {"code": code, "word": "wrong"}).status_code == 422
    assert other.post("/en/propose/resume", {"code": "PR-2222-22", "word": word}).status_code == 422
    answer = other.post("/en/propose/resume", {"code": code.lower(), "word": word})
    assert answer.request.path == f"/en/propose/{code}"


def test_wrong_words_run_into_a_limit(client, database):
    code = started(client)
    other = Browser(client.app)
    other.get(f"/en/track/{code}")
    statuses = [other.post(f"/en/track/{code}/word", {"word": "wrong"}).status_code for _ in range(12)]
    assert statuses[:10] == [422] * 10
    assert statuses[-1] == 429


def test_sending_twice_shows_the_same_confirmation(client, database):
    code = started(client)
    fill_all(client, code)
    client.get(f"/en/propose/{code}/check")
    for _ in range(2):
        answer = client.post(f"/en/propose/{code}/submission")
        assert answer.request.path == f"/en/propose/{code}/sent"
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Proposal)) == 1


def test_an_unfinished_proposal_says_what_is_missing_and_keeps_everything(client, database):
    code = started(client)
    fill(client, code, "what", {"kind": "place", "title": "Half a garden", "then": "later"})
    client.get(f"/en/propose/{code}/check")
    assert client.post(f"/en/propose/{code}/submission").status_code == 422
    assert "Say in one or two sentences what you want to do" in client.page
    assert "Half a garden" in client.page
    assert "<title>Error:" in client.page


def test_every_page_can_be_saved_with_nothing_in_it(client, database):
    code = started(client)
    fill(client, code, "what", {"kind": "data_set", "then": "later"})
    for page in (
        "where",
        "group",
        "commitments",
        "dates",
        "asks",
        "fences",
        "touched",
        "what",
        "particulars",
    ):
        fill(client, code, page, {"then": "later"})
        assert "Saved." in client.page, page


def test_a_change_from_the_check_page_leads_back_to_it(client, database):
    code = started(client)
    fill_all(client, code)
    client.get(f"/en/propose/{code}/check")
    assert f"/en/propose/{code}/touched?to=check" in client.page
    client.get(f"/en/propose/{code}/touched?to=check")
    answer = client.post(f"/en/propose/{code}/touched?to=check", {"touched": "Nobody else."})
    assert answer.request.path == f"/en/propose/{code}/check"


def test_a_commitment_can_be_taken_back(client, database):
    code = started(client)
    fill(client, code, "commitments", {"what": "Open", "quantity": "1", "per": "week", "then": "another"})
    address = re.search(r'action="([^"]+/removal)"', client.page)[1]
    client.post(address)
    assert "/removal" not in client.page


def test_a_withdrawn_proposal_says_so_to_everybody(client, database):
    code = started(client)
    fill_all(client, code)
    client.get(f"/en/propose/{code}/check")
    client.post(f"/en/propose/{code}/submission")
    client.get(f"/en/track/{code}/withdrawal")
    client.post(f"/en/track/{code}/withdrawal")
    assert "Withdrawn" in client.page
    stranger = Browser(client.app)
    stranger.get(f"/en/track/{code}")
    assert "The group has withdrawn this proposal" in stranger.page


ROOMS = (
    "",
    "/what",
    "/where",
    "/particulars",
    "/group",
    "/commitments",
    "/dates",
    "/asks",
    "/fences",
    "/touched",
    "/check",
    "/sent",
)


@pytest.mark.parametrize("name", ["", "eve@example.org"])
def test_an_outsider_sees_nothing_of_a_draft(client, database, cast, name):
    code = begin(cast.rosa)
    if name:
        client.sign_in(name)
    for room in (
        *(f"/en/propose/{code}{room}" for room in ROOMS),
        f"/en/track/{code}",
        f"/en/proposals/{code}",
    ):
        assert client.get(room).status_code == 404, room
        assert "Courtyard" not in client.page
        assert not [text for text in PRIVATE if text in client.page]


@pytest.mark.parametrize("name", ["", "eve@example.org"])
def test_an_outsider_sees_only_the_public_part_of_what_was_sent(client, database, cast, name):
    code = send(cast.rosa)
    do(code, lambda p: actions.ask_supplement(p, "A private question.", by=cast.giulia))
    if name:
        client.sign_in(name)
    assert client.get(f"/en/track/{code}").status_code == 200
    assert "Courtyard garden" in client.page
    for text in (*PRIVATE, "A private question."):
        assert text not in client.page
    for room in ROOMS:
        assert client.get(f"/en/propose/{code}{room}").status_code == 404
    assert client.get(f"/en/track/{code}/receipt").status_code == 404


@pytest.mark.parametrize("name", ["", "eve@example.org"])
def test_an_outsider_can_send_nothing(client, database, cast, name):
    draft, sent = begin(cast.rosa), send(cast.rosa)
    if name:
        client.sign_in(name)
    client.get("/en/propose")
    for path in (
        f"/en/propose/{draft}/what",
        f"/en/propose/{draft}/address",
        f"/en/propose/{draft}/submission",
        f"/en/propose/{draft}/commitments/1/removal",
        f"/en/track/{sent}/supplement",
        f"/en/track/{sent}/reply",
        f"/en/track/{sent}/withdrawal",
    ):
        values = {"kind": "place", "title": "Stolen", "summary": "x", "email": "e@example.org", "answer": "x"}
        assert client.post(path, values).status_code == 404, path
    for verb in ("owner", "supplement", "completeness", "refusal-notice", "refusal"):
        assert client.post(f"/en/desk/cases/{sent}/{verb}", {}).status_code == 403, verb


def test_the_task_list_takes_few_statements(client, database):
    code = started(client)
    fill_all(client, code)
    seen: list[str] = []

    def count(_connection, _cursor, statement, *_more):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    client.get(f"/en/propose/{code}")
    event.remove(database.engine, "before_cursor_execute", count)
    assert len(seen) <= 7, "\n".join(seen)  # the last one asks for the pictures


def test_somebody_with_an_account_finds_their_drafts_again(client, database, cast):
    code = begin(cast.rosa)
    client.sign_in("rosa@example.org")
    client.get("/en/propose")
    assert code in client.page
    assert client.get(f"/en/propose/{code}").status_code == 200
