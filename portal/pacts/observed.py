"""How neighbours speak about a pact: beside what was said about its proposal, or on its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import db
from portal.observations import queries as observations
from portal.observations.actions import periods
from portal.observations.subjects import Rules, Subject
from portal.pacts.lifecycle import State
from portal.pacts.models import Pact
from portal.pacts.standing import profile_of

if TYPE_CHECKING:
    from portal.words import W

PLACE = "pacts"
# The text is shown for observations while it can still be changed.
WRITING = frozenset({State.CO_DESIGN, State.AGREED})


def find(code: str) -> Subject | None:
    """Return a pact as something people speak about; None where there is none."""
    chosen = select(Pact).options(joinedload(Pact.parties)).where(Pact.code == code.strip().upper())
    pact = db.session().scalars(chosen).unique().one_or_none()
    return None if pact is None else subject(pact)


def subject(pact: Pact) -> Subject:
    """Return a pact, whose parties are loaded, as something people speak about."""
    rules = _rules(pact)
    return Subject(
        key=pact.key,
        code=pact.code,
        place=PLACE,
        title=pact.title,
        summary=pact.summary,
        language=pact.language,
        thing=pact,
        profile=profile_of(pact),
        version=pact.last_version,
        other_key=f"proposal:{pact.proposal_code}",
        rules=rules if pact.state in WRITING and rules.least_days else None,
        is_closed=pact.state in {State.CONCLUDED, State.TERMINATED},
    )


def _rules(pact: Pact) -> Rules:
    found = profile_of(pact).pact_class(pact.pact_class)
    if found.observation_on != "version":
        return Rules(0, "")
    return Rules(found.observation_days, found.observation_citation)


def was_shown(pact: Pact) -> bool:
    """Say whether the text itself was laid out for observations: from then on everybody may read it."""
    if not _rules(pact).least_days:
        return False
    return db.session().scalars(observations.period_of(pact.key).limit(1)).first() is not None


def missing(pact: Pact) -> W | None:
    """Return what must still happen before signing, where the text itself is shown for observations."""
    rules = _rules(pact)
    return periods.what_is_missing(pact.key, profile_of(pact), rules)
