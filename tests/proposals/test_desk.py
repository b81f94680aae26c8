"""An officer's verbs from the case page: taken, asked, checked, announced, refused."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from portal import db
from portal.people import queries as people_queries
from portal.proposals import actions, checklist, desk
from tests.proposals.steps import clear, do, find_in_order, load, see, send


@pytest.fixture
def case(client, database, cast):
    code = send(cast.rosa)
    clear(code, cast.giulia)
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{code}")
    return code


def post(client, case, verb, values):
    client.get(f"/en/desk/cases/{case}")
    return client.post(f"/en/desk/cases/{case}/{verb}", values)


def test_an_officer_takes_a_case_and_a_colleague_takes_it_over(client, case, cast):
    assert "Nobody has this case yet" in client.page
    post(client, case, "owner", {})
    assert "You have this case" in client.page
    do(case, lambda p: actions.assign(p, by=cast.marco))
    client.get(f"/en/desk/cases/{case}")
    assert "Marco Riva has this case" in client.page
    assert "Take over the case" in client.page


def test_the_completeness_check_prepares_the_request(client, case):
    values = {f"mark_{item}": mark for item, (mark, _) in find_in_order().items()}
    post(client, case, "completeness", {**values, "mark_land": "missing"})
    client.get(f"/en/desk/cases/{case}")
    asked = next(item for item in checklist.ITEMS if item.id == "land").ask
    assert client.page.count(str(asked).replace("'", "&#39;")) >= 2
    answer = post(client, case, "supplement", {"supplement_request": "Who owns it?"})
    assert answer.status_code == 200
    assert "The clock stands still" in client.page
    assert see(case, lambda p: p.state) == "supplement_asked"


@pytest.mark.parametrize(
    ("verb", "values", "sentence"),
    [
        ("supplement", {"supplement_request": " \u200b "}, "Say what is missing and how to send it"),
        ("supplement", {"supplement_request": "x" * 4001}, "Shorten this to 4000"),
        ("completeness", {"note_land": "x" * 501}, "Shorten this to 500"),
        ("completeness", {"mark_land": "perhaps"}, "Choose from the list"),
        ("refusal-notice", {"notice_source": "Rule"}, "Give the reason that the group will read"),
        ("refusal-notice", {"notice_reason": "Kept reason"}, "Name the rule the reason rests on"),
    ],
)
def test_what_cannot_be_taken_is_shown_again_with_its_sentence(client, case, verb, values, sentence):
    before = see(case, lambda p: p.version_id)
    answer = post(client, case, verb, values)
    assert answer.status_code == 422
    assert sentence in client.page
    assert see(case, lambda p: p.version_id) == before
    if "notice_reason" in values:
        assert "Kept reason" in client.page


def test_a_refusal_is_announced_first_and_shown_with_the_reply(client, case, cast):
    assert "Refuse the proposal" not in client.page
    assert (
        post(client, case, "refusal", {"refusal_reason": "No.", "refusal_source": "Rule"}).status_code == 409
    )
    post(client, case, "refusal-notice", {"notice_reason": "Private land.", "notice_source": "Article 4"})
    assert "Refuse the proposal" not in client.page
    assert "Waiting for the group" in client.page
    do(case, lambda p: actions.reply(p, "It is not private.", by=cast.rosa))
    client.get(f"/en/desk/cases/{case}")
    assert "It is not private." in client.page
    assert "The reply is in hand" in client.page
    assert "Waiting for the group" not in client.page
    client.get(f"/en/proposals/{case}")
    assert "waiting for your reply" not in client.page
    post(
        client, case, "refusal", {"refusal_reason": "It is, see the register.", "refusal_source": "Article 4"}
    )
    assert see(case, lambda p: p.state) == "refused"
    client.get(f"/en/proposals/{case}")
    assert "Observations" in client.page
    assert "Make an observation" not in client.page


def test_a_case_of_ones_own_offers_no_verb(client, database, cast):
    code = send(cast.giulia)
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{code}")
    assert "Take the case" not in client.page
    assert client.post(f"/en/desk/cases/{code}/owner", {}).status_code == 403


def test_what_the_panels_need_takes_few_statements(app, database, cast):
    code = send(cast.rosa)
    do(code, lambda p: actions.assign(p, by=cast.giulia))
    seen = []
    with app.test_request_context("/en/"), db.reading() as session:
        from flask import g

        g.language = "en"
        session.scalars(people_queries.by_id(cast.giulia.person_id)).one()
        proposal = load(code)
        event.listen(database.engine, "before_cursor_execute", lambda *all_: seen.append(all_[2]))
        panel = desk.panels(proposal, cast.giulia)
    assert panel["may"]["assign"]
    assert not panel["may"]["accept"]
    assert len(seen) <= 14, seen
