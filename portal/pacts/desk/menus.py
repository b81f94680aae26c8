"""What can be done next with a case, as links to the forms on its page: the board is moved by these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import policy
from portal.pacts.lifecycle import LIFE, State, Verb
from portal.policy import Can
from portal.proposals.lifecycle import LIFE as PROPOSAL_LIFE
from portal.proposals.lifecycle import Verb as ProposalVerb
from portal.words import W

if TYPE_CHECKING:
    from portal.pacts.models import DeskCase
    from portal.policy import Actor

# The verb, who may do it, its name, and where on the page of the case its form stands.
_PROPOSAL = (
    (ProposalVerb.ASSIGN, Can.CASE_ASSIGN, W("Take the case"), "owner"),
    (ProposalVerb.ASSESS, Can.CASE_ASSESS, W("Check that it is complete"), "panel-completeness"),
    (ProposalVerb.ASK_SUPPLEMENT, Can.CASE_ASK_SUPPLEMENT, W("Ask for missing items"), "panel-supplement"),
    (ProposalVerb.ACCEPT, Can.CASE_ACCEPT, W("Accept it for co-design"), "acceptance"),
    (ProposalVerb.NOTICE_REFUSAL, Can.CASE_REFUSE, W("Announce the refusal"), "panel-refusal"),
    (ProposalVerb.REFUSE, Can.CASE_REFUSE, W("Refuse the proposal"), "panel-refusal"),
)
_PACT = (
    (Verb.MAKE_VERSION, Can.PACT_SUGGEST, W("Write the text"), "text"),
    (Verb.OPEN_SIGNING, Can.PACT_OPEN_SIGNING, W("Prepare it for signature"), "signatures"),
    (Verb.SIGN, Can.PACT_SIGN, W("Sign the pact"), "signatures"),
    (Verb.SUSPEND, Can.PACT_STEER, W("Suspend the pact"), "later"),
    (Verb.RESUME, Can.PACT_STEER, W("Resume the pact"), "later"),
    (Verb.CONCLUDE, Can.PACT_STEER, W("Conclude the pact"), "later"),
)


def menu(case: DeskCase, actor: Actor) -> list[tuple[W, str]]:
    """Return the verbs that the state of the case allows to somebody like the actor, with their places."""
    if case.thing == "proposal":
        return [
            (words, place)
            for verb, can, words, place in _PROPOSAL
            if PROPOSAL_LIFE.allows(case.state, verb) and policy.may_ever(actor, can)
        ]
    found = [
        (words, place)
        for verb, can, words, place in _PACT
        if LIFE.allows(case.state, verb) and policy.may_ever(actor, can)
    ]
    if case.state == State.AGREED:
        found.insert(0, (W("Allocate the support"), "support"))
    return found
