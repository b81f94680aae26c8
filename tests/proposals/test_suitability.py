"""Before a proposal: what it takes, and a few questions that lead to the right desk, never to an error."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal import db
from portal.proposals.models import Proposal
from tests.proposals.steps import PROFILE

QUESTIONS = PROFILE.suitability
CHECK = "/en/propose/check"


def address(place: int) -> str:
    return CHECK if place == 0 else f"{CHECK}/{QUESTIONS[place].id}"


def test_from_home_to_the_first_question_it_takes_two_clicks(client, database):
    client.get("/en/")
    assert "/en/propose" in client.parsed.links
    client.get("/en/propose")
    starts = [form for form in client.parsed.forms if form["action"] == CHECK]
    assert [form["method"] for form in starts] == ["get"]
    client.get(CHECK)
    assert QUESTIONS[0].question["en"] in client.page


def test_the_start_page_says_what_it_takes(client, database):
    client.get("/en/propose")
    for text in (
        "20 to 30 minutes",
        "You need",
        "We answer within 30 days",
        PROFILE.contact.phone,
        "Commons counter",
    ):
        assert text in client.page, text


def test_the_right_answers_lead_to_a_draft(client, database):
    client.get(CHECK)
    for place, asked in enumerate(QUESTIONS):
        assert f"Question {place + 1} of {len(QUESTIONS)}" in client.page
        answer = client.post(address(place), {"answer": asked.goes_on})
    assert answer.request.path == f"{CHECK}/ready"
    answer = client.post("/en/propose", {"email": ""})
    assert "Note these three things now" in client.page
    assert answer.status_code == 200


@pytest.mark.parametrize("place", range(len(QUESTIONS)))
def test_the_other_answer_leads_to_the_right_desk_and_back(client, database, place):
    asked = QUESTIONS[place]
    client.get(address(place))
    answer = client.post(address(place), {"answer": {"yes": "no", "no": "yes"}[asked.goes_on]})
    assert answer.status_code == 200
    assert "There is a problem" not in client.page
    for text in (asked.elsewhere.title["en"], asked.elsewhere.phone, asked.elsewhere.link):
        assert text in client.page
    assert address(place) in client.parsed.links


@pytest.mark.parametrize("typed", ["", "perhaps", "yes\x00"])
def test_no_answer_is_asked_for_again(client, database, typed):
    client.get(CHECK)
    status = client.post(CHECK, {"answer": typed}).status_code
    assert status in {400, 422}
    if status == 422:
        assert "Choose" in client.page


def test_questions_begin_no_draft(client, database):
    client.get(CHECK)
    client.post(CHECK, {"answer": QUESTIONS[0].goes_on})
    assert client.get(f"{CHECK}/nothing").status_code == 404
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Proposal)) == 0


def test_a_wrong_address_is_asked_for_again(client, database):
    client.get(f"{CHECK}/ready")
    assert client.post("/en/propose", {"email": "nobody"}).status_code == 422
    assert "Enter an e-mail address like" in client.page


@pytest.mark.parametrize("path", ["/en/propose", "/en/propose/check", "/en/propose/check/ready"])
def test_signing_in_leads_back_to_where_one_was(client, database, cast, path):
    client.get(path)
    way = next(link for link in client.parsed.links if link.startswith("/en/sign-in?next="))
    client.get(way)
    values = {**client.parsed.forms[-1]["values"], "email": "rosa@example.org"}
    answer = client.post("/en/sign-in", {**values, "password": "commons-demo-2026"}, follow=False)
    assert answer.headers["Location"] == path
