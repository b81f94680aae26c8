"""What becomes of a suggestion: accepted, declined, answered with other words, taken back; and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, NotFound, Stale
from portal.pacts.actions.held import hold, newest, write
from portal.pacts.actions.texts import LONGEST_COMMENT, bind, changed, is_outdated, suggest
from portal.pacts.lifecycle import LIFE, SUGGESTION_LIFE, SuggestionVerb, Verb
from portal.pacts.models import Remark, Suggestion
from portal.pacts.standing import profile_of, side_of
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.pacts.models import Pact, PactVersion

_OUTDATED = W(
    "The clause was changed after this was suggested, so it cannot be accepted. "
    "Suggest it anew on the new text."
)
_OWN = W("Your own side suggested this, so the other side answers it.")


def answer_suggestion(
    suggestion: Suggestion, *, accept: bool, answer: str = "", pact: Pact, by: Actor
) -> PactVersion | None:
    """Accept or decline what the other side suggested; accepting makes the next version and returns it.

    Refuses with Stale where the clause was changed after the suggestion was made, or was answered already.
    """
    policy.check(by, Can.PACT_ANSWER, pact)
    pact = hold(pact)
    verb = SuggestionVerb.ACCEPT if accept else SuggestionVerb.DECLINE
    state = _answered(suggestion, verb, pact, by)
    made = _accepted(pact, suggestion, by=by) if accept else None
    suggestion.state, suggestion.answer = state, answer[:LONGEST_COMMENT]
    suggestion.answered_at = clock.now()
    suggestion.made_version = made.number if made else None
    bind(pact, by)
    version = made.number if made else None
    _remember(suggestion, pact, by, accepted=accept, version=version)
    return made


def counter(
    suggestion: Suggestion,
    change: Mapping[str, Any],
    comment: str = "",
    *,
    pact: Pact,
    by: Actor,
    base: int | None = None,
) -> Suggestion:
    """Answer what the other side suggested with other words, which that side answers in turn.

    Refuses as `suggest` does, and what was answered already.
    """
    policy.check(by, Can.PACT_ANSWER, pact)
    pact = hold(pact)
    state = _answered(suggestion, SuggestionVerb.COUNTER, pact, by)
    made = suggest(pact, suggestion.clause_id, change, comment, by=by, base=base)
    made.answers_id = suggestion.id
    suggestion.state, suggestion.answered_at = state, clock.now()
    _remember(suggestion, pact, by, accepted=False, countered_by=made.id)
    return made


def withdraw_suggestion(suggestion: Suggestion, *, pact: Pact, by: Actor) -> None:
    """Take back what one's own side suggested, as long as it was not answered.

    What it had answered with other words waits for an answer again.
    """
    policy.check(by, Can.PACT_SUGGEST, pact)
    pact = hold(pact)
    db.session().refresh(suggestion)
    state = SUGGESTION_LIFE.after(suggestion.state, SuggestionVerb.WITHDRAW)
    if side_of(pact, by) != suggestion.side:
        raise NotAllowed(W("The other side suggested this: answer it instead."))
    suggestion.state, suggestion.answered_at = state.value, clock.now()
    if suggestion.answers_id is not None:
        first = db.session().get_one(Suggestion, suggestion.answers_id)
        first.state = SUGGESTION_LIFE.after(first.state, SuggestionVerb.OPEN_AGAIN).value
        first.answered_at = None
    _remember(suggestion, pact, by, withdrawn=True)


def remark(
    pact: Pact, clause_id: str, words: str, *, by: Actor, suggestion: Suggestion | None = None
) -> Remark:
    """Say something about a clause or a suggestion on it; both sides read it, and the text stays as it is.

    Refuses with Invalid empty words, with NotFound a clause that is neither in the text nor suggested.
    """
    policy.check(by, Can.PACT_REMARK, pact)
    pact = hold(pact)
    LIFE.after(pact.state, Verb.MAKE_VERSION)
    if not words.strip():
        raise Invalid(W("Write what you want to say."), field="words")
    known = {row["id"] for row in newest(pact).text["clauses"]}
    if suggestion is None and clause_id not in known:
        raise NotFound(W("This pact has no such clause."))
    made = Remark(
        pact_id=pact.id,
        clause_id=suggestion.clause_id if suggestion else clause_id,
        suggestion_id=suggestion.id if suggestion else None,
        side=side_of(pact, by),
        person_id=by.person_id,
        words=words.strip()[:LONGEST_COMMENT],
        made_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    record(Did.PACT_REMARKED, pact.key, by=by, clause=made.clause_id, remark=made.id, side=made.side)
    return made


def _answered(suggestion: Suggestion, verb: SuggestionVerb, pact: Pact, by: Actor) -> str:
    db.session().refresh(suggestion)
    state = SUGGESTION_LIFE.after(suggestion.state, verb)
    if side_of(pact, by) == suggestion.side:
        raise NotAllowed(_OWN)
    return str(state.value)


def _accepted(pact: Pact, suggestion: Suggestion, *, by: Actor) -> PactVersion:
    text = newest(pact).text
    if is_outdated(suggestion, text):
        raise Stale(_OUTDATED)
    text = changed(text, profile_of(pact), suggestion.clause_id, suggestion.change)
    return write(pact, text, side=side_of(pact, by), note=suggestion.comment[:300], by=by)


def _remember(suggestion: Suggestion, pact: Pact, by: Actor, **facts: Any) -> None:
    record(
        Did.PACT_SUGGESTION_ANSWERED,
        pact.key,
        by=by,
        suggestion=suggestion.id,
        clause=suggestion.clause_id,
        **facts,
    )
