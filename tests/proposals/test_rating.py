"""How proposing was: asked once after sending, kept so that nobody can tell who said it, shown in sums."""

from __future__ import annotations

import pytest
from sqlalchemy import func, inspect, select

from portal import db
from portal.errors import Invalid, WrongState
from portal.proposals import actions
from portal.proposals.models import Proposal, Rating
from tests.browser import Browser
from tests.proposals.steps import begin, do, send


def kept() -> list[Rating]:
    with db.reading() as session:
        return list(session.scalars(select(Rating)))


@pytest.fixture
def sent(client, database, cast):
    code = send(cast.rosa)
    client.sign_in("rosa@example.org")
    return code


@pytest.mark.parametrize(("stars", "asked"), [("2", "What was hard?"), ("4", "What did you like?")])
def test_by_the_stars_it_is_asked_what_was_hard_or_what_was_liked(client, sent, stars, asked):
    client.get(f"/en/propose/{sent}/sent")
    assert "How easy was it to use this service?" in client.page
    client.post(f"/en/propose/{sent}/rating", {"stars": stars})
    assert asked in client.page
    assert kept() == []
    told = {"stars": stars, "parts_asked": "1", "parts": ["questions", "time"], "said": "Short questions."}
    client.post(f"/en/propose/{sent}/rating", told)
    assert "Thank you for telling us" in client.page
    (one,) = kept()
    assert (one.stars, one.parts, one.said) == (int(stars), ["questions", "time"], "Short questions.")


@pytest.mark.parametrize("stars", ["", "0", "6", "many"])
def test_no_stars_are_asked_for_again(client, sent, stars):
    client.get(f"/en/propose/{sent}/sent")
    assert client.post(f"/en/propose/{sent}/rating", {"stars": stars}).status_code == 422
    assert kept() == []


@pytest.mark.parametrize("more", [{"parts": ["nothing"]}, {"said": "x" * 1001}])
def test_odd_reasons_are_refused(client, sent, more):
    client.get(f"/en/propose/{sent}/sent")
    told = {"stars": "3", "parts_asked": "1", **more}
    assert client.post(f"/en/propose/{sent}/rating", told).status_code == 422
    assert kept() == []


def test_a_proposal_is_rated_once(client, sent):
    client.get(f"/en/propose/{sent}/sent")
    for stars in ("5", "1"):
        client.post(f"/en/propose/{sent}/rating", {"stars": stars, "parts_asked": "1"})
        assert "Thank you for telling us" in client.page
    assert [one.stars for one in kept()] == [5]


def test_the_database_keeps_one_too(both, cast):
    code = send(cast.rosa)
    do(code, lambda p: actions.rate(p, 5, [], "", by=cast.rosa))
    with pytest.raises(WrongState):
        do(code, lambda p: actions.rate(p, 1, [], "", by=cast.rosa))
    with pytest.raises(Invalid):
        do(send(cast.rosa), lambda p: actions.rate(p, 6, [], "", by=cast.rosa))
    assert [one.stars for one in kept()] == [5]


def test_a_rating_leads_to_nobody(both, cast):
    code = send(cast.rosa)
    do(code, lambda p: actions.rate(p, 4, ["time"], "", by=cast.rosa))
    assert not inspect(Rating).columns["sent_hash"].foreign_keys
    (one,) = kept()
    with db.reading() as session:
        proposal = session.scalars(select(Proposal)).one()
        assert session.scalar(select(func.count()).select_from(Rating).where(Rating.sent_hash == code)) == 0
    row = str([getattr(one, column.key) for column in inspect(Rating).columns])
    for text in (code, "Rosa", "rosa", proposal.word_hash, proposal.link_hash):
        assert text not in row


def test_a_draft_is_not_rated(database, cast):
    with pytest.raises(WrongState):
        do(begin(cast.rosa), lambda p: actions.rate(p, 5, [], "", by=cast.rosa))


def test_staff_see_sums_and_words_and_no_code(client, database, cast):
    codes = [send(cast.rosa) for _ in range(5)]
    for number, code in enumerate(codes, start=1):
        do(code, lambda p, n=number: actions.rate(p, n, ["time"], f"Said {n}", by=cast.rosa))
    client.sign_in("giulia@city.example")
    client.get("/en/desk/ratings")
    assert "3.0 of 5 stars on average, from 5 answers" in client.page
    assert "Said 5" in client.page
    assert not [code for code in codes if code in client.page]
    client.get("/en/propose")
    assert "3.0 of 5 stars" in client.page


def test_a_few_answers_make_no_average(client, sent, cast):
    do(sent, lambda p: actions.rate(p, 1, [], "", by=cast.rosa))
    client.get("/en/propose")
    assert "of 5 stars" not in client.page


@pytest.mark.parametrize("name", ["", "eve@example.org"])
def test_an_outsider_rates_nothing_and_reads_nothing(client, sent, name):
    stranger = Browser(client.app)
    if name:
        stranger.sign_in(name)
    stranger.get("/en/propose")
    assert stranger.post(f"/en/propose/{sent}/rating", {"stars": "1", "parts_asked": "1"}).status_code == 404
    answer = stranger.get("/en/desk/ratings", follow=False)
    assert answer.status_code == (403 if name else 303)
    assert kept() == []
