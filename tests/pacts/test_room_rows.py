"""The room as rows: the same on both databases, out of date never, and silent to whoever may not enter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal import db
from portal.pacts import actions, queries
from portal.pacts.room import Room, room_at
from portal.pacts.terms import terms_of
from tests.browser import Browser
from tests.counting import counting
from tests.pacts import journey

CLAUSE = "object"
WORDS = {"text": {"it": "Alle nove.", "en": "At nine."}}
OTHERS = {"text": {"it": "Alle dieci.", "en": "At ten."}}


def room(pact: Any) -> Room:
    with db.reading():
        found = room_at(f" {pact.code.lower()} ")
    assert found is not None
    return found


def whole(pact: Any) -> Any:
    with db.reading() as session:
        return session.scalars(queries.by_code(pact.code)).one()


def suggest(pact: Any, wanted: dict[str, Any], by: Any) -> Any:
    with db.writing():
        return actions.suggest(journey.here(pact), CLAUSE, wanted, by=by)


def test_the_rows_say_what_the_whole_pact_says(both: Any, cast: Any) -> None:
    pact = journey.agree(journey.settled(cast), cast.rosa)
    people = [getattr(cast, name) for name in ("rosa", "teo", "eve", "giulia", "nuria", "aldo")]
    with db.reading():
        assert [whole(pact).relations(one) for one in people] == [room(pact).relations(one) for one in people]
    assert list(room(pact).agreed) == ["community"]
    assert room(pact).void_of("community") is None
    suggest(pact, WORDS, cast.giulia)
    suggest(pact, OTHERS, cast.rosa)
    suggest(pact, OTHERS, cast.rosa)
    assert room(pact).counts == {(CLAUSE, "city"): 1, (CLAUSE, "community"): 2}
    assert room_in("BO-1999-001") is None
    pact = journey.change(cast, pact, CLAUSE, WORDS)
    void = room(pact).void_of("community")
    assert (void.number, void.made_by_side, void.was_suggested) == (pact.last_version, "community", True)
    assert room(pact).void_of("city") is None


def room_in(code: str) -> Any:
    with db.reading():
        return room_at(code)


@pytest.fixture
def rosa(app: Any, cast: Any) -> Browser:
    found = Browser(app)
    found.sign_in(cast.person("rosa").email)
    return found


def test_who_made_an_agreement_void_is_said_as_it_was(cast: Any, rosa: Browser) -> None:
    pact = journey.agree(journey.settled(cast), cast.rosa)
    address = f"/en/pacts/{pact.code}/co-design"
    pact = journey.change(cast, pact, CLAUSE, WORDS)
    rosa.get(address)
    assert "Your side took a suggestion of the other side into version" in rosa.page
    pact = journey.agree(pact, cast.rosa)
    giulia, rosa_herself = cast.giulia, cast.rosa
    mine = suggest(pact, OTHERS, rosa_herself)
    with db.writing() as session:
        actions.answer_suggestion(session.merge(mine), accept=True, pact=journey.here(pact), by=giulia)
    rosa.get(address)
    assert "The other side took a suggestion of yours into version" in rosa.page
    pact = journey.agree(journey.reload(pact), rosa_herself)
    terms = terms_of(journey.version_of(pact).text)
    with db.writing():
        actions.change_terms(journey.here(pact), replace(terms, fences=terms.fences[:1]), by=giulia)
    rosa.get(address)
    assert "The other side made version" in rosa.page


def test_a_room_is_never_out_of_date_and_asks_four_questions(cast: Any, rosa: Browser) -> None:
    pact = journey.accepted(cast)
    address = f"/en/pacts/{pact.code}/co-design"
    rosa.get(address)
    assert "To answer: 1" not in rosa.page
    assert 'href="#stands"' in rosa.page  # on a telephone what stands comes after sixty clauses
    made = suggest(pact, WORDS, cast.giulia)
    with counting() as asked:
        rosa.get(address)
    assert len(asked) == 4, "\n\n".join(asked)
    assert "To answer: 1" in rosa.page
    giulia = cast.giulia
    with db.writing() as session:
        actions.withdraw_suggestion(session.merge(made), pact=journey.here(pact), by=giulia)
    rosa.get(address)
    assert "To answer: 1" not in rosa.page
    journey.change(cast, pact, CLAUSE, WORDS)
    rosa.get(address)
    assert "Version 2" in rosa.page
    assert "Version 1<" not in rosa.page


def test_no_room_and_a_room_of_others_are_the_same_answer(app: Any, cast: Any) -> None:
    pact = journey.accepted(cast)
    eve = Browser(app)
    eve.sign_in(cast.person("eve").email)
    answers = [eve.get(f"/en/pacts/{code}/co-design") for code in (pact.code, "BO-1999-001")]
    assert [one.status_code for one in answers] == [404, 404]
    assert "There is no such page" in eve.page


def test_a_session_without_its_account_is_nobodys(app: Any, cast: Any, rosa: Browser) -> None:
    rosa.get("/en/account")
    assert "Rosa" in rosa.page
    person = cast.person("rosa")
    with db.writing() as session:
        session.merge(person).suspended_at = person.joined_at
    assert rosa.get("/en/account").request.path == "/en/sign-in"
    assert "Rosa" not in rosa.page
