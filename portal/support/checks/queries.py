"""Bring together what the rules look at: other support of this group and commons, and who receives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from portal import city, clock, db
from portal.city import Profile, SupportCheck
from portal.organisations.models import Organisation
from portal.support.bars import year_needed
from portal.support.checks.models import Declaration
from portal.support.checks.rules import Facts, Finding, Fit, Grant, Payee, Request, weigh
from portal.support.ledger import Kind, given_cents
from portal.support.lifecycle import PROMISED, State
from portal.support.models import Allocation
from portal.words import W

PAID = frozenset({Kind.FUNDING.value, Kind.INSURANCE.value})
"""What the city pays in money; of everything else there is no payment that could be held."""
STILL_ASKED = (State.ASKED.value, State.PROPOSED.value)


def declared(subject: str) -> Select[Declaration]:
    """Select what the group of a pact declared last."""
    return select(Declaration).where(Declaration.subject == subject).order_by(Declaration.id.desc()).limit(1)


def beside(rows: Sequence[Allocation]) -> Select[Allocation]:
    """Select what else is promised to the same pact, group or commons, and what the same text asks for."""
    first = rows[0]
    same = [Allocation.subject == first.subject]
    if first.organisation_id is not None:
        same.append(Allocation.organisation_id == first.organisation_id)
    elif first.party_person_id is not None:
        same.append(Allocation.party_person_id == first.party_person_id)
    if first.commons:
        same.append(Allocation.commons == first.commons)
    here = Allocation.state.in_(STILL_ASKED) & (
        (Allocation.subject == first.subject) & (Allocation.version == first.version)
    )
    promised = Allocation.state.in_([one.value for one in PROMISED])
    return select(Allocation).where(or_(*same), or_(promised, here)).options(joinedload(Allocation.pool))


def findings(rows: Sequence[Allocation]) -> dict[int, list[Finding]]:
    """Return what the rules of each row's city and version say, by the row's id."""
    profile = rules_of(rows[0]) if rows else None
    if profile is None:
        return {}
    others = db.session().scalars(beside(rows)).all()
    payee = _payee(rows[0])
    found = {}
    for row in rows:
        grants = [_grant(one, row) for one in others if one.id != row.id]
        found[row.id] = weigh(Facts(_request(row), payee, grants, clock.today()), profile)
    return found


def unpaid_because(row: Allocation) -> W | None:
    """Return why no money of this may be paid yet, where the city's rules hold a payment up, or None."""
    if row.kind not in PAID:
        return None
    found = findings([row]).get(row.id, [])
    return next((one.words for one in found if one.stops_payment), None)


def rules_of(row: Allocation) -> Profile | None:
    """Return the rules under which the pact was made, or None where they are not known."""
    name, _, version = row.profile_version.rpartition("/")
    return city.profile(name.partition("/")[0], version) if name else None


def kept(row: Allocation) -> list[tuple[SupportCheck, Fit]]:
    """Return what the rules said when a row was approved, as it was kept with it."""
    profile = rules_of(row)
    known = {one.id: one for one in profile.support_checks} if profile is not None else {}
    pairs = (one.partition(":") for one in row.weighed.split())
    return [(known[name], Fit(fit)) for name, _, fit in pairs if name in known]


def _request(row: Allocation) -> Request:
    return Request(
        subject=row.subject,
        kind=row.kind,
        what=row.what,
        cents=row.value_cents,
        year=year_needed(row.starts_on, clock.today()),
        pact_class=row.pact_class,
        costs=tuple(row.costs.split()),
        advance_bp=row.advance_bp,
        commons=row.commons,
    )


def _grant(one: Allocation, row: Allocation) -> Grant:
    on = _day(one)
    same_group = one.organisation_id is not None and one.organisation_id == row.organisation_id
    same_person = one.party_person_id is not None and one.party_person_id == row.party_person_id
    return Grant(
        subject=one.subject,
        kind=one.kind,
        what=one.what,
        cents=kept_cents(one),
        on=on,
        year=one.pool.year if one.pool is not None else year_needed(one.starts_on, on),
        costs=tuple(one.costs.split()),
        commons=one.commons,
        is_same_payee=same_group or same_person or one.subject == row.subject,
    )


def kept_cents(one: Allocation) -> int:
    """Return what an allocation is worth to who got it; once closed, only what was given and kept."""
    if one.state == State.CLOSED.value:
        return given_cents(one.value_cents, one.delivered, one.amount)
    return one.value_cents


def _day(one: Allocation) -> date:
    return clock.local(one.approved_at).date() if one.approved_at is not None else clock.today()


def _payee(row: Allocation) -> Payee:
    group = db.session().get(Organisation, row.organisation_id) if row.organisation_id else None
    told = db.session().scalar(declared(row.subject))
    return Payee(
        form=group.kind if group is not None else "",
        has_tax_number=bool(group is not None and group.tax_id),
        is_hidden=group is not None and group.hidden_at is not None,
        is_undertaking=told.is_undertaking if told else None,
        other_aid_cents=told.other_aid_cents if told else None,
        other_funding=told.other_funding if told else None,
    )
