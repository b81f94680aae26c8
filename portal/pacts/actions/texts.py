"""How a text grows: one side suggests, the other answers, and every accepted change is a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import Invalid, Stale
from portal.organisations import actions as organisations
from portal.organisations.models import Organisation
from portal.pacts import clauses, queries
from portal.pacts.actions.held import hold, newest, write
from portal.pacts.comparing import same_clause
from portal.pacts.lifecycle import LIFE, Verb
from portal.pacts.models import Suggestion
from portal.pacts.own import PREFIX
from portal.pacts.standing import profile_of, side_of
from portal.pacts.terms import TERM_KEYS, TERMS, as_change, checked, from_change
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
NEW = "new"


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

    `change` holds one of "params", "text" (own words per language), "none_because", "terms", "own" (a clause
    of the two sides' own; its id is NEW where there is none yet), "removed". `base` is the version that was
    on the page. Refuses with Stale where the clause was changed since, with Invalid where
    the clause is locked or a value cannot be taken.
    """
    policy.check(by, Can.PACT_SUGGEST, pact)
    pact = hold(pact)
    LIFE.after(pact.state, Verb.MAKE_VERSION)
    if clause_id == NEW:
        clause_id = _next_own(pact)
    current = newest(pact)
    base = base or current.number
    stands = clause_of(current.text, clause_id)
    if base != current.number and not same_clause(clause_of(_text(pact, base), clause_id), stands):
        raise Stale(_CHANGED)
    made = _suggestion(pact, current, clause_id, change, by=by)
    made.comment = comment[:LONGEST_COMMENT]
    db.session().add(made)
    db.session().flush()
    bind(pact, by)
    record(Did.PACT_SUGGESTED, pact.key, by=by, clause=clause_id, suggestion=made.id, side=made.side)
    return made


def _suggestion(
    pact: Pact, current: PactVersion, clause_id: str, change: Mapping[str, Any], *, by: Actor
) -> Suggestion:
    """Return the suggestion with the clause as it stands and as it would; refuse what could never be."""
    would_be = changed(current.text, profile_of(pact), clause_id, change)
    return Suggestion(
        pact_id=pact.id,
        clause_id=clause_id,
        base_version=current.number,
        side=side_of(pact, by),
        person_id=by.person_id,
        change=dict(change),
        row_before=clause_of(current.text, clause_id),
        row_after=clause_of(would_be, clause_id),
        suggested_at=clock.now(),
    )


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


def _next_own(pact: Pact) -> str:
    # Suggestions stay, so a number once given is never given again; the pact is held meanwhile.
    given = db.session().scalar(queries.own_clauses_suggested(pact.id))
    return f"{PREFIX}{(given or 0) + 1}"


def is_outdated(suggestion: Suggestion, current: Mapping[str, Any]) -> bool:
    """Say whether the clause was changed in the newest text after the suggestion was made."""
    return not same_clause(before(suggestion), clause_of(current, suggestion.clause_id))


def before(suggestion: Suggestion) -> Any:
    """Return the clause as it stood when the suggestion was made."""
    if suggestion.row_before is not None or suggestion.row_after is not None:
        return suggestion.row_before
    # Made before the rows were kept beside it.
    found = db.session().scalars(queries.version(suggestion.pact_id, suggestion.base_version)).one()
    return clause_of(found.text, suggestion.clause_id)


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
    if "own" in change or "removed" in change:
        return clauses.with_own(text, profile, clause_id, change)
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


def clause_of(text: Mapping[str, Any], clause_id: str) -> Any:
    """Return a clause of the text, its terms as one, or None where it has no such clause."""
    if clause_id == TERMS:
        return {key: text[key] for key in TERM_KEYS}
    return next((clause for clause in text["clauses"] if clause["id"] == clause_id), None)
