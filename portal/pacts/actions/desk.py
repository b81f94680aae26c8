"""What staff do about their work: hand a case on, say who stands in for them, keep a view or a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock, crypto, db, policy
from portal.errors import Invalid, NotAllowed
from portal.organisations.actors import actor_for
from portal.pacts.models import Absence, DeskCalendar, DeskView
from portal.people.models import Person
from portal.policy import Can, Role
from portal.proposals.lifecycle import LIFE, Verb
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from portal.pacts.models import Pact
    from portal.policy import Actor
    from portal.proposals.models import Proposal

MOST_VIEWS = 30
LONGEST_ABSENCE_DAYS = 400


@dataclass(frozen=True)
class Away:
    """From the first to the last day of an absence, and who stands in."""

    from_on: date
    until_on: date
    deputy: Person


def hand(proposal: Proposal, pact: Pact | None, to: Person, *, by: Actor) -> None:
    """Give a case to an officer, or take it over; handing it to who has it changes nothing.

    Refused where whoever hands it on, or who gets it, stands on the other side too.
    """
    for thing in (proposal, pact):
        if thing is not None:
            policy.check(by, Can.CASE_HAND, thing)
    _refuse_receiver(proposal, pact, to)
    if pact is None:
        LIFE.after(proposal.state, Verb.ASSIGN)
    case = pact or proposal
    if case.owner_id == to.id:
        return
    former = db.session().get(Person, case.owner_id) if case.owner_id is not None else None
    # One case has one owner, before and after it became a pact.
    proposal.owner_id = case.owner_id = to.id
    record(Did.CASE_ASSIGNED, case.key, by=by, former=former.pseudonym if former else "", to=to.pseudonym)


def _refuse_receiver(proposal: Proposal, pact: Pact | None, to: Person) -> None:
    receiver = _as_staff(to)
    for thing in (proposal, pact):
        reason = policy.refusal(receiver, Can.CASE_ASSIGN, thing) if thing is not None else None
        if reason is policy.NOT_YOURS:
            raise NotAllowed(W("%(name)s is no officer today.", name=to.name))
        if reason is not None:
            raise NotAllowed(W("%(name)s cannot have it: it is a case of their own side.", name=to.name))


def _as_staff(person: Person) -> Actor:
    loaded = select(Person).where(Person.id == person.id).options(selectinload(Person.grants))
    return actor_for(db.session().scalars(loaded).one(), is_proved=True)


def enter_absence(person: Person, away: Away, *, by: Actor) -> Absence:
    """Say that somebody is away and who stands in. The deputy may do what they may do anyway, and no more."""
    absence = Absence(
        person_id=person.id,
        from_on=away.from_on,
        until_on=away.until_on,
        deputy_id=away.deputy.id,
        entered_by_id=by.person_id or 0,
    )
    policy.check(by, Can.ABSENCE_ENTER, absence)
    if not _as_staff(person).holds(Role.OFFICER):
        raise Invalid(W("Choose an officer: nobody else has cases"), field="person")
    _check_days(away)
    _check_deputy(person, away)
    db.session().add(absence)
    facts = {"from_on": str(away.from_on), "until_on": str(away.until_on)}
    record(Did.ABSENCE_ENTERED, f"person:{person.pseudonym}", by=by, deputy=away.deputy.pseudonym, **facts)
    return absence


def _check_days(away: Away) -> None:
    if away.until_on < away.from_on:
        raise Invalid(W("The last day must not be before the first"), field="until_on")
    if away.until_on < clock.today():
        raise Invalid(W("The last day must not be over already"), field="until_on")
    if (away.until_on - away.from_on).days > LONGEST_ABSENCE_DAYS:
        raise Invalid(
            W("Enter at most a year; whoever is away for longer hands the cases on"), field="until_on"
        )


def _check_deputy(person: Person, away: Away) -> None:
    if away.deputy.id == person.id:
        raise Invalid(W("Choose somebody else as deputy"), field="deputy")
    if not _as_staff(away.deputy).holds(Role.OFFICER):
        raise Invalid(W("Choose an officer as deputy"), field="deputy")
    days = (Absence.from_on <= away.until_on, Absence.until_on >= away.from_on)
    own = db.session().scalar(select(Absence.id).where(Absence.person_id == person.id, *days))
    if own is not None:
        raise Invalid(
            W("An absence is entered for some of these days already. End it first."), field="from_on"
        )
    theirs = db.session().scalar(select(Absence.id).where(Absence.person_id == away.deputy.id, *days))
    if theirs is not None:
        raise Invalid(W("%(name)s is away on some of these days too", name=away.deputy.name), field="deputy")


def end_absence(absence: Absence, *, by: Actor) -> None:
    """Take an absence back: whoever was away is there again from this instant."""
    policy.check(by, Can.ABSENCE_ENTER, absence)
    person = db.session().get_one(Person, absence.person_id)
    db.session().delete(absence)
    record(Did.ABSENCE_ENDED, f"person:{person.pseudonym}", by=by)


def keep_view(name: str, query: str, *, by: Actor) -> DeskView:
    """Keep an address of the desk under a name; the same name again puts the new address in its place."""
    policy.check(by, Can.DESK_KEEP)
    if not name:
        raise Invalid(W("Give the view a name"), field="name")
    session = db.session()
    own = session.scalars(select(DeskView).where(DeskView.person_id == by.person_id)).all()
    found = next((one for one in own if one.name == name), None)
    if found is None and len(own) >= MOST_VIEWS:
        raise Invalid(W("You keep %(most)s views already. Remove one first.", most=MOST_VIEWS), field="name")
    if found is None:
        found = DeskView(person_id=by.person_id, name=name, query=query)
        session.add(found)
    found.query = query
    return found


def drop_view(view: DeskView, *, by: Actor) -> None:
    """Keep a view no longer."""
    policy.check(by, Can.DESK_KEEP)
    db.session().delete(view)


def new_calendar(*, by: Actor) -> str:
    """Return the new secret of the own calendar; its hash is kept, and an older address opens no more."""
    policy.check(by, Can.DESK_KEEP)
    token, session = crypto.new_token(), db.session()
    kept = session.get(DeskCalendar, by.person_id)
    if kept is None:
        kept = DeskCalendar(person_id=by.person_id)
        session.add(kept)
    kept.token_hash, kept.made_at = crypto.token_hash(token), clock.now()
    return token
