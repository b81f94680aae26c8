"""What was prescribed for a pact, read with its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.pacts import queries
from portal.pacts.prescriptions import Prescribed, Source, answers_of, came_of, prescribed
from portal.proposals.assessment import queries as assessment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.pacts.models import Pact
    from portal.proposals.models import Opinion


def sources(pact: Pact) -> tuple[Source, ...]:
    """Return the versions of the text, the newest first, with the suggestion that each came from."""
    rows = db.session().execute(queries.sources(pact.id))
    return tuple(
        Source(row.number, tuple(row.changed), row.suggestion_id, row.clause_id or "") for row in rows
    )


def made_of(pact: Pact, rows: Iterable[Prescribed]) -> dict[str, Source]:
    """Return of which suggestion came what meets each of them, by its key; asked only where one is met."""
    met = [one for one in rows if one.answer is not None and one.answer.version]
    known = sources(pact) if met else ()
    found = ((one.key, came_of(one, known)) for one in met)
    return {key: source for key, source in found if source is not None}


def prescribed_for(pact: Pact, opinions: Iterable[Opinion] | None = None) -> tuple[Prescribed, ...]:
    """Return what was prescribed, with its answers; nothing more is asked where nothing was prescribed."""
    session = db.session()
    if opinions is None:
        opinions = session.scalars(assessment.opinions(pact.proposal_id)).all()
    given = [
        (one.id, one.office, one.prescriptions, one.given_at)
        for one in opinions
        if one.given_at is not None and one.prescriptions
    ]
    if not given:
        return ()
    return prescribed(given, answers_of(db.rows(queries.ANSWERED, {"pact_id": pact.id})))
