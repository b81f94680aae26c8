"""The group asks for another size or end; the city decides, with a second person where it takes more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, WrongState
from portal.policy import Can
from portal.record import Did
from portal.support.servers import plans
from portal.support.servers.actions import capacity
from portal.support.servers.actions.opening import is_community, remember
from portal.support.servers.lifecycle import LIFE, Verb
from portal.support.servers.models import Server, ServerChange, ServerNote
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from portal.city import Profile
    from portal.policy import Actor

LONGEST_WORDS = 2000
GRANTED, REFUSED = "granted", "refused"
_NOTHING_ASKED = W("No change of this server waits for a decision.")


def ask_change(
    server: Server, plan: str, ends_on: date, why: str, profile: Profile, *, by: Actor
) -> ServerChange:
    """Ask for another plan of the profile, another end, or both; one wish at a time.

    Refuses with Invalid a wish for what there is already, and one without a reason.
    """
    policy.check(by, Can.SERVER_ASK, server)
    state = LIFE.after(server.state, Verb.ASK_CHANGE)
    chosen = next((one for one in profile.server_plans if one.id == plan), None)
    if plan and chosen is None:
        raise Invalid(W("Choose a size from the list"), field="plan")
    if ends_on <= clock.today():
        raise Invalid(W("Enter a day to come"), field="ends_on")
    wanted = plans.measures_of(chosen, server.vcpu) if chosen and plan != server.plan else server.measures
    if wanted == server.measures and ends_on == server.ends_on:
        raise Invalid(W("This is what you have already: choose another size or another end"), field="plan")
    if not why.strip() or len(why) > capacity.LONGEST_REASON:
        raise Invalid(W("Say in a few words why, so that the city can decide"), field="why")
    is_larger = any(wanted[name] > server.measures[name] for name in plans.MEASURES)
    wish = ServerChange(
        server_id=server.id,
        plan=plan if wanted != server.measures else server.plan,
        ends_on=ends_on,
        why=why.strip(),
        # Longer takes from what others could be given, just as larger does.
        grows=is_larger or ends_on > server.ends_on,
        asked_at=clock.now(),
    )
    server.state = state.value
    db.session().add(wish)
    db.session().flush()
    remember(Did.SERVER_CHANGE_ASKED, server, by=by)
    return wish


def grant(server: Server, wish: ServerChange, profile: Profile, *, by: Actor) -> None:
    """Grant a wish; where it takes more this only proposes it, and a second person seconds it."""
    policy.check(by, Can.SERVER_KEEP, server)
    _check_open(server, wish)
    wish.decided_by_id = _person(by)
    if wish.grows:
        if wish.decided_at is not None:
            raise WrongState(W("This change waits for the second person already."))
        wish.decided_at = clock.now()
        capacity.propose(server, wish, _wanted(server, wish, profile), profile, by=by)
        db.session().flush()
        remember(Did.SERVER_CHANGE_PROPOSED, server, by=by)
        return
    _settle(server, wish, profile, by=by)


def second(server: Server, wish: ServerChange, profile: Profile, *, by: Actor) -> None:
    """Grant what a colleague proposed, as the second person; what is needed more comes from the pool.

    Refuses with NotAllowed whoever proposed it or belongs to the group, with Stale where the pool has too
    little left.
    """
    policy.check(by, Can.SERVER_SECOND, server)
    policy.check(by, Can.SERVER_SECOND, wish)
    _check_open(server, wish)
    if wish.decided_at is None:
        raise WrongState(_NOTHING_ASKED)
    wish.seconded_by_id = _person(by)
    _settle(server, wish, profile, by=by)


def refuse_change(server: Server, wish: ServerChange, reason: str, *, by: Actor) -> None:
    """Say no to a wish, with a reason that the group reads; the server goes on as it is."""
    policy.check(by, Can.SERVER_KEEP, server)
    _check_open(server, wish)
    if not reason.strip() or len(reason) > capacity.LONGEST_REASON:
        raise Invalid(W("Give the reason, so that the group can read it"), field="reason")
    capacity.let_go(wish, by=by)
    server.state = LIFE.after(server.state, Verb.DECIDE_CHANGE).value
    wish.outcome, wish.reason, wish.decided_at = REFUSED, reason.strip(), clock.now()
    wish.decided_by_id = _person(by)
    db.session().flush()
    remember(Did.SERVER_CHANGE_DECIDED, server, by=by, outcome=REFUSED)


def write_note(server: Server, words: str, *, by: Actor) -> ServerNote:
    """Write to the other side about the server: a question, a call for help, an answer."""
    is_group = is_community(server, by)
    if not is_group:
        policy.check(by, Can.SERVER_KEEP, server)
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Invalid(W("Write what it is about, in 2,000 characters or fewer"), field="words")
    side = "community" if is_group else "city"
    note = ServerNote(
        server_id=server.id, side=side, words=words.strip(), author_id=by.person_id, at=clock.now()
    )
    db.session().add(note)
    db.session().flush()
    remember(Did.SERVER_NOTED, server, by=by, side=side)
    return note


def _settle(server: Server, wish: ServerChange, profile: Profile, *, by: Actor) -> None:
    server.state = LIFE.after(server.state, Verb.DECIDE_CHANGE).value
    wanted = _wanted(server, wish, profile)
    capacity.take(server, wish, wanted, by=by)
    capacity.free(server, wanted, by=by)
    if wanted != server.measures:
        server.plan = wish.plan
    for name, figure in wanted.items():
        setattr(server, name, figure)
    server.ends_on = wish.ends_on
    wish.outcome, wish.decided_at = GRANTED, wish.decided_at or clock.now()
    db.session().flush()
    remember(Did.SERVER_CHANGE_DECIDED, server, by=by, outcome=GRANTED)


def _wanted(server: Server, wish: ServerChange, profile: Profile) -> dict[str, int]:
    """Return the measures of the wished plan; one that the city does not have any more changes nothing."""
    chosen = next((one for one in profile.server_plans if one.id == wish.plan), None)
    is_other = chosen is not None and wish.plan != server.plan
    return plans.measures_of(chosen, server.vcpu) if is_other else server.measures


def _check_open(server: Server, wish: ServerChange) -> None:
    if wish.server_id != server.id or wish.outcome or not LIFE.allows(server.state, Verb.DECIDE_CHANGE):
        raise WrongState(_NOTHING_ASKED)


def _person(by: Actor) -> int:
    if by.person_id is None:
        raise NotAllowed(policy.SIGN_IN_FIRST)
    return by.person_id
