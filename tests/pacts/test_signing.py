"""Who signs what: fresh, for one's own side, the agreed hash, never whoever assessed; the last one concludes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal import db
from portal.errors import NotAllowed, Stale, WrongState
from portal.pacts import actions, queries
from portal.pacts.lifecycle import State
from portal.people import actions as people
from portal.policy import SYSTEM, Role
from portal.record import Act
from tests.pacts import journey


def attempt(pact, by, content_hash: str = "") -> None:
    with db.writing():
        actions.sign(journey.here(pact), content_hash=content_hash or pact.agreed_hash, by=by)


def test_nothing_is_signed_before_everything_is_ready(both: db.Database, cast) -> None:
    pact = journey.agreed(cast)
    giulia = cast.giulia
    with db.reading():
        assert [str(one) for one in actions.missing_for_signing(journey.here(pact))] == [
            "The support in the text is not approved yet.",
            "Nobody who may sign for the city is left: the signatory must not have assessed the case.",
        ]
    with pytest.raises(WrongState), db.writing():
        actions.open_signing(journey.here(pact), by=giulia)
    with pytest.raises(WrongState):
        attempt(pact, cast.fresh("rosa"))


def test_signing_asks_for_a_fresh_password_and_the_right_hash(cast) -> None:
    pact = journey.signing(cast)
    with pytest.raises(NotAllowed):
        attempt(pact, cast.rosa)
    with pytest.raises(Stale):
        attempt(pact, cast.fresh("rosa"), "0" * 64)
    assert journey.reload(pact).signatures == []


@pytest.mark.parametrize("outsider", ["eve", "nina", "marco", "tina", "aldo"])
def test_outsiders_and_other_staff_cannot_sign(cast, outsider: str) -> None:
    pact = journey.signing(cast)
    with pytest.raises(NotAllowed):
        attempt(pact, cast.fresh(outsider))


def test_whoever_assessed_does_not_sign(cast) -> None:
    pact = journey.signing(cast)
    person = cast.person("giulia")
    with db.writing():
        people.grant(person, Role.SIGNATORY, by=SYSTEM)
    with pytest.raises(NotAllowed, match="assessed"):
        attempt(pact, cast.fresh("giulia"))


def test_a_signatory_who_proposed_signs_only_for_the_group(cast) -> None:
    pact = journey.signing(cast)
    person = cast.person("rosa")
    with db.writing():
        people.grant(person, Role.SIGNATORY, by=SYSTEM)
    rosa = cast.fresh("rosa")
    attempt(pact, rosa)
    with pytest.raises(Stale):
        attempt(pact, rosa)
    assert {one.party_id for one in journey.reload(pact).signatures} == {pact.party_of("community").id}


def test_the_holder_of_the_link_binds_an_account_by_signing(cast) -> None:
    pact = journey.signing(cast)
    with db.writing():
        journey.here(pact).party_of("community").person_id = None
    key = f"proposal:{pact.proposal_code}"
    with pytest.raises(NotAllowed):
        attempt(pact, replace(cast.fresh("teo")))
    attempt(pact, replace(cast.fresh("teo"), keys=frozenset({key})))
    assert journey.reload(pact).party_of("community").person_id == cast.person("teo").id


def test_who_decided_on_the_support_does_not_take_the_link_and_sign(cast) -> None:
    pact = journey.signing(cast)
    with db.writing():
        journey.here(pact).party_of("community").person_id = None
    holder = replace(
        cast.fresh("tina"), roles=frozenset(), keys=frozenset({f"proposal:{pact.proposal_code}"})
    )
    with pytest.raises(NotAllowed, match="decided on the support"):
        attempt(pact, holder)
    assert journey.reload(pact).signatures == []


def test_the_last_signature_brings_everything_to_life(both: db.Database, cast) -> None:
    pact = journey.signing(cast)
    pact = journey.sign(pact, cast.nuria)
    assert (pact.state, pact.signed_at) == (State.SIGNING, None)
    with db.reading() as session:
        assert session.scalars(queries.promises(pact.id)).all() == []
    pact = journey.sign(pact, cast.rosa)
    assert pact.state == State.SIGNED
    with db.reading() as session:
        facts = session.scalars(select(Act.facts).where(Act.verb == "pact:signed")).all()
        assert [one["content_hash"] for one in facts] == [pact.agreed_hash]
        assert len(session.scalars(queries.promises(pact.id)).all()) == 3


def test_later_lives_need_a_reason_and_its_source(cast) -> None:
    pact = journey.signed(cast)
    giulia, rosa = cast.giulia, cast.rosa
    for reason, source in ((" ", "art. 12"), ("Fence breached", "")):
        with pytest.raises(Exception, match=r"reason|rests"), db.writing():
            actions.suspend(journey.here(pact), reason, source, by=giulia)
    with pytest.raises(NotAllowed), db.writing():
        actions.suspend(journey.here(pact), "We are tired", "art. 12", by=rosa)
    for verb, state in ((actions.suspend, State.SUSPENDED), (actions.resume, State.SIGNED)):
        with db.writing():
            verb(journey.here(pact), "A fence was breached", "art. 12", by=giulia)
        assert journey.reload(pact).state == state
    with db.writing():
        actions.terminate(journey.here(pact), "Both sides want it", "art. 14", by=giulia)
    pact = journey.reload(pact)
    assert (pact.state, pact.ended_at is None) == (State.TERMINATED, False)
