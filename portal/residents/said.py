"""Ways, states and decisions in words."""

from __future__ import annotations

from portal.residents.models import Decision, Way
from portal.words import W

WAYS: dict[Way, W] = {
    Way.CENSUS: W("by the city's census"),
    Way.LETTER: W("by a letter with a code"),
    Way.IN_PERSON: W("in person at the counter"),
    Way.ELSEWHERE: W("by another service"),
}
DECISIONS: dict[Decision, W] = {
    Decision.KEPT: W("The first account keeps the status"),
    Decision.MOVED: W("The status goes to the second account"),
    Decision.REFUSED: W("Neither has it: both come to the counter"),
}
STATES: dict[str, W] = {
    "valid": W("verified"),
    "over": W("over"),
    "replaced": W("shown anew since"),
    "withdrawn": W("taken back"),
    "revoked": W("ended by the city"),
    "moved": W("gone to another account"),
}
TONES = {"valid": "green", "over": "ochre", "revoked": "red", "moved": "red"}


def way_words(way: str) -> str:
    """Return how somebody showed it, in the language of the page."""
    return str(WAYS[Way(way)])


def decision_words(decision: str) -> str:
    """Return what was decided, in the language of the page."""
    return str(DECISIONS[Decision(decision)])


def state_words(state: str) -> str:
    """Return the state of a status, in the language of the page."""
    return str(STATES[state])
