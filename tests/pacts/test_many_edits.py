"""Many edits of one clause over many connections at once: no word is lost, and the versions have one order."""

from __future__ import annotations

import os
import threading
from typing import Any

from portal import db
from portal.errors import Stale
from portal.pacts import actions, queries
from portal.pacts.actions.held import hold
from portal.pacts.actions.texts import clause_of
from portal.pacts.merging import merged
from tests.pacts import journey

CLAUSE = "object"
# In the suite a few; the whole number with PORTAL_EDITS=200 and 20 connections.
EDITS, CONNECTIONS = int(os.environ.get("PORTAL_EDITS", "8")), int(os.environ.get("PORTAL_CONNECTIONS", "4"))


def words_of(text: Any) -> str:
    return str(clause_of(text, CLAUSE)["text"]["it"])


def write(pact: Any, words: str, base: int, sides: tuple[Any, Any]) -> None:
    """Suggest words for the clause and let the other side accept them."""
    change = {"text": {"it": words, "en": words}}
    made = actions.suggest(journey.here(pact), CLAUSE, change, by=sides[0], base=base)
    actions.answer_suggestion(made, accept=True, pact=journey.here(pact), by=sides[1])


def edit(pact: Any, word: str, before: Any, sides: tuple[Any, Any]) -> None:
    """Change one word on the text that was read; where it moved meanwhile, on both texts merged."""
    base = words_of(before.text)
    mine = base.replace(f"{word} ", f"{word}-nuova ")
    try:
        with db.writing():
            write(pact, mine, before.number, sides)
    except Stale:
        with db.writing() as session:
            now = session.scalars(queries.version(pact.id, hold(journey.here(pact)).last_version)).one()
            both = merged(base, words_of(now.text), mine)
            assert both.is_whole
            write(pact, both.words, now.number, sides)


def test_no_word_is_lost_and_there_is_one_order(both: db.Database, cast: Any) -> None:
    pact, rosa, giulia = journey.accepted(cast), cast.rosa, cast.giulia
    words = [f"parola{n}" for n in range(EDITS)]
    text = " ".join(f"{word} sta dove stava." for word in words)
    pact = journey.change(cast, pact, CLAUSE, {"text": {"it": text, "en": text}})
    before, failed = journey.version_of(pact), []

    def work(place: int) -> None:
        sides = (rosa, giulia) if place % 2 else (giulia, rosa)
        try:
            for word in words[place::CONNECTIONS]:
                edit(pact, word, before, sides)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(CONNECTIONS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=300)
    assert failed == []
    with db.reading() as session:
        versions = session.scalars(queries.versions(pact.id)).all()
    assert [one.number for one in versions] == list(range(EDITS + 2, 0, -1))
    assert words_of(versions[0].text) == " ".join(f"{word}-nuova sta dove stava." for word in words)
    # Each version is the one before it with one word more: nobody wrote over anybody.
    counts = [words_of(one.text).count("-nuova") for one in versions]
    assert counts == [*range(EDITS, -1, -1), 0]
