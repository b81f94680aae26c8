"""One decision to support a pact: what, why, in which roles, what arrived, and every row of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from portal import clock, db
from portal.errors import NotFound
from portal.organisations.models import Organisation
from portal.record import Act, publicity
from portal.record.models import Leaf
from portal.support import roles, valuing
from portal.support.checks import queries as checks
from portal.support.checks import said as checks_said
from portal.support.handing import queries as handing
from portal.support.handing.showing import Part, part_of
from portal.support.ledger import Course, course
from portal.support.lifecycle import PROMISED, State
from portal.support.models import Allocation, Pool, PoolEntry
from portal.support.payments.models import Payment, PaymentPlan, Tranche
from portal.support.subjects import is_track
from portal.support.surplus import queries as surplus
from portal.support.surplus import said as surplus_said
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

    from portal.city import Profile, SupportCheck
    from portal.support.checks.rules import Fit
    from portal.support.valuing import Valued
    from portal.words import W

MOST_ENTRIES = 200
_Measure = aliased(Pool)
# Told of support that is promised; of what is only asked and proposed the pact's own pages tell.
_TOLD = frozenset(PROMISED) | {State.RELEASED}


_VERBS = sorted(verb for verb in publicity.PUBLIC if verb.startswith("support:"))


@dataclass(frozen=True, slots=True)
class Decision:
    """A promise of support as everybody may read it; nobody is named in it."""

    allocation: Allocation
    group: Any
    entries: Sequence[Any]
    units: Course
    cents: Course
    roles: dict[str, W]
    acts: Sequence[Any]
    paid: Sequence[Any]
    parts: Sequence[Part]

    @property
    def rules(self) -> Profile | None:
        """Return the rules of the city that held for it."""
        return checks.rules_of(self.allocation)

    @property
    def publication(self) -> tuple[W, str] | None:
        """Return whether publication holds its payment; None for what is not paid."""
        return checks_said.publication_of(self.allocation)

    @property
    def weighed(self) -> list[tuple[SupportCheck, Fit]]:
        """Return what these rules said when it was approved."""
        return checks.kept(self.allocation) if self.is_told else []

    @property
    def has_worth(self) -> bool:
        """Say whether its rows carry a worth beside their amounts: not money, and not what nobody valued."""
        return self.allocation.unit != "cent" and self.cents.promised > 0

    @property
    def valued(self) -> Valued | None:
        """Return how its worth was found when it was approved."""
        return valuing.read(self.allocation.valued_by)

    @property
    def is_of_track(self) -> bool:
        """Say whether it is for a call's track, and so for no one group."""
        return is_track(self.allocation.subject)

    @property
    def surplus(self) -> list[dict[str, Any]]:
        """Return which surplus financed it; nothing is asked of a promise that drew on another fund."""
        if not any(pool.slug == surplus.FUND for _, pool in self.entries):
            return []
        return surplus_said.financed({self.allocation.id})

    @property
    def is_told(self) -> bool:
        """Say whether the reason may be read: not while the same support is being decided on anew."""
        return self.allocation.state in _TOLD


def decision(number: int) -> Decision:
    """Return a decision; there is none until a second person has approved."""
    found = _entries(number)
    if not found:
        raise NotFound(NO_SUCH_PAGE)
    entries = [(one.PoolEntry, one.Pool) for one in found]
    allocation = found[0].Allocation
    return Decision(
        allocation,
        found[0],
        entries,
        *_courses(number, [one for one, _ in entries]),
        _roles(allocation),
        _acts(allocation),
        _paid(number) if allocation.unit == "cent" else (),
        _parts(allocation),
    )


def _courses(number: int, shown: Sequence[PoolEntry]) -> tuple[Course, Course]:
    """Return what became of a promise, in its unit and in cents, by its rows; also by those not shown."""
    found = [(one.movement, one.amount, one.value_cents) for one in shown]
    if len(found) == MOST_ENTRIES:
        sums = (func.sum(PoolEntry.amount), func.sum(PoolEntry.value_cents))
        every = _rows(number).with_only_columns(PoolEntry.movement, *sums).group_by(PoolEntry.movement)
        found = [
            (movement, int(amount), int(cents)) for movement, amount, cents in db.session().execute(every)
        ]
    return course((one, amount) for one, amount, _ in found), course((one, cents) for one, _, cents in found)


def _parts(allocation: Allocation) -> Sequence[Part]:
    """Return what arrived, each part with what the group said of it."""
    found = db.session().execute(handing.deliveries([allocation.id])).all()
    return [part_of(allocation, one, clock.today()) for one in found]


def _entries(number: int) -> Sequence[Any]:
    """Return the rows of the ledger, the oldest first, each with its fund, the promise and its group.

    They are those of the measure in which the promise is counted; a fund is known by its first measure.
    """
    shown = and_(Organisation.id == Allocation.organisation_id, Organisation.hidden_at.is_(None))
    asked = (
        _rows(number)
        .with_only_columns(PoolEntry, Pool, Allocation, Organisation.name, Organisation.slug)
        .join(Pool, Pool.id == func.coalesce(_Measure.head_id, _Measure.id))
        .outerjoin(Organisation, shown)
        .order_by(PoolEntry.id)
    )
    return db.session().execute(asked.limit(MOST_ENTRIES)).all()


def _rows(number: int) -> Select[PoolEntry]:
    """Select the rows of the measure in which a promise is counted."""
    return (
        select(PoolEntry)
        .join(_Measure, _Measure.id == PoolEntry.pool_id)
        .join(Allocation, Allocation.id == PoolEntry.allocation_id)
        .where(PoolEntry.allocation_id == number, _Measure.unit == Allocation.unit)
    )


def _paid(number: int) -> Sequence[Any]:
    """Return (part, amount, day) of what the bank paid; nothing of whose account it was."""
    asked = (
        select(Tranche.number, Payment.amount, Payment.settled_on)
        .join(Tranche, Tranche.id == Payment.tranche_id)
        .join(PaymentPlan, PaymentPlan.id == Tranche.plan_id)
        .where(PaymentPlan.allocation_id == number, Payment.state == "paid")
        .order_by(Payment.id)
    )
    return db.session().execute(asked).all()


def _roles(allocation: Allocation) -> dict[str, W]:
    """Return in which role the two persons acted."""
    proposed, approved = roles.held(
        [
            (allocation.proposed_by_id, allocation.proposed_at),
            (allocation.approved_by_id, allocation.approved_at),
        ]
    )
    return {"proposed": proposed, "approved": approved}


def _acts(allocation: Allocation) -> Sequence[Any]:
    """Return (act, position) of what the record holds of this promise."""
    asked = (
        select(Act, Leaf.position)
        .outerjoin(Leaf, Leaf.act_id == Act.id)
        .where(Act.subject == allocation.subject, Act.verb.in_(_VERBS))
        .order_by(Act.id)
        .limit(MOST_ENTRIES)
    )
    mine = {"row": allocation.row_key, "version": allocation.version}
    return [row for row in db.session().execute(asked) if mine.items() <= row[0].facts.items()]
