"""Two at the same moment: one wins or both are in order, and nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import db
from portal.errors import Refused
from portal.pacts import actions, queries
from portal.pacts.lifecycle import State
from portal.pacts.models import Pact, Promise, Report
from portal.proposals import queries as proposals
from portal.record import Act
from tests.pacts import journey

LOST = (Refused, IntegrityError, StaleDataError)


def at_once(*steps: Callable[[], object]) -> list[BaseException | None]:
    """Run the steps together and return what each one raised."""
    barrier, raised = threading.Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Callable[[], object]) -> None:
        try:
            with db.writing():
                barrier.wait(timeout=20)
                step()
        except BaseException as error:
            raised[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert all(one is None or isinstance(one, LOST) for one in raised), raised
    return raised


def count(table: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_one_proposal_accepted_by_two_officers_becomes_one_pact(both: db.Database, cast) -> None:
    proposal = journey.checked(cast)
    officers = cast.giulia, cast.marco

    def accept(by: Any) -> None:
        found = db.session().scalars(proposals.with_parts(proposals.by_any_code(proposal.code))).one()
        actions.open_from(found, reason=journey.REASON, pact_class="ordinary", by=by)

    raised = at_once(*(lambda by=by: accept(by) for by in officers))
    assert sum(one is None for one in raised) == 1, raised
    assert count(Pact) == 1


def test_two_proposals_accepted_at_once_get_two_numbers(both: db.Database, cast) -> None:
    codes = [journey.checked(cast).code, journey.checked(cast, holder="teo", title="Un altro posto").code]
    giulia = cast.giulia

    def accept(code: str) -> None:
        found = db.session().scalars(proposals.with_parts(proposals.by_any_code(code))).one()
        actions.open_from(found, reason=journey.REASON, pact_class="ordinary", by=giulia)

    assert at_once(*(lambda code=code: accept(code) for code in codes)) == [None, None]
    with db.reading() as session:
        assert sorted(session.scalars(select(Pact.number))) == [1, 2]


def test_two_agreements_at_once_settle_the_text_once(both: db.Database, cast) -> None:
    pact = journey.settled(cast)
    version = journey.version_of(pact)

    def agree(by: Any) -> None:
        actions.agree(journey.here(pact), version.number, version.content_hash, by=by)

    assert at_once(*(lambda by=by: agree(by) for by in (cast.rosa, cast.giulia))) == [None, None]
    assert journey.reload(pact).state == State.AGREED


def test_the_last_two_signatures_at_once_conclude_once(both: db.Database, cast) -> None:
    pact = journey.signing(cast)

    def sign(by: Any) -> None:
        actions.sign(journey.here(pact), content_hash=pact.agreed_hash, by=replace(by, is_fresh=True))

    assert at_once(*(lambda by=by: sign(by) for by in (cast.rosa, cast.nuria))) == [None, None]
    assert journey.reload(pact).state == State.SIGNED
    assert count(Promise) == 3
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Act.verb == "pact:signed")) == 1
        assert session.scalar(select(func.count()).where(Act.verb == "support:committed")) == 2


def test_one_party_signing_twice_at_once_signs_once(both: db.Database, cast) -> None:
    pact = journey.signing(cast)
    rosa = replace(cast.rosa, is_fresh=True)

    def sign() -> None:
        actions.sign(journey.here(pact), content_hash=pact.agreed_hash, by=rosa)

    assert sum(one is None for one in at_once(sign, sign)) == 1
    assert len(journey.reload(pact).signatures) == 1


def test_a_change_and_an_agreement_at_once_never_agree_to_another_text(both: db.Database, cast) -> None:
    pact = journey.settled(cast)
    version = journey.version_of(pact)
    rows = version.text["clauses"]
    clause_id = next(one["id"] for one in rows if not one["locked"] and not one["none_because"])
    giulia, rosa = cast.giulia, cast.rosa
    with db.writing():
        own = {"text": {"it": "Parole nostre.", "en": "Our words."}}
        made = actions.suggest(journey.here(pact), clause_id, own, by=rosa)

    def change() -> None:
        one = db.session().scalars(queries.suggestion(pact.id, made.id)).one()
        actions.answer_suggestion(one, accept=True, pact=journey.here(pact), by=giulia)

    def agree() -> None:
        actions.agree(journey.here(pact), version.number, version.content_hash, by=rosa)

    at_once(change, agree)
    pact = journey.reload(pact)
    assert all(one.version == pact.last_version for one in pact.agreements)


def test_two_reports_of_one_period_at_once_become_one(both: db.Database, cast) -> None:
    pact = journey.signed(cast)
    rosa, content = cast.rosa, journey.told(pact)

    def send() -> None:
        actions.send_report(journey.here(pact), 1, content, by=rosa)

    assert sum(one is None for one in at_once(send, send)) == 1
    assert count(Report) == 1


@pytest.mark.parametrize("number", [0, 99])
def test_there_is_no_report_without_a_period(cast, number: int) -> None:
    pact = journey.signed(cast)
    rosa, content = cast.rosa, journey.told(pact)
    with pytest.raises(Refused), db.writing():
        actions.send_report(journey.here(pact), number, content, by=rosa)
