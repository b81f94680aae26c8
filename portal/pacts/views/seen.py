"""What a page of the room is made from: the clause with what was suggested, said and changed there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g

from portal import db, policy
from portal.pacts import page, queries, shown
from portal.pacts.actions.texts import before, is_outdated
from portal.pacts.standing import profile_of, side_of
from portal.pacts.terms import TERMS
from portal.policy import Can
from portal.web import me

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.pacts.models import Pact, Remark, Suggestion
    from portal.pacts.room import Room

    Said = tuple[Remark, str]

# So much is shown of a clause at once; the rest is a link away.
MOST_OPEN, MOST_CLOSED, MOST_REMARKS = 15, 10, 60
NO_BOUND = 2**31 - 1
_MAY = {
    "suggest": Can.PACT_SUGGEST,
    "answer": Can.PACT_ANSWER,
    "remark": Can.PACT_REMARK,
    "agree": Can.PACT_AGREE,
    "send": Can.PACT_SEND,
}


def may(pact: Pact | Room) -> dict[str, bool]:
    """Return what the reader may do in the room."""
    return {name: policy.allows(me(), can, pact) for name, can in _MAY.items()}


def languages_of(pact: Pact, text: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the languages of a text, the one that prevails first."""
    return (pact.language, *(one for one in text["languages"] if one != pact.language))


def said_at(pact: Pact, clause_id: str) -> list[Said]:
    """Return what was said about a clause and the suggestions on it, the oldest first, with who said it."""
    rows = db.session().execute(queries.remarks_at(pact.id, clause_id, MOST_REMARKS)).all()
    return [(one, name or "") for one, name in reversed(rows)]


def suggested(
    pact: Pact, text: Mapping[str, Any], clause_id: str, said: Sequence[Said], *, since: int, older_than: int
) -> tuple[list[shown.Proposed], list[shown.Proposed]]:
    """Return what waits for an answer at a clause, and what was answered, each with what was said of it.

    One more of each than is shown, so that a page knows whether there are others.
    """
    session, side = db.session(), side_of(pact, me())
    waiting = session.execute(
        queries.open_at(pact.id, clause_id, side, since=since, most=MOST_OPEN + 1)
    ).all()
    closed = session.execute(
        queries.closed_at(pact.id, clause_id, older_than=older_than, most=MOST_CLOSED + 1)
    ).all()
    rows = [(one, name) for one, name in (*waiting, *closed)]
    firsts = {one.answers_id for one, _ in rows if one.answers_id is not None}
    answered = {one.id: one for one in session.scalars(queries.answered_by(firsts))} if firsts else {}
    found = [_proposed(pact, text, row, answered, said) for row in rows]
    return found[: len(waiting)], found[len(waiting) :]


def _proposed(
    pact: Pact,
    text: Mapping[str, Any],
    row: tuple[Suggestion, str | None],
    answered: Mapping[int, Suggestion],
    said: Sequence[Said],
) -> shown.Proposed:
    one, name = row
    stood, language = before(one), g.language
    is_terms = one.clause_id == TERMS and one.row_after is not None
    return shown.Proposed(
        one,
        name or "",
        () if one.clause_id == TERMS else shown.change_words(stood, one.row_after, language),
        page.terms_changed({**text, **stood}, {**text, **one.row_after}, profile_of(pact), language)
        if is_terms and one.row_after
        else (),
        is_outdated=one.state == "open" and is_outdated(one, text),
        is_own=one.side == side_of(pact, me()),
        answers=answered.get(one.answers_id or 0),
        remarks=[(remark, by) for remark, by in said if remark.suggestion_id == one.id],
    )


def history_of(pact: Pact, clause_id: str) -> list[Any]:
    """Return the versions that changed a clause, the newest first, with the suggestion each came from."""
    rows = db.session().execute(queries.sources(pact.id)).all()
    return [row for row in rows if row.number == 1 or clause_id in row.changed]
