"""Questions of the co-design room: what waits at which clause, and what was said and changed at one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, Select, case, cast, func, literal_column, select

from portal.pacts.models import PactVersion, Remark, Suggestion
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

OPEN = "open"


def waiting(pact_id: int) -> Select[str, str, int]:
    """Select how many open suggestions of each side there are at each clause."""
    count = func.count()
    found = select(Suggestion.clause_id, Suggestion.side, count)
    found = found.where(Suggestion.pact_id == pact_id, Suggestion.state == OPEN)
    return found.group_by(Suggestion.clause_id, Suggestion.side).order_by(func.min(Suggestion.id))


def open_at(
    pact_id: int, clause_id: str, side: str, *, since: int, most: int
) -> Select[Suggestion, str | None]:
    """Select the open suggestions at a clause with who made them: first what `side` must answer."""
    own = case((Suggestion.side == side, 1), else_=0)
    found = _at(pact_id, clause_id).where(Suggestion.state == OPEN)
    return found.order_by(own, Suggestion.id).offset(since).limit(most)


def closed_at(pact_id: int, clause_id: str, *, older_than: int, most: int) -> Select[Suggestion, str | None]:
    """Select the answered suggestions at a clause with who made them, the newest first."""
    found = _at(pact_id, clause_id).where(Suggestion.state != OPEN, Suggestion.id < older_than)
    return found.order_by(Suggestion.id.desc()).limit(most)


def _at(pact_id: int, clause_id: str) -> Select[Suggestion, str | None]:
    found = select(Suggestion, Person.name).outerjoin(Person, Person.id == Suggestion.person_id)
    return found.where(Suggestion.pact_id == pact_id, Suggestion.clause_id == clause_id)


def answered_by(ids: Iterable[int]) -> Select[Suggestion]:
    """Select the suggestions of these ids, which others answered with other words."""
    return select(Suggestion).where(Suggestion.id.in_(list(ids)))


def remarks_at(pact_id: int, clause_id: str, most: int) -> Select[Remark, str | None]:
    """Select what was said about a clause and the suggestions on it with who said it, the newest first."""
    found = select(Remark, Person.name).outerjoin(Person, Person.id == Remark.person_id)
    found = found.where(Remark.pact_id == pact_id, Remark.clause_id == clause_id)
    return found.order_by(Remark.id.desc()).limit(most)


def headlines(pact_id: int) -> Select[int, datetime, str, str, list[str], str]:
    """Select all versions without their text, the newest first."""
    chosen = select(
        PactVersion.number,
        PactVersion.made_at,
        PactVersion.made_by_side,
        PactVersion.note,
        PactVersion.changed,
        PactVersion.voided,
    )
    return chosen.where(PactVersion.pact_id == pact_id).order_by(PactVersion.number.desc())


def last_void(pact_id: int, side: str) -> Select[int, list[str], str]:
    """Select the newest version that made the agreement of a side void."""
    found = select(PactVersion.number, PactVersion.changed, PactVersion.made_by_side)
    found = found.where(PactVersion.pact_id == pact_id, PactVersion.voided.contains(side))
    return found.order_by(PactVersion.number.desc()).limit(literal_column("1", Integer))


def last_accepted(pact_id: int, clause_id: str) -> Select[str | None]:
    """Select who suggested the newest change of a clause that was accepted."""
    found = select(Person.name).select_from(Suggestion).join(Person, Person.id == Suggestion.person_id)
    found = found.where(
        Suggestion.pact_id == pact_id,
        Suggestion.clause_id == clause_id,
        Suggestion.made_version.is_not(None),
    )
    return found.order_by(Suggestion.made_version.desc()).limit(1)


def sources(pact_id: int) -> Select[int, datetime, str, str, list[str], int | None, str | None, str | None]:
    """Select all versions without their text, the newest first, with the suggestion that each came from."""
    joined = select(
        PactVersion.number,
        PactVersion.made_at,
        PactVersion.made_by_side,
        PactVersion.note,
        PactVersion.changed,
        Suggestion.id.label("suggestion_id"),
        Suggestion.side.label("side"),
        Person.name.label("by"),
    ).outerjoin(
        Suggestion,
        (Suggestion.pact_id == PactVersion.pact_id) & (Suggestion.made_version == PactVersion.number),
    )
    joined = joined.outerjoin(Person, Person.id == Suggestion.person_id)
    return joined.where(PactVersion.pact_id == pact_id).order_by(PactVersion.number.desc())


def own_clauses_suggested(pact_id: int) -> Select[int | None]:
    """Select the highest number of a clause of the parties' own that was ever suggested."""
    number = cast(func.substr(Suggestion.clause_id, len("own-") + 1), Integer)
    return select(func.max(number)).where(
        Suggestion.pact_id == pact_id, Suggestion.clause_id.startswith("own-", autoescape=True)
    )
