"""The yearly list of benefits that the law wants: who got what, how much, why, from which office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, case, cast, func, literal, select

from portal import clock, db
from portal.front.money.totals import IN_MONEY
from portal.organisations.models import Organisation
from portal.pacts.models import Pact
from portal.proposals.models import Call, Proposal
from portal.support import roles
from portal.support.lifecycle import State
from portal.support.models import Allocation, Pool
from portal.support.subjects import CALL, code_of, is_track, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.words import W

PAGE = 20
_BOUND = (State.COMMITTED.value, State.DELIVERED.value, State.CLOSED.value)
_WORTH = case((Allocation.unit == "cent", Allocation.amount), else_=Allocation.value_cents)
# Who gets it: a group, a person who signs alone, or whoever stands behind a pact.
_PAYEE = func.coalesce(
    literal("group:").concat(cast(Allocation.organisation_id, String)),
    literal("person:").concat(cast(Allocation.party_person_id, String)),
    Allocation.subject,
)


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit; `total_cents` is what its payee got in the year. A natural person is never named."""

    fact: Any
    cents: int
    total_cents: int
    # In which role somebody of the city answers for the decision.
    role: W

    @property
    def is_money(self) -> bool:
        """Say whether it is money that the city pays."""
        return self.fact.kind in IN_MONEY

    @property
    def on(self) -> date:
        """Return the day of the signature that promised it."""
        return clock.local(self.fact.committed_at).date()

    @property
    def rules_of(self) -> date | None:
        """Return the first day of the rules by which it was given; None where nobody wrote down which."""
        version = self.fact.profile_version.rpartition("/")[2]
        return date.fromisoformat(version) if version else None

    @property
    def call(self) -> str:
        """Return the call that the pact answered, or for whose track it is; an empty text for none."""
        return self.fact.subject.removeprefix(CALL) if self.is_of_track else self.fact.call or ""

    @property
    def is_of_track(self) -> bool:
        """Say whether it is for a call's track: its stages have many groups, none of them the payee."""
        return is_track(self.fact.subject)

    @property
    def code(self) -> str:
        """Return the code of the pact."""
        return code_of(self.fact.subject)

    @property
    def place(self) -> str:
        """Return the address of the public page of what it is for, without language."""
        return place_of(self.fact.subject)


def years() -> list[int]:
    """Return the years in which benefits were promised, the newest first; this year always."""
    first = db.session().scalar(select(func.min(Allocation.committed_at)))
    now = clock.today().year
    return list(range(now, (clock.local(first).year if first else now) - 1, -1))


def listed(year: int, above_cents: int, after: int = 0, most: int = PAGE) -> list[Benefit]:
    """Return the benefits of the payees who got more than this in the year, in the order of the promises."""
    in_year = _in_year(year)
    totals = (
        select(_PAYEE.label("payee"), func.sum(_WORTH).label("total"))
        .where(*in_year)
        .group_by(_PAYEE)
        .having(func.sum(_WORTH) > above_cents)
        .subquery()
    )
    facts = (
        *(Allocation.id, Allocation.subject, Allocation.title, Allocation.what, Allocation.kind),
        *(Allocation.amount, Allocation.unit, Allocation.committed_at, Allocation.organisation_id),
        *(Organisation.name, Organisation.slug, Organisation.tax_id, Pool.office, Pool.name.label("pool")),
        *(Allocation.approved_by_id, Allocation.approved_at, Allocation.profile_version),
        *(Pact.proposal_code.label("proposal"), Call.ref.label("call")),
    )
    shown = and_(Organisation.id == Allocation.organisation_id, Organisation.hidden_at.is_(None))
    asked = (
        select(*facts, _WORTH.label("worth"), totals.c.total)
        .join(totals, totals.c.payee == _PAYEE)
        .join(Pool, Pool.id == Allocation.pool_id)
        .outerjoin(Organisation, shown)
        # How the payee was chosen is told by where the pact came from.
        .outerjoin(Pact, Pact.code == func.substr(Allocation.subject, len("pact:") + 1))
        .outerjoin(Proposal, Proposal.code == Pact.proposal_code)
        .outerjoin(Call, Call.id == Proposal.call_id)
        .where(*in_year, Allocation.id > after)
        .order_by(Allocation.id)
        .limit(most)
    )
    found = db.session().execute(asked).all()
    answering = roles.held([(row.approved_by_id, row.approved_at) for row in found])
    return [
        Benefit(row, int(row.worth), int(row.total), role) for row, role in zip(found, answering, strict=True)
    ]


def every(year: int, above_cents: int, at_once: int = 500) -> Iterator[Benefit]:
    """Yield all of them, some at once: each some in a reading of their own."""
    after = 0
    while True:
        with db.reading():
            some = listed(year, above_cents, after, at_once)
        yield from some
        if len(some) < at_once:
            return
        after = some[-1].fact.id


def _in_year(year: int) -> tuple[Any, ...]:
    since, until = (datetime(one, 1, 1, tzinfo=clock.zone()) for one in (year, year + 1))
    bound = (Allocation.committed_at >= since, Allocation.committed_at < until)
    return (*bound, Allocation.state.in_(_BOUND))
