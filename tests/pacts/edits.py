"""Many edits of one clause over many connections at once, as both sides make them at their desks."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from portal import db
from portal.errors import Stale
from portal.pacts import actions, queries
from portal.pacts.actions.held import hold
from portal.pacts.actions.texts import clause_of
from portal.pacts.merging import merged
from portal.pacts.models import Suggestion
from tests.pacts import journey

CLAUSE = "object"
DECLINED, LEFT = 4, 5  # every fifth edit is declined, every sixth left for later
PATIENCE = 300


def words_of(row: Any) -> str:
    return str(row["text"]["it"])


def sentence(place: int) -> str:
    return f"Il posto{place} apre alle ore {place % 24} e la chiave{place} sta dal vicino{place}."


@dataclass
class Edits:
    """One pact whose clause many change at once; what fails is kept for the test to show."""

    pact: Any
    sides: tuple[Any, Any]
    count: int
    failed: list[BaseException] = field(default_factory=list)

    def run(self, connections: int) -> None:
        """Let so many write at once, each with the text in hand that all of them read at the beginning."""
        base = words_of(self._row())
        threads = [
            threading.Thread(target=self._work, args=(range(place, self.count, connections), base))
            for place in range(connections)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join(timeout=PATIENCE)

    def _work(self, places: range, base: str) -> None:
        number = 2
        try:
            for place in places:
                self._edit(place, number, base)
                with db.reading() as session:  # whoever goes on writes on what stands by now
                    now = self._newest(session)
                    number, base = now.number, words_of(clause_of(now.text, CLAUSE))
        except BaseException as error:
            self.failed.append(error)

    def _edit(self, place: int, number: int, base: str) -> None:
        """Suggest one word on the text that was read; where it moved meanwhile, on both texts merged."""
        ours, theirs = self.sides if place % 2 else self.sides[::-1]
        mine = base.replace(f"chiave{place} ", f"cassetta{place} ")
        try:
            with db.writing():
                made = self._suggest(mine, number, ours).id
        except Stale:
            with db.writing() as session:
                made = self._suggest(self._both(session, base, mine), None, ours).id
        if place % 6 != LEFT:
            self._answer(made, theirs, accept=place % 6 != DECLINED)
        if place % 6 < 2:
            self._anew(made, place, ours, theirs)

    def _suggest(self, words: str, base: int | None, by: Any) -> Any:
        change = {"text": {"it": words, "en": words}}
        return actions.suggest(journey.here(self.pact), CLAUSE, change, by=by, base=base)

    def _both(self, session: Any, base: str, mine: str) -> str:
        hold(journey.here(self.pact))
        both = merged(base, words_of(clause_of(self._newest(session).text, CLAUSE)), mine)
        assert both.is_whole
        return both.words

    def _answer(self, number: int, by: Any, *, accept: bool) -> None:
        """Answer; what the text has overtaken meanwhile stays as it is, open and with its words."""
        try:
            with db.writing() as session:
                one = session.scalars(queries.suggestion(self.pact.id, number)).one()
                actions.answer_suggestion(
                    one, accept=accept, answer="No", pact=journey.here(self.pact), by=by
                )
        except Stale:
            assert accept

    def _anew(self, number: int, place: int, ours: Any, theirs: Any) -> None:
        """Bring what was overtaken onto the present text, and let the other side accept it there and then."""
        with db.writing() as session:
            pact = hold(journey.here(self.pact))
            one = session.scalars(queries.suggestion(pact.id, number)).one()
            if one.state != "open":
                return
            actions.withdraw_suggestion(one, pact=pact, by=ours)
            words = words_of(clause_of(self._newest(session).text, CLAUSE))
            words = words.replace(f"chiave{place} ", f"cassetta{place} ")
            made = self._suggest(words, None, ours)
            actions.answer_suggestion(made, accept=True, pact=pact, by=theirs)

    def _newest(self, session: Any) -> Any:
        return session.scalars(queries.versions(self.pact.id).limit(1)).one()

    def _row(self) -> Any:
        with db.reading() as session:
            return clause_of(self._newest(session).text, CLAUSE)


def settled(cast: Any, count: int, connections: int) -> Edits:
    """Make a clause of so many sentences, and let each be changed by one of so many writers at once."""
    text = " ".join(sentence(place) for place in range(count))
    pact = journey.change(cast, journey.accepted(cast), CLAUSE, {"text": {"it": text, "en": text}})
    edits = Edits(pact, (cast.rosa, cast.giulia), count)
    edits.run(connections)
    return edits


def check(edits: Edits) -> None:
    """Nothing failed, no word that was typed is gone, and the versions follow each other one by one."""
    assert edits.failed == []
    with db.reading() as session:
        versions = session.scalars(queries.versions(edits.pact.id)).all()[::-1]
        kept = session.scalars(select(Suggestion).where(Suggestion.pact_id == edits.pact.id)).all()
    texts = [words_of(clause_of(one.text, CLAUSE)) for one in versions]
    assert [one.number for one in versions] == list(range(1, len(versions) + 1))
    for place in range(edits.count):
        word = f"cassetta{place} "
        waits = any(word in words_of(one.row_after) for one in kept if one.state in {"open", "declined"})
        assert word in texts[-1] or waits, word
    # Each version is the one before it with words more: nobody wrote over anybody.
    changed = [{word for word in text.split() if word.startswith("cassetta")} for text in texts[1:]]
    assert all(before < after for before, after in pairwise(changed))
    accepted = [one.made_version for one in kept if one.state == "accepted"]
    assert sorted(accepted) == list(range(2, len(versions) + 1))
    assert len(versions) > edits.count // 4
