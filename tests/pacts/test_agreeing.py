"""Agreement is given to one hash: a changed word voids it, and nobody answers their own suggestion."""

from __future__ import annotations

import pytest

from portal import db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.pacts import actions, queries
from portal.pacts.lifecycle import State
from portal.pacts.terms import terms_of
from portal.support import queries as support
from tests.pacts import journey


def free_clause(pact) -> str:
    """Return a clause whose words the parties may write themselves."""
    rows = journey.version_of(pact).text["clauses"]
    return next(one["id"] for one in rows if not one["locked"] and not one["none_because"])


OWN = {"text": {"it": "Parole nostre.", "en": "Our words."}}


def test_the_last_agreement_settles_the_text_and_asks_for_support(both: db.Database, cast) -> None:
    pact = journey.agreed(cast)
    assert pact.state == State.AGREED
    assert pact.agreed_hash == journey.version_of(pact).content_hash
    with db.reading() as session:
        rows = session.scalars(support.current(pact.key)).all()
    assert {one.kind: one.state for one in rows} == {"funding": "asked", "legal": "asked"}


def test_agreeing_twice_changes_nothing(cast) -> None:
    pact = journey.settled(cast)
    journey.agree(pact, cast.rosa)
    pact = journey.agree(pact, cast.rosa)
    assert [one.side for one in pact.agreements] == ["community"]
    assert pact.state == State.CO_DESIGN


def test_a_changed_word_voids_the_agreement(both: db.Database, cast) -> None:
    pact = journey.settled(cast)
    before = journey.version_of(pact)
    pact = journey.agree(pact, cast.rosa)
    pact = journey.change(cast, pact, free_clause(pact), OWN)
    assert pact.agreements == []
    assert pact.last_version == before.number + 1
    rosa = cast.rosa
    with pytest.raises(Stale), db.writing():
        actions.agree(journey.here(pact), before.number, before.content_hash, by=rosa)
    # The hash decides, not the number: the new number with the old hash is refused too.
    with pytest.raises(Stale), db.writing():
        actions.agree(journey.here(pact), pact.last_version, before.content_hash, by=rosa)


def test_an_incomplete_text_cannot_be_agreed_to(cast) -> None:
    pact = journey.accepted(cast)
    rosa, giulia = cast.rosa, cast.giulia
    version = journey.version_of(pact)
    with db.writing():
        terms = terms_of(version.text)
        from dataclasses import replace

        alone = tuple(one for one in terms.commitments if one.side == "community")
        made = actions.change_terms(journey.here(pact), replace(terms, commitments=alone), by=giulia)
    with pytest.raises(WrongState, match="city promises nothing"), db.writing():
        actions.agree(journey.here(pact), made.number, made.content_hash, by=rosa)


def test_only_the_other_side_answers(cast) -> None:
    pact = journey.accepted(cast)
    giulia, marco, clause_id = cast.giulia, cast.marco, free_clause(pact)
    with db.writing():
        made = actions.suggest(journey.here(pact), clause_id, OWN, by=giulia)
    for actor in (giulia, marco):
        with pytest.raises(NotAllowed), db.writing() as session:
            one = session.scalars(queries.suggestion(pact.id, made.id)).one()
            actions.answer_suggestion(one, accept=True, pact=journey.here(pact), by=actor)
    assert journey.reload(pact).last_version == 1


def test_a_suggestion_on_an_older_clause_is_stale_and_kept(cast) -> None:
    pact = journey.accepted(cast)
    giulia, rosa, clause_id = cast.giulia, cast.rosa, free_clause(pact)
    with db.writing():
        first = actions.suggest(journey.here(pact), clause_id, OWN, "mine", by=giulia)
    journey.change(cast, pact, clause_id, {"text": {"it": "Altre parole.", "en": "Other words."}})
    with pytest.raises(Stale), db.writing() as session:
        one = session.scalars(queries.suggestion(pact.id, first.id)).one()
        actions.answer_suggestion(one, accept=True, pact=journey.here(pact), by=rosa)
    with pytest.raises(Stale), db.writing():
        actions.suggest(journey.here(pact), clause_id, OWN, by=rosa, base=1)
    with db.reading() as session:
        kept = session.scalars(queries.suggestion(pact.id, first.id)).one()
    assert (kept.state, kept.comment) == ("open", "mine")


def test_a_suggestion_elsewhere_stays_good_when_another_clause_changed(cast) -> None:
    pact = journey.accepted(cast)
    rows = journey.version_of(pact).text["clauses"]
    first, second = [one["id"] for one in rows if not one["locked"] and not one["none_because"]][:2]
    giulia, rosa = cast.giulia, cast.rosa
    with db.writing():
        made = actions.suggest(journey.here(pact), second, OWN, by=giulia)
    journey.change(cast, pact, first, OWN)
    with db.writing() as session:
        one = session.scalars(queries.suggestion(pact.id, made.id)).one()
        version = actions.answer_suggestion(one, accept=True, pact=journey.here(pact), by=rosa)
    assert version.number == 3
    texts = {one["id"]: one["text"]["it"] for one in version.text["clauses"]}
    assert texts[first] == texts[second] == "Parole nostre."


def test_reopening_voids_everything_and_gives_support_back(both: db.Database, cast) -> None:
    pact = journey.signing(cast)
    pact = journey.sign(pact, cast.rosa)
    giulia = cast.giulia
    with pytest.raises(Invalid), db.writing():
        actions.reopen(journey.here(pact), " ", by=giulia)
    with db.writing():
        actions.reopen(journey.here(pact), "The dates do not hold any more", by=giulia)
    pact = journey.reload(pact)
    assert (pact.state, pact.agreements, pact.signatures, pact.agreed_hash) == (State.CO_DESIGN, [], [], "")
    with db.reading() as session:
        assert {one.state for one in session.scalars(support.of_version(pact.key, pact.last_version))} == {
            "released"
        }
    # The same text can be agreed to, resourced and signed again.
    journey.agree(pact, cast.rosa)
    pact = journey.resource(cast, journey.agree(pact, giulia))
    with db.writing():
        actions.open_signing(journey.here(pact), by=giulia)
    journey.sign(journey.reload(pact), cast.rosa)
    assert journey.sign(pact, cast.nuria).state == State.SIGNED if pact.agreed_hash else False


def test_the_community_suggests_terms_and_the_city_writes_them(cast) -> None:
    from dataclasses import replace

    pact = journey.accepted(cast)
    rosa, giulia = cast.rosa, cast.giulia
    terms = terms_of(journey.version_of(pact).text)
    cheaper = replace(terms, support=(replace(terms.support[0], amount=200_000),))
    with db.writing():
        suggested = actions.change_terms(journey.here(pact), cheaper, "Less is enough", by=rosa)
    assert journey.reload(pact).last_version == 1
    with db.writing() as session:
        one = session.scalars(queries.suggestion(pact.id, suggested.id)).one()
        actions.answer_suggestion(one, accept=True, pact=journey.here(pact), by=giulia)
    text = journey.version_of(journey.reload(pact)).text
    assert [(one["amount"], one["value_cents"]) for one in text["support"]] == [(200_000, 200_000)]


def test_dates_must_be_in_order(cast) -> None:
    from dataclasses import replace

    pact = journey.accepted(cast)
    giulia = cast.giulia
    terms = terms_of(journey.version_of(pact).text)
    with pytest.raises(Invalid), db.writing():
        actions.change_terms(journey.here(pact), replace(terms, ends_on=terms.starts_on), by=giulia)
    with pytest.raises(Invalid), db.writing():
        actions.change_terms(journey.here(pact), terms, by=giulia)
