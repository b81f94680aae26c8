"""Offices are asked until a day, answer by account or link, once; a pact waits for those its class requires."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import crypto, db
from portal.canonical import sha256_hex
from portal.documents import released
from portal.documents.models import ReleasedFile
from portal.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from portal.notices.models import Message
from portal.policy import VISITOR
from portal.proposals import actions as proposals
from portal.proposals.assessment import actions, queries, rules
from portal.proposals.assessment.actions import Answer
from portal.proposals.assessment.prescriptions import Prescription, read
from tests.observations.steps import judge
from tests.proposals.steps import clear, do, find_in_order, load, see, send
from tests.proposals.test_others import react

PATH = Prescription("Keep the path free", "object")
FAVOUR = Answer("favourable", "Nothing against it.")
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF"
OUTSIDE = "ufficio@outside.example"


@pytest.fixture
def case(cast):
    cast.person("lea")
    code = send(cast.rosa)
    do(code, lambda p: proposals.assign(p, by=cast.giulia))
    return code


def asked(case, cast, office="legal", **options):
    """Let Giulia ask, and return the number of the question and the secret of a link."""
    made, token = do(case, lambda p: actions.ask(p, office, "Who is liable?", by=cast.giulia, **options))
    return made.id, token


def of(case, number):
    with db.reading() as session:
        return session.scalars(queries.opinion(load(case).id, number)).one()


def within(case, number, verb):
    """Do something with a question in a writing unit."""
    return do(case, lambda p: verb(p, db.session().scalars(queries.opinion(p.id, number)).one()))


def test_an_office_is_asked_once_at_a_time_and_until_its_day(case, cast):
    number, token = asked(case, cast)
    assert (of(case, number).kind, token) == ("legal", "")
    assert of(case, number).due_on > see(case, lambda p: p.submitted_at.date())
    with pytest.raises(Stale):
        asked(case, cast)
    with pytest.raises(Invalid):
        asked(case, cast, "poetry")
    with pytest.raises(NotAllowed):
        do(case, lambda p: actions.ask(p, "it", "x", by=cast.rosa))


def test_an_adviser_states_their_interest_then_answers_for_their_own_office(case, cast):
    number, _ = asked(case, cast)
    other, _ = asked(case, cast, "green")
    with pytest.raises(WrongState, match="First state"):
        within(case, number, lambda p, o: actions.give(p, o, FAVOUR, by=cast.lea))
    clear(case, cast.lea)
    with pytest.raises(NotAllowed, match="another office"):
        within(case, other, lambda p, o: actions.give(p, o, FAVOUR, by=cast.lea))
    for answer in (Answer("", "x"), Answer("favourable", ""), Answer("prescriptions", "x")):
        with pytest.raises(Invalid):
            within(case, number, lambda p, o, a=answer: actions.give(p, o, a, by=cast.lea))
    told = Answer("prescriptions", "On conditions.", (PATH, Prescription(""), Prescription("Close at ten")))
    within(case, number, lambda p, o: actions.give(p, o, told, by=cast.lea))
    assert read(of(case, number).prescriptions) == (PATH, Prescription("Close at ten"))
    with pytest.raises(WrongState, match="answered already"):
        within(case, number, lambda p, o: actions.give(p, o, FAVOUR, by=cast.lea))


@pytest.mark.parametrize(
    ("outcome", "wrong", "why"),
    [
        ("favourable", PATH, "Choose “In favour, with prescriptions”"),
        ("prescriptions", Prescription("", "object"), "in the clause you chose"),
        ("prescriptions", Prescription("x", "poetry"), "from the list"),
        ("prescriptions", Prescription("x", "principles"), "from the list"),
        ("prescriptions", Prescription("x" * 501), "500 characters"),
    ],
)
def test_what_is_wrong_with_a_prescription_is_said(case, cast, outcome, wrong, why):
    number, _ = asked(case, cast)
    clear(case, cast.lea)
    with pytest.raises(Invalid, match=why):
        within(case, number, lambda p, o: actions.give(p, o, Answer(outcome, "x", (wrong,)), by=cast.lea))
    assert of(case, number).state == "asked"


def test_an_older_opinion_keeps_its_lines_without_a_clause():
    assert read(["Close at ten"]) == (Prescription("Close at ten"),)


def test_a_late_opinion_is_gone_on_without_and_a_contrary_one_answered(case, cast, move_clock):
    number, _ = asked(case, cast)
    with pytest.raises(WrongState, match="Wait for the answer"):
        within(case, number, lambda p, o: actions.go_on(p, o, "It is clear.", by=cast.giulia))
    move_clock(timedelta(days=40))
    within(case, number, lambda p, o: actions.go_on(p, o, "It is clear.", by=cast.giulia))
    assert of(case, number).state == "passed_over"
    against, _ = asked(case, cast)
    clear(case, cast.lea)
    within(case, against, lambda p, o: actions.give(p, o, Answer("contrary", "Never."), by=cast.lea))
    do(case, lambda p: proposals.save_completeness(p, find_in_order(), by=cast.giulia))
    do(case, lambda p: judge(p, cast.giulia))
    with pytest.raises(WrongState, match="An office is against it"):
        do(case, lambda p: proposals.accept_for_codesign(p, "Good.", by=cast.giulia))
    within(case, against, lambda p, o: actions.go_on(p, o, "The risk is insured.", by=cast.giulia))
    do(case, lambda p: proposals.accept_for_codesign(p, "Good.", by=cast.giulia))


@dataclass(frozen=True)
class Row:
    """An opinion as the rules read it."""

    kind: str = "legal"
    state: str = "given"
    outcome: str = "favourable"
    went_on_because: str = ""


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ((), 1),
        ((Row(state="asked", outcome=""),), 1),
        ((Row("it"),), 1),
        ((Row(),), 0),
        ((Row(state="passed_over", outcome="", went_on_because="late"),), 0),
        ((Row(outcome="contrary"),), 1),
        ((Row(outcome="contrary", went_on_because="insured"),), 0),
    ],
)
def test_a_pact_waits_for_the_opinions_that_its_class_requires(rows, missing):
    assert len(list(rules.what_opinions_miss(["legal"], rows))) == missing


def test_a_link_takes_one_answer_and_its_secret_is_not_kept(case, cast):
    number, token = asked(case, cast, address=OUTSIDE)
    assert len(token) * 6 >= 128
    assert token not in str(of(case, number).__dict__)
    do(case, lambda p: actions.give_by_link(p, token, FAVOUR, "Ada Outside", by=VISITOR))
    assert of(case, number).outcome == "favourable"
    with pytest.raises(NotFound):
        do(case, lambda p: actions.give_by_link(p, token, FAVOUR, "Ada Outside", by=VISITOR))


def test_a_link_that_was_closed_replaced_or_is_old_leads_nowhere(case, cast, move_clock):
    number, first = asked(case, cast, address=OUTSIDE)
    second = within(case, number, lambda p, o: actions.send_anew(p, o, "b@outside.example", by=cast.giulia))
    within_reach = [first, "x" * 43]
    for token in within_reach:
        with db.reading(), pytest.raises(NotFound):
            actions.find_by_link(token)
    with db.reading():
        assert actions.find_by_link(second).id == number
    move_clock(timedelta(days=60))
    with db.reading(), pytest.raises(NotFound):
        actions.find_by_link(second)
    third = within(case, number, lambda p, o: actions.send_anew(p, o, OUTSIDE, by=cast.giulia))
    within(case, number, lambda p, o: actions.close_link(p, o, by=cast.giulia))
    with db.reading(), pytest.raises(NotFound):
        actions.find_by_link(third)


def test_somebody_outside_answers_on_the_page_of_the_mailed_link(client, case, cast):
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{case}/opinions")
    client.post(
        f"/en/desk/cases/{case}/opinions",
        {"office": "heritage", "question": "Is the wall listed?", "address": OUTSIDE},
    )
    assert "link sent to u…@outside.example" in client.page
    with db.reading() as session:
        mail = session.query(Message).filter(Message.address == OUTSIDE).one()
    client.post("/en/sign-out")
    address = re.sub(r"^https?://[^/]+", "", mail.link).replace("/it/", "/en/")
    answer = client.get(address)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Is the wall listed?" in client.page
    assert "rosa.privata@example.org" not in client.page
    told = {
        "interest": "none",
        "outcome": "prescriptions",
        "reason": "It is listed.",
        "name": "Ada, Heritage",
    }
    assert client.post(address, told).status_code == 422
    assert "It is listed." in client.page
    lost = {"prescriptions-1-clause": "object", "prescriptions-1-words": ""}
    assert client.post(address, told | lost).status_code == 422
    assert "in the clause you chose" in client.page
    wall = {"prescriptions-0-words": "Do not paint the wall", "prescriptions-0-clause": "object"}
    client.post(address, told | wall | {"more": "rows"})
    assert "Do not paint the wall" in client.page
    assert 'name="prescriptions-5-words"' in client.page
    client.post(address, told | wall)
    assert "has your opinion" in client.page
    assert client.get(address).status_code == 404
    client.sign_in("giulia@city.example")
    client.get(f"/en/desk/cases/{case}/opinions")
    assert "Do not paint the wall" in client.page


TOLD = {"interest": "none", "outcome": "favourable", "reason": "Fine.", "name": "Ada, Heritage"}


def _pdf(content=PDF, name="parere.pdf"):
    return {"document": (io.BytesIO(content), name)}


def _sealed(client):
    return re.search(r'name="kept" value="([^"]*)"', client.page)[1]


def test_a_chosen_pdf_stays_while_rows_are_added_and_faults_are_mended(app, client, case, cast):
    number, token = asked(case, cast, address=OUTSIDE)
    page = f"/en/opinions/{token}"
    client.get(page)
    client.post(page, TOLD | {"more": "rows"} | _pdf())
    assert "parere.pdf" in client.page
    client.post(page, TOLD | {"more": "rows", "kept": _sealed(client)})
    assert "parere.pdf" in client.page
    assert client.post(page, TOLD | {"reason": "", "kept": _sealed(client)}).status_code == 422
    assert "parere.pdf" in client.page
    # Nobody names it yet, so it would go like one that was let go.
    kept = sha256_hex(PDF)
    with db.reading() as session:
        assert session.scalars(select(ReleasedFile.file_hash)).all() == [kept]
    client.post(page, TOLD | {"kept": _sealed(client)})
    assert of(case, number).file_hash == kept
    released.drop_released(app.extensions["store"])
    assert app.extensions["store"].read(kept) == PDF


def test_another_pdf_takes_the_place_of_the_one_that_was_kept(client, case, cast):
    number, _ = asked(case, cast)
    client.sign_in("lea@city.example")
    page = f"/en/desk/cases/{case}/opinions/{number}"
    client.get(page)
    client.post(page, TOLD | {"more": "rows"} | _pdf())
    other = PDF + b"\n% another\n%%EOF"
    client.post(page, TOLD | {"kept": _sealed(client)} | _pdf(other, "altro.pdf"))
    assert of(case, number).file_hash == sha256_hex(other)


def test_what_is_no_pdf_is_said_at_once_and_a_hash_from_elsewhere_opens_nothing(app, client, case, cast):
    number, token = asked(case, cast, address=OUTSIDE)
    page = f"/en/opinions/{token}"
    client.get(page)
    client.post(page, TOLD | {"more": "rows"} | _pdf(b"a picture"))
    assert "This file is none" in client.page
    assert _sealed(client) == ""
    secret = app.extensions["store"].put(b"%PDF-1.7 of another case %%EOF")
    told = json.dumps({"file_hash": secret, "name": "x.pdf", "size": 9})
    for wrong in (secret, "x", "ü", crypto.seal(told, f"opinion-file:{number + 1}")):
        assert client.post(page, TOLD | {"kept": wrong}).status_code == 422, wrong
        assert client.page.count("Choose it again") == 2, wrong
        assert "Fine." in client.page
    gone = crypto.seal(told.replace(secret, "0" * 64), f"opinion-file:{number}")
    assert client.post(page, TOLD | {"kept": gone}).status_code == 422
    assert of(case, number).state == "asked"


def test_whoever_was_against_it_hears_by_mail_why_the_city_goes_on(case, cast):
    number, token = asked(case, cast, address=OUTSIDE)
    do(case, lambda p: actions.give_by_link(p, token, Answer("contrary", "Never."), "Ada", by=VISITOR))
    within(case, number, lambda p, o: actions.go_on(p, o, "The risk is insured.", by=cast.giulia))
    react()
    with db.reading() as session:
        (told,) = session.scalars(select(Message.body).where(Message.address == OUTSIDE)).all()
    assert "The risk is insured." in told


def test_a_conflict_outside_ends_the_link_and_leaves_the_question_open(client, case, cast):
    number, token = asked(case, cast, address=OUTSIDE)
    client.get(f"/en/opinions/{token}")
    client.post(f"/en/opinions/{token}", {"interest": "some", "which": "My garden"})
    assert "somebody else must answer" in client.page
    assert (of(case, number).state, of(case, number).token_hash) == ("asked", None)


def test_an_adviser_finds_the_question_at_the_desk_and_a_pdf_only_as_a_pdf(client, case, cast):
    number, _ = asked(case, cast)
    client.sign_in("lea@city.example")
    client.get("/en/desk/opinions")
    assert "Courtyard garden" in client.page
    page = f"/en/desk/cases/{case}/opinions/{number}"
    client.get(page)
    told = {"interest": "none", "outcome": "favourable", "reason": "Fine."}
    assert client.post(page, told).status_code == 200
    assert of(case, number).given_by_id == cast.lea.person_id
    client.sign_in("giulia@city.example")
    assert client.get("/en/desk/opinions").status_code == 403
