"""How a proposal of the demonstration is judged: an interest stated, scores, an opinion of an office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.proposals.assessment import actions
from portal.proposals.assessment.prescriptions import Prescription
from portal.proposals.profiles import profile_of
from seeds.demo.cast import LEGAL, actor
from seeds.demo.finding import proposal_of
from seeds.demo.story import Upto

if TYPE_CHECKING:
    from portal.proposals.models import Proposal
    from seeds.demo.story import Story

# A score and its reason for each criterion of Bologna.
SCORES = {
    "general_interest": (3, "Serve a tutto il quartiere, anche a chi non fa parte del gruppo."),
    "openness": (3, "Si entra scrivendo al gruppo, e le regole sono scritte."),
    "care": (3, "Le persone sono abbastanza e i turni sono chiari."),
    "feasibility": (3, "Si può fare come è proposto."),
    "value": (3, "Ciò che nasce vale più del sostegno chiesto."),
}
QUESTION = "Le responsabilità verso terzi sono chiare?"
ADVICE = "Nulla osta. Le responsabilità sono divise come nello schema di patto."

CONDITIONAL = actions.Answer(
    "prescriptions",
    "Nulla osta, se il testo rispetta quanto segue.",
    (
        Prescription("Chi ha donato deve poter ritirare il suo consenso in ogni momento.", "governance"),
        Prescription("Scrivere a chi ci si rivolge per i dati personali, entro dieci giorni."),
    ),
)


def state(story: Story, code: str) -> None:
    """Let the officer state that there is no conflict of interest."""
    actions.state_interest(proposal_of(code), "", has_conflict=False, by=actor(story.officer))


def judge(story: Story, code: str) -> None:
    """Let the officer score the proposal, and the legal office give the opinion it was asked for."""
    state(story, code)
    proposal, officer = proposal_of(code), actor(story.officer)
    known = {one.id for one in profile_of(proposal).criteria}
    actions.save_scores(proposal, {key: told for key, told in SCORES.items() if key in known}, by=officer)
    actions.finish(proposal, by=officer)
    for office in _required(story, proposal):
        _advise(story, code, office)


def _required(story: Story, proposal: Proposal) -> list[str]:
    profile = profile_of(proposal)
    kinds = {"legal", *profile.pact_class(story.pact_class).opinions}
    return [one.id for one in profile.offices_for_opinions() if one.opinion in kinds]


def _advise(story: Story, code: str, office: str) -> None:
    proposal = proposal_of(code)
    made, _ = actions.ask(proposal, office, QUESTION, by=actor(story.officer))
    adviser = actor(LEGAL)
    actions.state_interest(proposal, "", has_conflict=False, by=adviser)
    # Where the two sides still write, the office has something to say about the text.
    is_conditional = story.upto is Upto.SUGGESTED and made.kind == "privacy"
    answer = CONDITIONAL if is_conditional else actions.Answer("favourable", ADVICE)
    actions.give(proposal, made, answer, by=adviser)
