"""How neighbours speak about a proposal: as long as the city has not decided, and by the rules of its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.observations.subjects import Rules, Subject
from portal.policy import VISITOR
from portal.proposals import queries
from portal.proposals.lifecycle import State
from portal.proposals.models import Proposal
from portal.proposals.profiles import profile_of

if TYPE_CHECKING:
    from portal.city import PactClass, Profile

PLACE = "proposals"
UNDECIDED = frozenset({State.SUBMITTED, State.SUPPLEMENT_ASKED, State.REFUSAL_NOTICED})
# Nothing more is decided about these, so nothing that is said now could be heard.
CLOSED = frozenset({State.REFUSED, State.WITHDRAWN, State.LAPSED, State.MERGED})


def find(code: str) -> Subject | None:
    """Return what everybody may see of a proposal, to speak about it; None where there is none."""
    chosen = queries.visible_to(VISITOR).where(Proposal.code == code.strip().upper())
    proposal = db.session().scalars(chosen).one_or_none()
    return None if proposal is None else subject(proposal)


def subject(proposal: Proposal) -> Subject:
    """Return a proposal that was sent as something people speak about."""
    profile, state = profile_of(proposal), State(proposal.state)
    rules = rules_of(profile)
    return Subject(
        key=proposal.key,
        code=proposal.code,
        place=PLACE,
        title=proposal.title,
        summary=proposal.summary,
        language=proposal.language,
        thing=proposal,
        profile=profile,
        rules=rules if state in UNDECIDED and rules.least_days else None,
        is_undecided=state in UNDECIDED,
        is_closed=state in CLOSED,
    )


def rules_of(profile: Profile) -> Rules:
    """Return what is asked of a period while nobody knows yet what kind of pact a proposal becomes."""
    asked = [one for one in profile.classes if one.needs_pact and one.observation_on == "proposal"]
    return _rules(max(asked, key=lambda one: one.observation_days, default=None))


def rules_for_class(profile: Profile, pact_class: str) -> Rules:
    """Return what this class of pact asks before the acceptance; no days where its period comes later."""
    found = profile.pact_class(pact_class)
    return _rules(found if found.observation_on == "proposal" else None)


def _rules(found: PactClass | None) -> Rules:
    return Rules(found.observation_days, found.observation_citation) if found else Rules(0, "")
