"""Whoever had a case, whoever has it now and the group behind it are told that it went on, nobody else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.pacts import actions
from portal.proposals import actions as proposals
from portal.proposals.models import Proposal
from portal.record import actions as record_actions
from portal.schedule import actions as schedule
from portal.subscriptions import react
from tests.pacts import journey


def told(cast: Any) -> set[tuple[str, str]]:
    """React to everything that happened, and return the mails that came of it alone: event and reader."""
    with db.writing() as session:
        known = set(session.scalars(select(Message.id)))
        record_actions.sequence()
    with db.writing():
        run = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
    assert run is not None
    react(run, base_url="https://x.example")
    names = {cast.person(name).id: name for name in ("giulia", "marco", "rosa")}
    with db.reading() as session:
        new = session.scalars(select(Message).where(Message.id.not_in(known)))
        return {(one.event, names.get(one.person_id or 0, "?")) for one in new}


def test_a_takeover_is_told_to_whoever_had_it(cast: Any) -> None:
    proposal = journey.submitted(cast)
    for by in (cast.giulia, cast.marco):
        told(cast)
        with db.writing() as session:
            proposals.assign(session.get_one(Proposal, proposal.id), by=by)
    assert told(cast) == {("E20", "giulia"), ("E04", "rosa")}


def test_a_handover_is_told_to_the_colleague_and_to_the_group_of_a_pact(cast: Any) -> None:
    pact, by = journey.accepted(cast), cast.marco
    for to in ("marco", "giulia"):  # taken over from Giulia, then handed back to her
        person = cast.person(to)
        told(cast)
        with db.writing() as session:
            held = session.scalars(journey.queries.by_code(pact.code)).one()
            actions.hand(session.get_one(Proposal, held.proposal_id), held, person, by=by)
        assert told(cast) == {("E20", "giulia"), ("E04", "rosa")}
