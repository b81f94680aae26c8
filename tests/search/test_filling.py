"""What is public can be found from the moment it is, and nothing else ever is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text

from portal import city, db, search
from portal.operations import indexing
from portal.organisations import actions as organisations
from portal.organisations.models import Kind
from portal.pacts import actions as pacts
from portal.policy import SYSTEM
from portal.proposals import actions as proposals
from portal.proposals.findable import card_of
from portal.proposals.shapes import What
from portal.search.models import Entry
from tests.pacts import journey
from tests.search.conftest import found

SECRETS = ("Neri", "example", "051", "touched", "vicini")


def _entries() -> dict[str, tuple[Any, ...]]:
    columns = [column for column in Entry.__table__.columns if column.name not in {"id", "key"}]
    with db.reading() as session:
        return {key: tuple(row) for key, *row in session.execute(select(Entry.key, *columns))}


def test_a_draft_is_never_found_and_a_sent_proposal_at_once(cast: Any) -> None:
    rosa = cast.rosa
    with db.writing():
        draft = proposals.start(by=rosa, profile=city.profile("bologna"), language="it").proposal
        proposals.save_what(draft, What("place", "Bozza segreta", "Non ancora inviata"), by=rosa)
    assert found("bozza") == []
    sent = journey.submitted(cast, title="Giardino appena inviato")
    assert found("giardini") == ["Giardino appena inviato"]
    assert set(_entries()) == {sent.key}


def test_what_is_taken_back_is_found_no_more(cast: Any) -> None:
    sent = journey.submitted(cast, title="Giardino ritirato")
    with db.writing() as session:
        proposals.withdraw(session.merge(sent), by=cast.rosa)
    assert found("giardino") == []


def test_a_case_whose_missing_items_never_came_is_found_no_more(cast: Any) -> None:
    sent = journey.submitted(cast, title="Giardino scaduto")
    giulia = cast.giulia
    with db.writing() as session:
        case = session.merge(sent)
        proposals.assign(case, by=giulia)
        proposals.ask_supplement(case, "Manca la mappa", by=giulia)
    assert found("giardino") == ["Giardino scaduto"]
    with db.writing() as session:
        proposals.lapse(session.merge(journey.reload_proposal(sent.code)), by=SYSTEM)
    assert found("giardino") == []


def test_nothing_of_who_proposes_can_be_found(cast: Any) -> None:
    journey.submitted(cast)
    with db.reading() as session:
        kept = " ".join(f"{row.title} {row.about} {row.words}" for row in session.scalars(select(Entry)))
    assert not [secret for secret in SECRETS if secret.lower() in kept.lower()]
    assert [found(secret) for secret in SECRETS] == [[]] * len(SECRETS)


def test_names_of_people_who_propose_without_an_organisation_stay_out(cast: Any) -> None:
    sent = journey.submitted(cast, title="Panchina")
    with db.writing() as session:
        case = session.merge(sent)
        case.group_kind, case.group_name = "citizens", "Tizio Caio"
        search.put(card_of(case))
    assert found("Caio") == []


def test_a_pact_and_its_commons_are_found_from_co_design_on_and_its_promises_from_signing(cast: Any) -> None:
    pact = journey.accepted(cast, title="Patto del cancello")
    kinds = {row.partition(":")[0] for row in _entries()}
    assert kinds == {"proposal", "pact", "commons", "organisation"}
    assert found("cancello", kind="pact") == ["Patto del cancello"]
    assert found("aprire cancello", kind="pact") == []
    assert found("orti larga", kind="organisation") == ["Orti di Via Larga"]
    signing = journey.signing(cast, title="Patto del portone")
    assert found("aprire cancello", kind="pact") == ["Patto del portone"]
    with db.writing() as session:
        pacts.reopen(session.merge(signing), "Si cambia", by=cast.giulia)
    assert found("aprire cancello", kind="pact") == []
    assert pact.code != signing.code


def test_an_index_made_anew_is_the_one_the_verbs_made(both: Any, cast: Any) -> None:
    journey.accepted(cast, title="Patto in scrittura")
    journey.signed(cast, title="Patto firmato")
    gone = journey.submitted(cast, title="Ritirata")
    with db.writing() as session:
        proposals.withdraw(session.merge(gone), by=cast.rosa)
        organisations.found("Amici del Cinno", Kind.ASSOCIATION, by=SYSTEM)
    before = _entries()
    with db.writing() as session:
        session.execute(text("UPDATE search_entry SET words = 'nonsense'"))
        search.put(search.Card("proposal:PR-GONE-22", gone.submitted_at, "it", "Fantasma"))
        count = indexing.rebuild()
    assert (_entries(), count) == (before, len(before))
    assert found("cinno") == ["Amici del Cinno"]
    assert found("fantasma") == []


def test_an_empty_index_is_filled_once(database: Any, cast: Any) -> None:
    journey.submitted(cast, title="Giardino vecchio")
    with db.writing() as session:
        session.execute(text("DELETE FROM search_entry"))
    assert indexing.fill_if_empty() == 1
    assert indexing.fill_if_empty() == 0
    assert found("giardino") == ["Giardino vecchio"]
