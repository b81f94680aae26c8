"""Destroy what is kept of somebody: what identifies goes, what the law needs stays and says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, or_, update

from portal import clock, db, policy
from portal.documents.released import release
from portal.errors import WrongState
from portal.organisations.models import Membership
from portal.people.actions import end_sessions
from portal.people.actions.keys import locked, person_key
from portal.policy import Can
from portal.privacy import queries, registry
from portal.privacy.registry import Erase, Held
from portal.proposals.lifecycle import State
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import ColumnElement

    from portal.people.models import Person
    from portal.policy import Actor
    from portal.privacy.keeping import Reason, Times
    from portal.privacy.queries import Found

WORKS_HERE = W("You work for the city with this account. Ask an administrator to end your roles first.")
GONE_ALREADY = W("This account is erased already.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an erasure did: how many rows of each table went, and which had to stay, for which reason."""

    destroyed: dict[str, int] = field(default_factory=dict)
    kept: list[tuple[Held, Reason]] = field(default_factory=list)


def erase(person: Person, *, times: Times, by: Actor) -> Outcome:
    """Destroy what identifies a person, end their sessions, and close the account for good.

    What must be kept for a while is erased by the job when its reason ends. The record keeps its acts by a
    pseudonym that nothing leads from any more. Refuses with WrongState whoever holds a city role, and an
    account that is erased already.
    """
    policy.check(by, Can.ACCOUNT_ERASE, person)
    held = locked(person.id)
    if held.erased_at is not None:
        raise WrongState(GONE_ALREADY)
    if any(grant.is_valid(clock.now()) for grant in held.grants):
        raise WrongState(WORKS_HERE)
    end_sessions(held)
    _leave_groups(held.id)
    outcome = _destroy(queries.everything(held.id, held.email, times), clock.today())
    db.session().refresh(held)
    held.erased_at = clock.now()
    record(Did.PERSON_ERASED, person_key(held), by=by, kept=sorted({one.table for one, _ in outcome.kept}))
    return outcome


def _leave_groups(person_id: int) -> None:
    now = clock.now()
    still = or_(Membership.until.is_(None), Membership.until > now)
    own = update(Membership).where(Membership.person_id == person_id, Membership.starts_at < now, still)
    db.session().execute(own.values(until=now))


def erase_rest(person: Person, *, times: Times) -> Outcome:
    """Destroy what had to be kept when the account was erased and need not be any more; the job's verb."""
    return _destroy(queries.everything(person.id, "", times), clock.today())


def erase_address(email: str, *, times: Times, by: Actor) -> Outcome:
    """Destroy what is kept of somebody without an account, by their address; for the command line."""
    policy.check(by, Can.ACCOUNT_ERASE)
    return _destroy(queries.everything(0, email.strip().lower(), times), clock.today())


def _destroy(found: Iterable[Found], today: date) -> Outcome:
    outcome = Outcome()
    for one in found:
        count = _destroy_one(one, one.free(today))
        if count:
            outcome.destroyed[one.held.table] = count
        outcome.kept.extend((one.held, one.reasons[one.key(row)]) for row in one.kept(today))
    return outcome


def _destroy_one(found: Found, rows: list[dict[str, Any]]) -> int:
    held = found.held
    going = [row for row in rows if held.erase is Erase.ROW or _is_unsent(held, row)]
    if going:
        table = registry.table(held)
        release(queries.files_of(held, going))
        db.session().execute(delete(table).where(_those(found, going)))
    for row in rows:
        if row not in going:
            _empty(found, row)
    return len(rows)


def _is_unsent(held: Held, row: dict[str, Any]) -> bool:
    # A draft that nobody has sent concerns its writer alone: nothing of it is kept.
    return held.table == "proposal" and row["state"] == State.DRAFT and row["submitted_at"] is None


def _empty(found: Found, row: dict[str, Any]) -> None:
    table = registry.table(found.held)
    there = [one for one in registry.personal_columns(table) if row[one.name] not in (None, "")]
    values = registry.emptied(found.held, there)
    if values:
        release(str(row[name]) for name in values if name in queries.FILES)
        db.session().execute(update(table).where(_those(found, [row])).values(values))


def _those(found: Found, rows: list[dict[str, Any]]) -> ColumnElement[bool]:
    keys = registry.table(found.held).primary_key.columns
    return or_(*(and_(*(column == row[column.name] for column in keys)) for row in rows))
