"""What people type wrongly, field by field: the sentence beside it, the page kept, nothing changed."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal import db
from portal.proposals import actions
from portal.proposals.models import Proposal
from tests.proposals.steps import begin, do

GOOD = {
    "what": {"kind": "place", "title": "Garden", "summary": "A garden."},
    "where": {"address": "Via Uno", "district": "", "latitude": "", "longitude": ""},
    "group": {
        "group_kind": "citizen",
        "group_name": "",
        "contact_name": "Ada",
        "contact_email": "ada@example.org",
        "contact_phone": "",
        "is_adult": "yes",
    },
    "commitments": {"what": "Open", "quantity": "2", "unit": "hours", "per": "week", "evidence": "photos"},
    "dates": {"starts_on": "1/12/2090", "ends_on": "2095-11-30"},
    "asks": {"kinds": ["funding"]},
    "asks/funding": {"amount": "1,200", "what": "Tools"},
    "asks/spaces": {"amount": "104", "what": "A room on Mondays"},
    "asks/materials": {"amount": "12", "what": "Spades"},
    "asks/waivers": {"amount": "", "what": "Use of the pavement"},
    "asks/server": {"plan": "small", "months": "12", "what": ""},
    "fences": {"fences": ["open_door"]},
    "limits": {"limit_transparency": "30", "limit_open_door": "30"},
    "touched": {"touched": ""},
}
UNSEEN = "\u200b\u2060\ufeff"
LONG = "x" * 5000
BAD = [
    ("what", "kind", "", "Choose what you want to look after"),
    ("what", "kind", "castle", "Choose from the list"),
    ("what", "title", "", "Give it a name"),
    ("what", "title", UNSEEN, "Give it a name"),
    ("what", "title", "\x00", "Give it a name"),
    ("what", "title", "\u3164\u2800", "Give it a name"),
    ("what", "title", "x" * 151, "Shorten this to 150 characters or fewer; characters too many: 1"),
    ("what", "summary", "\u0301\u0301", "Say in one or two sentences"),
    ("what", "summary", LONG, "Shorten this to 150"),
    ("where", "address", "", "Enter an address, choose a district"),
    ("where", "address", LONG, "Shorten this to 200"),
    ("where", "district", "rome", "Choose from the list"),
    ("where", "latitude", "north", "Enter a number with decimals"),
    ("where", "latitude", "44.49", "Enter both numbers of the point"),
    ("where", "latitude", "٤٤", "Enter a number with decimals"),
    ("where", "latitude", "1e400", "Enter a number with decimals"),
    ("where", "longitude", "999", "Enter a number with decimals"),
    ("group", "group_kind", "", "Say who takes part"),
    ("group", "group_kind", "association", "Enter the name of your group"),
    ("group", "contact_name", "", "Enter the name of the person"),
    ("group", "contact_email", "", "Enter an e-mail address, a phone number or a postal address"),
    ("group", "contact_email", "ada at home", "Enter an e-mail address like name@example.org"),
    ("group", "contact_email", "ada@example.org, eve@example.org", "Enter an e-mail address like"),
    ("group", "contact_email", "a" * 300 + "@example.org", "Shorten this to 254"),
    ("group", "contact_phone", "call me", "Enter a phone number like 051 000 000"),
    ("group", "is_adult", "", "Say whether this person is 18 or older"),
    ("group", "is_adult", "no", "A person over 18 must sign"),
    ("commitments", "what", "", "Say what your group will do"),
    ("commitments", "quantity", "many", "Enter a whole number, like 12"),
    ("commitments", "quantity", "0", "Enter a whole number from 1 to 100,000"),
    ("commitments", "quantity", "-2", "Enter a whole number, like 12"),
    ("commitments", "quantity", "999999", "Enter a whole number from 1 to 100,000"),
    ("commitments", "per", "moon", "Choose from the list"),
    ("commitments", "unit", "x" * 41, "Shorten this to 40"),
    ("dates", "starts_on", "soon", "Enter a day like 1/12/2026"),
    ("dates", "starts_on", "31/2/2090", "There is no such day"),
    ("dates", "starts_on", "1/1/2020", "The start date must be after"),
    ("dates", "starts_on", "", "Enter the day on which the pact should start"),
    ("dates", "ends_on", "1/12/2089", "The end date must be after the start date"),
    ("dates", "ends_on", "1/12/2190", "years at most"),
    ("asks", "kinds", ["funding", "gold"], "Choose from the list"),
    ("asks/funding", "amount", "lots", "Enter an amount in euros, like 1,200"),
    ("asks/funding", "amount", "-5", "Enter an amount in euros, like 1,200"),
    ("asks/funding", "amount", "Infinity", "Enter an amount in euros, like 1,200"),
    ("asks/funding", "amount", "999999999999", "This number is too large"),
    ("asks/funding", "what", "", "Say what the money is for"),
    *(
        (f"asks/{kind}", "amount", typed, sentence)
        for kind, sentence in (("spaces", "Enter a whole number"), ("waivers", "Enter an amount in euros"))
        for typed in ("0", "-5", "0.001", "1e400", "Infinity", "NaN", "٤٢", "2,5 x")
    ),
    ("asks/spaces", "amount", "", "Enter for how many hours you need a space"),
    ("asks/spaces", "amount", "999999", "This number is too large"),
    ("asks/spaces", "what", "", "Say which kind of space you need, and when"),
    ("asks/materials", "amount", "", "Enter how many pieces you ask for"),
    ("asks/materials", "amount", "10001", "This number is too large"),
    ("asks/waivers", "amount", "9999999999", "This number is too large"),
    ("asks/waivers", "what", "", "Say which fee or charge the city is not to ask"),
    ("asks/server", "plan", "huge", "Choose from the list"),
    ("asks/server", "months", "1000", "This number is too large"),
    ("fences", "fences", ["moat"], "Choose from the list"),
    ("limits", "limit_open_door", "many", "Enter a whole number, like 12"),
    ("limits", "limit_open_door", "99999", "Enter a whole number from 0 to 3650"),
    ("touched", "touched", LONG, "Shorten this to 2000"),
]


@pytest.fixture
def draft(client, database, cast):
    code = begin(cast.rosa)
    kinds = ["funding", "server", "spaces", "materials", "waivers"]
    do(code, lambda p: actions.choose_asks(p, kinds, by=cast.rosa))
    client.sign_in("rosa@example.org")
    return code


def row(code: str) -> dict[str, object]:
    with db.reading() as session:
        found = session.query(Proposal).filter_by(code=code).one()
        return {column.key: getattr(found, column.key) for column in Proposal.__table__.columns}


def test_every_wrong_answer_gets_its_sentence_and_changes_nothing(client, draft):
    before = row(draft)
    for page, field, typed, sentence in BAD:
        client.get(f"/en/propose/{draft}/{page}")
        answer = client.post(f"/en/propose/{draft}/{page}", {**GOOD[page], field: typed})
        case = (page, field, str(typed)[:30])
        assert answer.status_code == 422, case
        assert sentence in client.page.replace("&#39;", "'"), case
        assert "<title>Error:" in client.page, case
        assert "There is a problem" in client.page, case
    assert row(draft) == before


def test_a_text_of_before_may_stay_longer_than_new_ones(client, draft):
    with db.writing() as session:
        session.execute(
            update(Proposal).where(Proposal.code == draft).values(summary="Ancora " * 50 + "oggi.")
        )
    client.get(f"/en/propose/{draft}/what")
    values = {**GOOD["what"], "summary": "Ancora " * 50 + "oggi."}
    assert client.post(f"/en/propose/{draft}/what", values, follow=False).status_code == 303
    assert client.post(f"/en/propose/{draft}/what", {**values, "summary": "x" * 151}).status_code == 422


def test_every_good_answer_is_taken(client, draft):
    for page, values in GOOD.items():
        client.get(f"/en/propose/{draft}/{page}")
        answer = client.post(f"/en/propose/{draft}/{page}", values, follow=False)
        if page in {"asks/server", "asks/spaces", "asks/materials", "asks/waivers"}:
            assert answer.status_code == 404  # no longer asked for
        else:
            assert answer.status_code == 303, (page, client.page)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1/12/2090", "2090-12-01"), ("1 12 2090", "2090-12-01"), ("2090-12-01", "2090-12-01")],
)
def test_days_are_taken_as_people_write_them(client, draft, typed, kept):
    client.get(f"/en/propose/{draft}/dates")
    client.post(f"/en/propose/{draft}/dates", {"starts_on": typed, "ends_on": "30.11.2095"})
    assert str(row(draft)["starts_on"]) == kept


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("agpl-3.0-or-later", 303, ""),
        ("", 303, ""),
        ("my own words", 422, "We do not know the licence"),
        ("MIT AND", 422, "We do not know the licence"),
        ("((((", 422, "We do not know the licence"),
        ("CC-BY-NC-4.0", 303, "forbids some uses, so it is not an open licence"),
    ],
)
def test_a_licence_is_known_or_asked_about_and_never_stops_by_being_closed(
    client, draft, typed, status, sentence
):
    client.get(f"/en/propose/{draft}/what")
    client.post(f"/en/propose/{draft}/what", {"kind": "software", "title": "Tool", "summary": "A tool."})
    client.get(f"/en/propose/{draft}/where")
    values = {"repository": "https://code.example.org/tool", "licence": typed}
    assert client.post(f"/en/propose/{draft}/where", values, follow=False).status_code == status
    if status == 303:
        client.get(f"/en/propose/{draft}/where")
    assert sentence in client.page


@pytest.mark.parametrize(
    "typed", ["data:text/html,x", "ftp://code.example.org/x", "code.example.org", "https://x"]
)
def test_an_address_of_code_is_an_address_on_the_web(client, draft, typed):
    client.get(f"/en/propose/{draft}/what")
    client.post(f"/en/propose/{draft}/what", {"kind": "software", "title": "Tool", "summary": "A tool."})
    client.get(f"/en/propose/{draft}/where")
    assert client.post(f"/en/propose/{draft}/where", {"repository": typed}).status_code == 422
    assert "begins with https://" in client.page


def test_markup_stays_text(client, draft):
    client.get(f"/en/propose/{draft}/what")
    nasty = '<script>alert("x")</script> %(day)s {{ 7 * 7 }}'
    client.post(f"/en/propose/{draft}/what", {"kind": "place", "title": nasty, "summary": nasty})
    for page in ("", "/what", "/check"):
        client.get(f"/en/propose/{draft}{page}")
        assert "<script>alert" not in client.page
        assert "{{ 7 * 7 }}" in client.page
