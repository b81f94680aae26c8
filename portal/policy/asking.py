"""The one question put to the table, and the sentences of its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.errors import NotAllowed, NotFresh
from portal.policy.actors import Rel
from portal.policy.table import RULES
from portal.words import W

if TYPE_CHECKING:
    from portal.policy.actors import Actor, Thing
    from portal.policy.permissions import Can
    from portal.policy.table import Rule

SIGN_IN_FIRST = W("Sign in first: this can be done only with an account.")
NOT_YOURS = W("You are not allowed to do this. If you think you should be, ask the city's help desk.")
FRESH_FIRST = W("Confirm once more that it is you: this act binds, so we ask again.")


def refusal(actor: Actor, permission: Can, thing: Thing | None = None) -> W | None:
    """Return the sentence that says why the actor may not, or None where the actor may."""
    if actor.kind == "system":
        return None
    rule = RULES[permission]
    relations = thing.relations(actor) if thing is not None else frozenset()
    for relation, sentence in rule.never.items():
        # Whoever acts for their own group, as its party, does not decide on it for the city.
        acts_for_it = relation == Rel.OWN_ORGANISATION and bool(rule.relations & relations)
        if relation in relations and not acts_for_it:
            return sentence
    if not _is_named(rule, actor, relations):
        return NOT_YOURS if actor.is_signed_in else SIGN_IN_FIRST
    return FRESH_FIRST if rule.needs_fresh and not actor.is_fresh else None


def _is_named(rule: Rule, actor: Actor, relations: frozenset[Rel]) -> bool:
    return (
        rule.everyone
        or (rule.signed_in and actor.is_signed_in)
        or bool(rule.roles & actor.roles)
        or bool(rule.relations & relations)
    )


def allows(actor: Actor, permission: Can, thing: Thing | None = None) -> bool:
    """Say whether the actor may."""
    return refusal(actor, permission, thing) is None


def may_after_password(actor: Actor, permission: Can, thing: Thing | None = None) -> bool:
    """Say whether the actor may, at most after typing the password once more: for showing the way there."""
    return refusal(actor, permission, thing) in {None, FRESH_FIRST}


def check(actor: Actor, permission: Can, thing: Thing | None = None) -> None:
    """Pass in silence, or refuse with NotAllowed and the sentence that says why.

    Where only a fresh sign-in is missing it is NotFresh, and pages ask for it.
    """
    sentence = refusal(actor, permission, thing)
    if sentence is not None:
        raise NotFresh(sentence) if sentence is FRESH_FIRST else NotAllowed(sentence)


def may_ever(actor: Actor, permission: Can) -> bool:
    """Say whether the route is worth opening: some relation to the thing could still allow it."""
    rule = RULES[permission]
    return bool(rule.relations) or _is_named(rule, actor, frozenset())
