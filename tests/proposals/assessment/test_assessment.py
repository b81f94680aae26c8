"""Interest first, then scores by the city's criteria; what was finished stays, and everybody reads it in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import city, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.policy import Role
from portal.proposals import actions as proposals
from portal.proposals.assessment import actions, queries, rules
from portal.proposals.models import CaseNote, InterestStatement
from tests.observations.steps import judge
from tests.proposals.steps import clear, do, find_in_order, load, see, send

CRITERIA = city.profile("bologna").criteria
SCORES = {one.id: (3, "As it should be.") for one in CRITERIA}


@given(st.dictionaries(st.sampled_from([one.id for one in CRITERIA]), st.integers(0, 4)))
def test_points_add_up_and_never_pass_the_most(given: dict[str, int]) -> None:
    found = rules.result({key: {"score": score, "reason": "x"} for key, score in given.items()}, CRITERIA)
    weights = {one.id: one.weight for one in CRITERIA}
    assert found.points == sum(weights[key] * score for key, score in given.items())
    assert found.points <= found.most
    assert found.is_whole == (len(given) == len(CRITERIA))


@pytest.mark.parametrize("odd", [None, "", {"score": True}, {"score": 5}, {"score": -1}, {"score": "3"}])
def test_what_is_no_score_counts_as_none(odd: object) -> None:
    found = rules.result({one.id: odd for one in CRITERIA}, CRITERIA)  # type: ignore[dict-item]
    assert (found.points, found.is_whole) == (0, False)


def test_nobody_judges_or_decides_before_stating_their_interest(cast):
    code = send(cast.rosa)
    do(code, lambda p: proposals.save_completeness(p, find_in_order(), by=cast.giulia))
    for verb in (
        lambda p: actions.save_scores(p, SCORES, by=cast.giulia),
        lambda p: proposals.accept_for_codesign(p, "Good.", by=cast.giulia),
        lambda p: proposals.notice_refusal(p, "Private land.", "Article 4", by=cast.giulia),
    ):
        with pytest.raises(WrongState, match="First state"):
            do(code, verb)


def test_a_stated_conflict_hands_the_case_back_for_good(cast):
    code = send(cast.rosa)
    do(code, lambda p: proposals.assign(p, by=cast.giulia))
    with pytest.raises(Invalid):
        do(code, lambda p: actions.state_interest(p, "", has_conflict=True, by=cast.giulia))
    do(code, lambda p: actions.state_interest(p, "My sister proposes it.", has_conflict=True, by=cast.giulia))
    assert see(code, lambda p: p.owner_id) is None
    for verb in (
        lambda p: proposals.assign(p, by=cast.giulia),
        lambda p: actions.save_scores(p, SCORES, by=cast.giulia),
    ):
        with pytest.raises(NotAllowed, match="You stated a conflict of interest"):
            do(code, verb)
    with pytest.raises(WrongState):
        do(code, lambda p: actions.state_interest(p, "", has_conflict=False, by=cast.giulia))
    do(code, lambda p: proposals.assign(p, by=cast.marco))


def test_a_member_of_the_group_states_nothing_away(cast):
    code = send(cast.giulia)
    clear(code, cast.giulia)
    with pytest.raises(NotAllowed):
        do(code, lambda p: actions.save_scores(p, SCORES, by=cast.giulia))


def test_a_draft_is_saved_half_and_a_finished_version_stays(cast):
    code = send(cast.rosa)
    clear(code, cast.giulia)
    do(code, lambda p: actions.save_scores(p, {"care": (2, "")}, by=cast.giulia))
    with pytest.raises(Invalid, match="every criterion"):
        do(code, lambda p: actions.finish(p, by=cast.giulia))
    do(code, lambda p: actions.save_scores(p, SCORES, by=cast.giulia))
    do(code, lambda p: actions.finish(p, by=cast.giulia))
    do(code, lambda p: actions.save_scores(p, {"care": (0, "Second thoughts.")}, by=cast.giulia))
    with db.reading() as session:
        rows = session.scalars(queries.newest(load(code).id).limit(9)).all()
    assert [(one.number, one.finished_at is None) for one in rows] == [(2, True), (1, False)]
    assert rows[1].scores["care"] == {"score": 3, "reason": "As it should be."}


def test_whoever_scored_does_not_sign_though_somebody_else_decided(cast):
    from tests.pacts import journey

    pact = journey.resourced(cast)
    marco = cast.marco
    with db.writing() as session:
        proposal = session.merge(journey.reload_proposal(pact.proposal_code))
        proposal.state = "submitted"
        judge(proposal, marco)
        proposal.state = "accepted"
    signer = replace(marco, roles=marco.roles | {Role.SIGNATORY}, is_fresh=True)
    cast.person("nuria")
    with db.writing():
        journey.actions.open_signing(journey.here(pact), by=cast.giulia)
    with pytest.raises(NotAllowed, match="You assessed this case"):
        journey.sign(journey.reload(pact), signer)


def test_the_page_asks_for_the_statement_first_and_keeps_what_is_typed(client, cast):
    code = send(cast.rosa)
    client.sign_in("giulia@city.example")
    page = f"/en/desk/cases/{code}"
    client.get(page)
    assert "state whether you have a conflict of interest" in client.page
    client.get(f"{page}/assessment")
    assert "Save the assessment" not in client.page
    assert client.post(f"{page}/interest", {"interest": "some", "which": ""}).status_code == 422
    client.post(f"{page}/interest", {"interest": "none"})
    assert "you stated that you have none" in client.page
    half = {"score_care": "2", "reason_care": "Small but keen.", "finish": "y"}
    answer = client.post(f"{page}/assessment", half)
    assert answer.status_code == 422
    assert "Small but keen." in client.page
    assert client.post(f"{page}/assessment", {"score_care": "9"}).status_code == 422
    whole = {f"score_{one.id}": "3" for one in CRITERIA} | {f"reason_{one.id}": "Fine." for one in CRITERIA}
    client.post(f"{page}/assessment", whole | {"finish": "y"})
    assert "21 of 28 points" in client.page
    client.get(page)
    assert "version 1 is finished" in client.page


def test_scores_and_reasons_are_public_with_the_decision_and_not_before(client, cast):
    code = send(cast.rosa)
    do(code, lambda p: judge(p, cast.giulia))
    address = f"/en/proposals/{code}/assessment"
    assert client.get(address).status_code == 404
    do(code, lambda p: proposals.save_completeness(p, find_in_order(), by=cast.giulia))
    do(code, lambda p: proposals.accept_for_codesign(p, "Good.", by=cast.giulia))
    client.get(address)
    assert "As it should be." in client.page
    assert "Giulia" not in client.page


def test_notes_reach_colleagues_and_nobody_else(client, cast):
    code = send(cast.rosa)
    for name in ("marco", "lea"):
        cast.person(name)
    client.sign_in("giulia@city.example")
    page = f"/en/desk/cases/{code}/notes"
    client.get(page)
    client.post(page, {"words": "@marco look at the gate", "mention": cast.lea.pseudonym})
    assert "look at the gate" in client.page
    with db.reading() as session:
        note = session.scalars(select(CaseNote)).one()
        assert note.mentioned == sorted([cast.marco.pseudonym, cast.lea.pseudonym])
        assert session.scalars(select(InterestStatement)).all() == []
    assert client.post(page, {"words": ""}).status_code == 422
    assert client.post(page, {"words": "x", "mention": "p-NOBODY"}).status_code == 422
    client.sign_in("rosa@example.org")
    assert client.get(page).status_code == 403
