"""How a text grows: one side suggests, the other answers, and every accepted change is a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, Stale
from portal.organisations import actions as organisations
from portal.organisations.models import Organisation
from portal.pacts import clauses, queries
from portal.pacts.actions.held import hold, newest, write
from portal.pacts.lifecycle import LIFE, SUGGESTION_LIFE, SuggestionVerb, Verb
from portal.pacts.models import Suggestion
from portal.pacts.standing import profile_of, side_of
from portal.pacts.terms import TERMS, as_change, checked, from_change
from portal.people.models import Person
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.city import Profile
    from portal.pacts.models import Pact, PactVersion
    from portal.pacts.terms import Terms

LONGEST_COMMENT = 2000
_CHANGED = W(
    "This clause was changed while you were writing. Your words are kept: compare them with the new text."
)
_OUTDATED = W(
    "The clause was changed after this was suggested, so it cannot be accepted. Both texts are shown."
)
_OWN = W("Your own side suggested this, so the other side answers it.")


def suggest(
    pact: Pact,
    clause_id: str,
    change: Mapping[str, Any],
    comment: str = "",
    *,
    by: Actor,
    base: int | None = None,
) -> Suggestion:
    """Suggest a change to one clause; the text itself stays as it is until the other side accepts.

    `change` holds one of "params", "text" (own words per language), "none_because", "terms". `base` is the
    version that was on the page. Refuses with Stale where the clause was changed since, with Invalid where
    the clause is locked or a value cannot be taken.
    """
    policy.check(by, Can.PACT_SUGGEST, pact)
    pact = hold(pact)
    LIFE.after(pact.state, Verb.MAKE_VERSION)
    current = newest(pact)
    base = base or current.number
    if base != current.number and _clause(_text(pact, base), clause_id) != _clause(current.text, clause_id):
        raise Stale(_CHANGED)
    changed(current.text, profile_of(pact), clause_id, change)  # refuses what could never be accepted
    made = Suggestion(
        pact_id=pact.id,
        clause_id=clause_id,
        base_version=current.number,
        side=side_of(pact, by),
        person_id=by.person_id,
        change=dict(change),
        comment=comment[:LONGEST_COMMENT],
        suggested_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    bind(pact, by)
    record(Did.PACT_SUGGESTED, pact.key, by=by, clause=clause_id, suggestion=made.id, side=made.side)
    return made


def answer_suggestion(
    suggestion: Suggestion, *, accept: bool, answer: str = "", pact: Pact, by: Actor
) -> PactVersion | None:
    """Accept or decline what the other side suggested; accepting makes the next version and returns it.

    Refuses with Stale where the clause was changed after the suggestion was made, or was answered already.
    """
    policy.check(by, Can.PACT_ANSWER, pact)
    pact = hold(pact)
    db.session().refresh(suggestion)
    verb = SuggestionVerb.ACCEPT if accept else SuggestionVerb.DECLINE
    state = SUGGESTION_LIFE.after(suggestion.state, verb)
    if side_of(pact, by) == suggestion.side:
        raise NotAllowed(_OWN)
    made = _accepted(pact, suggestion, by=by) if accept else None
    suggestion.state, suggestion.answer = state.value, answer[:LONGEST_COMMENT]
    suggestion.answered_at = clock.now()
    suggestion.made_version = made.number if made else None
    bind(pact, by)
    record(
        Did.PACT_SUGGESTION_ANSWERED,
        pact.key,
        by=by,
        suggestion=suggestion.id,
        clause=suggestion.clause_id,
        accepted=accept,
        version=made.number if made else None,
    )
    return made


def withdraw_suggestion(suggestion: Suggestion, *, pact: Pact, by: Actor) -> None:
    """Take back what one's own side suggested, as long as it was not answered."""
    policy.check(by, Can.PACT_SUGGEST, pact)
    pact = hold(pact)
    db.session().refresh(suggestion)
    state = SUGGESTION_LIFE.after(suggestion.state, SuggestionVerb.WITHDRAW)
    if side_of(pact, by) != suggestion.side:
        raise NotAllowed(W("The other side suggested this: answer it instead."))
    suggestion.state, suggestion.answered_at = state.value, clock.now()
    record(Did.PACT_SUGGESTION_ANSWERED, pact.key, by=by, suggestion=suggestion.id, withdrawn=True)


def change_terms(
    pact: Pact, terms: Terms, note: str = "", *, by: Actor, base: int | None = None
) -> PactVersion | Suggestion:
    """Change dates, commitments, support or fences: the city writes a version, the community suggests one.

    Nobody is bound by either: only a version that both sides agree to counts. Refuses with Stale where
    another version was made since the page was opened.
    """
    policy.check(by, Can.PACT_SUGGEST, pact)
    terms = checked(terms)
    if side_of(pact, by) == "community":
        return suggest(pact, TERMS, {TERMS: as_change(terms)}, note, by=by, base=base)
    pact = hold(pact)
    LIFE.after(pact.state, Verb.MAKE_VERSION)
    current = newest(pact)
    if base is not None and base != current.number:
        raise Stale(_CHANGED)
    text = _with_terms(current.text, profile_of(pact), terms)
    if clauses.content_hash(text) == current.content_hash:
        raise Invalid(W("Nothing was changed."))
    return write(pact, text, side="city", note=note[:300], by=by)


def is_outdated(suggestion: Suggestion, base: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
    """Say whether the clause was changed after the suggestion; `base` is the text it was made on."""
    return bool(_clause(base, suggestion.clause_id) != _clause(current, suggestion.clause_id))


def changed(
    text: Mapping[str, Any], profile: Profile, clause_id: str, change: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the text with the change made; refuses with Invalid what the clause does not take."""
    if clause_id == TERMS:
        return _with_terms(text, profile, from_change(change[TERMS]))
    options = {
        "params": change.get("params"),
        "own_words": change.get("text"),
        "none_because": change.get("none_because"),
    }
    if not any(value is not None for value in options.values()):
        raise Invalid(W("Write what should be changed."))
    return clauses.with_clause_changed(text, profile, clause_id, **options)


def bind(pact: Pact, by: Actor) -> None:
    """Let the account of whoever holds the secret link become the person of the community's party, once.

    The group that the proposal named has its first member then, and in that proposal gave the mandate.
    """
    party = pact.party_of("community")
    if party.person_id is None and by.is_signed_in and pact.proposal_key in by.keys:
        party.person_id = by.person_id
        if party.organisation_id is not None:
            group = db.session().get_one(Organisation, party.organisation_id)
            person = db.session().get_one(Person, by.person_id)
            organisations.admit(group, person, speaks_for_it=True, by=by)
            organisations.name_in_proposal(group, person, pact.proposal_key, by=by)


def _accepted(pact: Pact, suggestion: Suggestion, *, by: Actor) -> PactVersion:
    current = newest(pact)
    if is_outdated(suggestion, _text(pact, suggestion.base_version), current.text):
        raise Stale(_OUTDATED)
    text = changed(current.text, profile_of(pact), suggestion.clause_id, suggestion.change)
    return write(pact, text, side=side_of(pact, by), note=suggestion.comment[:300], by=by)


def _with_terms(text: Mapping[str, Any], profile: Profile, terms: Terms) -> dict[str, Any]:
    return clauses.with_changes(
        text,
        profile,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        commitments=terms.commitments,
        support=terms.support,
        fences=terms.fences,
    )


def _text(pact: Pact, number: int) -> dict[str, Any]:
    found = db.session().scalars(queries.version(pact.id, number)).one_or_none()
    if found is None:
        raise Stale(_CHANGED)
    return found.text


def _clause(text: Mapping[str, Any], clause_id: str) -> Any:
    if clause_id == TERMS:
        return {key: text[key] for key in ("starts_on", "ends_on", "commitments", "support", "fences")}
    return next((clause for clause in text["clauses"] if clause["id"] == clause_id), None)
