"""What was prescribed for a pact, read with its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.pacts import queries
from portal.pacts.prescriptions import Prescribed, answers_of, prescribed
from portal.proposals.assessment import queries as assessment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.pacts.models import Pact
    from portal.proposals.models import Opinion


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
