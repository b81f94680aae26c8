"""The verbs of matchfunding: a group enters pledges, the treasurer what arrived, a third person settles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.policy import Can, Rel
from portal.proposals.calls.lifecycle import Phase, phase
from portal.proposals.matching import queries, sharing
from portal.proposals.matching.rows import LONGEST_EVIDENCE, LONGEST_NAME, LONGEST_REFERENCE, Row
from portal.proposals.models import Backer, Call, MatchAward, Pledge, PledgeCheck
from portal.record import Did, record
from portal.support import actions as support
from portal.support.models import Pool
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from portal.policy import Actor
    from portal.proposals.models import Proposal

SETTLED = W("What the city adds is settled, so pledges of this call change no more.")
SHUT = W("Pledges are entered while the call is open. This one is not open now.")
NO_MATCH = W("The proposal is under no call with matchfunding.")
NOTHING_LEFT = W("Nothing of the match is left: the projects took all of it, or it went back already.")
CHANGED = W("A colleague entered the same at the same moment. Look again.")


_SIDES = frozenset({Rel.OWN_ORGANISATION, Rel.WROTE, Rel.ENTERED, Rel.CONFLICTED})


@dataclass(frozen=True, slots=True)
class Seen:
    """What the treasurer saw arrive, and what shows it."""

    on: date
    evidence: str


@dataclass(frozen=True, slots=True)
class Pot:
    """A call as the thing whose money somebody confirmed and somebody else settles."""

    call: Call
    confirmers: frozenset[int]
    projects: Sequence[Proposal] = ()

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return whether the actor confirmed money of this call, or stands on the side of a project of it."""
        found = {Rel.CONFIRMED} if actor.person_id in self.confirmers else set()
        for one in self.projects:
            found |= one.relations(actor) & _SIDES
        return frozenset(found)


def pot_of(call: Call) -> Pot:
    """Return a call as what somebody settles, with whoever may not."""
    session = db.session()
    confirmers = frozenset(session.scalars(queries.confirmers(call.id)))
    return Pot(call, confirmers, session.scalars(queries.sides(call.id)).all())


def enter(proposal: Proposal, rows: Sequence[Row], *, by: Actor) -> list[Pledge]:
    """Enter pledges to a proposal of an open call: all of them or none.

    Refuses with Invalid a day outside the call and a reference that is there already, with WrongState
    outside the call's dates, and with Stale where somebody entered the same reference at the same moment.
    """
    policy.check(by, Can.PLEDGE_RECORD, proposal)
    call = _call_of(proposal)
    if phase(call, clock.now()) is not Phase.OPEN or proposal.state in queries.GONE:
        raise WrongState(SHUT)
    for row in rows:
        _check(row, call)
    _move(call)
    try:
        found = [_pledge(proposal, call, row, by=by) for row in rows]
    except IntegrityError as error:
        raise Stale(CHANGED) from error
    facts = {"count": len(found), "cents": sum(one.amount_cents for one in found), "call": call.ref}
    record(Did.PLEDGE_ENTERED, proposal.key, by=by, **facts)
    return found


def _check(row: Row, call: Call) -> None:
    assert call.opens_at is not None  # noqa: S101 - an open call has both
    if row.amount_cents <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="amount")
    if not clock.local(call.opens_at).date() <= row.pledged_on <= clock.today():
        raise Invalid(W("Enter a day since the call opened, and not in the future."), field="pledged_on")
    if not row.reference or len(row.reference) > LONGEST_REFERENCE:
        raise Invalid(W("Give each pledge a short reference of its own."), field="reference")
    if len(row.name) > LONGEST_NAME or len(row.evidence) > LONGEST_EVIDENCE:
        raise Invalid(W("Shorten this to %(most)s characters or fewer", most=LONGEST_NAME), field="name")


def _pledge(proposal: Proposal, call: Call, row: Row, *, by: Actor) -> Pledge:
    session = db.session()
    if session.scalar(queries.with_reference(proposal.id, row.reference)) is not None:
        raise Invalid(
            W("There is a pledge with the reference %(reference)s already.", reference=row.reference),
            field="reference",
        )
    pledge = Pledge(
        proposal_id=proposal.id,
        call_id=call.id,
        backer_id=_backer(proposal, row).id,
        amount_cents=row.amount_cents,
        pledged_on=row.pledged_on,
        source=row.source,
        reference=row.reference,
        evidence=row.evidence,
        entered_at=clock.now(),
        actor=by.pseudonym,
    )
    session.add(pledge)
    session.flush()
    return pledge


def _backer(proposal: Proposal, row: Row) -> Backer:
    email = row.email.strip().lower()
    known = db.session().scalar(queries.backer_with(proposal.id, email)) if email else None
    if known is not None:
        return known
    backer = Backer(proposal_id=proposal.id, name=row.name, email=email, is_named=row.is_named)
    db.session().add(backer)
    db.session().flush()
    return backer


def withdraw(proposal: Proposal, pledge: Pledge, *, by: Actor) -> None:
    """Take a pledge back by a counter row; refuses with WrongState what arrived, and after the settlement."""
    policy.check(by, Can.PLEDGE_RECORD, proposal)
    call = _call_of(proposal)
    _move(call)
    session = db.session()
    newest = session.scalars(queries.checks_of(pledge.id)).first()
    if newest is not None and newest.received_cents:
        raise WrongState(W("The city saw this money arrive, so the pledge cannot be taken back."))
    if session.scalar(queries.was_taken_back(pledge.id)) is not None:
        raise WrongState(W("This pledge was taken back already."))
    names = ("proposal_id", "call_id", "backer_id", "amount_cents", "pledged_on", "source")
    same = {name: getattr(pledge, name) for name in names}
    counter = Pledge(
        **same,
        reference=f"-{pledge.reference}",
        withdraws_id=pledge.id,
        entered_at=clock.now(),
        actor=by.pseudonym,
    )
    session.add(counter)
    session.flush()
    record(Did.PLEDGE_WITHDRAWN, proposal.key, by=by, cents=pledge.amount_cents, call=call.ref)


def confirm(
    proposal: Proposal, checks: Iterable[tuple[Pledge, int]], seen: Seen, *, by: Actor
) -> list[PledgeCheck]:
    """Enter what truly arrived of pledges; looking at one again is a new row, the newest counts.

    Refuses with Invalid more than was pledged, a day to come and a check without evidence.
    """
    policy.check(by, Can.PLEDGE_CONFIRM, proposal)
    if not seen.evidence:
        raise Invalid(W("Say what shows it, like the number of the payment order"), field="evidence")
    if seen.on > clock.today():
        raise Invalid(W("Enter a day that is not in the future"), field="received_on")
    call = _call_of(proposal)
    _move(call)
    found = [_check_row(pledge, cents, seen, by=by) for pledge, cents in checks]
    db.session().add_all(found)
    db.session().flush()
    total = sum(one.received_cents for one in found)
    record(Did.PLEDGE_CHECKED, proposal.key, by=by, count=len(found), cents=total, call=call.ref)
    return found


def _check_row(pledge: Pledge, cents: int, seen: Seen, *, by: Actor) -> PledgeCheck:
    if not 0 <= cents <= pledge.amount_cents:
        raise Invalid(W("Enter what arrived: not more than was pledged."), field="received")
    if db.session().scalar(queries.was_taken_back(pledge.id)) is not None:
        raise WrongState(W("This pledge was taken back already."))
    before = db.session().scalars(queries.checks_of(pledge.id)).first()
    assert by.person_id is not None  # noqa: S101 - the permission is a city role's
    return PledgeCheck(
        pledge_id=pledge.id,
        number=before.number + 1 if before else 1,
        received_cents=cents,
        received_on=seen.on,
        evidence=seen.evidence,
        confirmed_by_id=by.person_id,
        at=clock.now(),
    )


def settle(call: Call, *, by: Actor) -> list[MatchAward]:
    """Settle what the city adds to each project, once and for all, after the call has closed.

    Refuses with NotAllowed whoever confirmed money of it or is part of a project, with WrongState before the
    close or a second time, and with Invalid a call without a pot, or whose fund holds less than is due.
    """
    policy.check(by, Can.MATCH_SETTLE, pot_of(call))
    if call.track != "matchfunding":
        raise WrongState(NO_MATCH)
    if phase(call, clock.now()) not in {Phase.CLOSED, Phase.DECIDED}:
        raise WrongState(W("What the city adds is settled after the call has closed."))
    if not call.budget_cents:
        raise Invalid(W("The call names no money for the whole, so there is no pot to share."))
    _close_pot(call, by=by)
    keys = {one.id: f"proposal:{one.code}" for one in db.session().execute(queries.projects(call))}
    outcomes = outcomes_of(call, keys)
    _earmark(call, {keys[one.key]: one.cents for one in outcomes if one.cents}, by=by)
    found = [_award(call, one) for one in outcomes]
    db.session().add_all(found)
    db.session().flush()
    cents = sum(one.cents for one in found)
    record(Did.MATCH_SETTLED, call.key, by=by, cents=cents, count=len(found), order=call.match_order)
    return found


def give_back(call: Call, reason: str, *, by: Actor) -> int:
    """Give back to its fund what no project took of the match, once it is said what came of the call.

    Refuses with WrongState before that and where nothing is left, with Invalid without a reason. It may be
    done again where a project needs less than was promised to it.
    """
    policy.check(by, Can.MATCH_SETTLE, pot_of(call))
    if phase(call, clock.now()) not in {Phase.DECIDED, Phase.CANCELLED}:
        raise WrongState(W("What no project took goes back once it is said what came of the call."))
    if not reason:
        raise Invalid(W("Write the reason: everybody can read it."), field="return_reason")
    if not call.match_pool_id or not call.pool_id:
        raise WrongState(NOTHING_LEFT)
    own = db.session().scalars(queries.own_pool(call)).one()
    fund = db.session().get_one(Pool, call.pool_id)
    cents = support.give_up(own, fund, by=by, reason=f"{call.ref}: {reason}")
    if not cents:
        raise WrongState(NOTHING_LEFT)
    call.given_back_cents += cents
    db.session().flush()
    record(Did.MATCH_GAVE_BACK, call.key, by=by, cents=cents, reason=reason)
    return cents


def outcomes_of(call: Call, projects: Iterable[int]) -> list[sharing.Outcome]:
    """Return what the rule gives each project by what has arrived so far."""
    given: dict[int, list[sharing.Given]] = {one: [] for one in projects}
    for proposal_id, backer_id, cents, at in db.session().execute(queries.arrived(call)):
        given.setdefault(proposal_id, []).append(sharing.Given(backer_id, cents, at))
    return sharing.share(terms_of(call), [sharing.Project(key, rows) for key, rows in given.items()])


def terms_of(call: Call) -> sharing.Terms:
    """Return what the rule reads of a call."""
    return sharing.Terms(
        ratio_bp=call.match_ratio_bp,
        cap_cents=call.match_cap_cents,
        threshold_cents=call.match_threshold_cents,
        pot_cents=call.budget_cents,
        person_cents=call.match_person_cents,
        order=call.match_order,
    )


def _call_of(proposal: Proposal) -> Call:
    call = db.session().get(Call, proposal.call_id) if proposal.call_id else None
    if call is None or call.track != "matchfunding" or proposal.submitted_at is None:
        raise WrongState(NO_MATCH)
    return call


def _move(call: Call) -> None:
    # Every pledge and check of a call passes here one by one, and none after the pot was closed.
    moved = (
        update(Call)
        .where(Call.id == call.id, Call.settled_at.is_(None))
        .values(pledge_moves=Call.pledge_moves + 1)
        .returning(Call.id)
        .execution_options(synchronize_session=False)
    )
    if db.session().scalar(moved) is None:
        raise WrongState(SETTLED)


def _close_pot(call: Call, *, by: Actor) -> None:
    closed = (
        update(Call)
        .where(Call.id == call.id, Call.settled_at.is_(None))
        .values(settled_at=clock.now(), settled_by_id=by.person_id)
        .returning(Call.id)
        .execution_options(synchronize_session=False)
    )
    if db.session().scalar(closed) is None:
        raise WrongState(W("A colleague settled this call already."))


def _earmark(call: Call, shares: Mapping[str, int], *, by: Actor) -> None:
    """Keep the match aside: out of the fund, in a pool of which the awarded projects alone draw."""
    cents = sum(shares.values())
    pool = db.session().get(Pool, call.pool_id) if call.pool_id else None
    if pool is not None and pool.left < cents:
        raise Invalid(W("The fund of this call holds less than is due. Put money into it first."))
    kept = (
        update(Call)
        .where(Call.id == call.id, Call.earmarked_cents + cents <= Call.budget_cents)
        .values(earmarked_cents=Call.earmarked_cents + cents)
        .returning(Call.id)
        .execution_options(synchronize_session=False)
    )
    if db.session().scalar(kept) is None:
        raise Stale(CHANGED)
    db.session().refresh(call, ("earmarked_cents", "settled_at", "settled_by_id", "pledge_moves"))
    if pool is not None and shares:
        title = next((one for one in call.title.values() if one), "")
        own = support.set_aside(
            pool, call.key, shares, name=f"{call.ref}: {title}", by=by, reason=f"{call.ref}: {call.source}"
        )
        call.match_pool_id = own.id
        db.session().flush()


def _award(call: Call, one: sharing.Outcome) -> MatchAward:
    return MatchAward(
        call_id=call.id,
        proposal_id=one.key,
        raised_cents=one.raised_cents,
        counted_cents=one.counted_cents,
        cents=one.cents,
        met_at=one.met_at,
        reason=one.reason.value,
        at=clock.now(),
    )
