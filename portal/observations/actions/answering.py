"""The city's answer beside an observation, its author's word on that, and who it was that objected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, policy
from portal.errors import Invalid, WrongState
from portal.observations.lifecycle import LIFE, Verb
from portal.observations.shapes import LONGEST_REASON, Answer
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.observations.models import Observation
    from portal.observations.subjects import Concerned
    from portal.policy import Actor

# How the city saw who objects; never a number of a document.
HOW: dict[str, W] = {
    "document": W("Showed a document at the counter"),
    "account": W("Has an account of a verified resident"),
    "reached": W("Answered at the address they gave"),
    "known": W("Is known to the office"),
}


def answer(concerned: Concerned, outcome: str, text: str, *, by: Actor) -> None:
    """Publish the city's answer: accepted, in part, not, or passed over, each with its reason.

    Refuses with WrongState where a colleague has answered, or the observation is not public.
    """
    observation = concerned.observation
    policy.check(by, Can.OBSERVATION_ANSWER, concerned)
    LIFE.after(observation.state, Verb.ANSWER)
    if observation.answer:
        raise WrongState(
            W("This observation has an answer already. An answer that was given is not changed.")
        )
    if outcome not in set(Answer):
        raise Invalid(W("Choose what the city does with it"), field="outcome")
    check_said(text, field="answer_text", words=W("Give the reason that everybody will read"))
    observation.answer, observation.answer_text = outcome, text
    observation.answered_at, observation.answered_by_id = clock.now(), by.person_id
    record(
        Did.OBSERVATION_ANSWERED,
        observation.subject_key,
        by=by,
        observation=observation.code,
        outcome=outcome,
    )


def check_said(text: str, *, field: str, words: W) -> None:
    """Refuse with Invalid where nothing, or too much, was said."""
    if not text:
        raise Invalid(words, field=field)
    if len(text) > LONGEST_REASON:
        raise Invalid(W("This is too long. Say it in fewer words."), field=field)


def judge(observation: Observation, *, was_answered: bool, by: Actor) -> None:
    """Say, as its author, whether the answer was one; the last word counts."""
    policy.check(by, Can.OBSERVATION_JUDGE, observation)
    if not observation.answer:
        raise WrongState(W("There is no answer yet."))
    if observation.was_answered is was_answered:
        return
    observation.was_answered = was_answered
    record(
        Did.OBSERVATION_JUDGED,
        observation.subject_key,
        by=by,
        observation=observation.code,
        was_answered=was_answered,
    )


def identify(concerned: Concerned, how: str, *, by: Actor) -> None:
    """Note how the city saw who makes an objection in a period; nothing of the document itself is kept."""
    observation = concerned.observation
    policy.check(by, Can.OBSERVATION_IDENTIFY, concerned)
    if not observation.needs_identity:
        raise WrongState(W("Nobody's identity needs to be checked here."))
    if how not in HOW:
        raise Invalid(W("Choose how you saw who it is"), field="how")
    observation.identity_how, observation.identity_checked_at = how, clock.now()
    observation.identity_checked_by_id = by.person_id
    record(Did.OBSERVATION_IDENTIFIED, observation.subject_key, by=by, observation=observation.code, how=how)
