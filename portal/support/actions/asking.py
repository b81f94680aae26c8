"""Ask for the support of an agreed text, and let go of it when the agreement is void."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal import clock, db
from portal.policy import Actor
from portal.record import Did
from portal.support import queries
from portal.support.actions import books
from portal.support.ledger import Kind, Movement
from portal.support.lifecycle import LIFE, State, Verb
from portal.support.models import Allocation


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at beside the row itself: whose case it is, its days, commons, class and advance.

    `starts_on` decides the year of the pool; nobody of `organisation_id`, nor `party_person_id`, who signs
    for it, decides on it for the city.
    """

    organisation_id: int | None = None
    party_person_id: int | None = None
    title: str = ""
    language: str = ""
    district: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    pact_class: str = ""
    profile_version: str = ""
    commons: str = ""
    case_key: str = ""
    advance_bp: int = 0


NO_CASE = Case()


def ask_for(
    subject: str, version: int, rows: Iterable[Mapping[str, Any]], *, case: Case = NO_CASE, by: Actor
) -> list[Allocation]:
    """Ask for the support of an agreed version, and let go of what older versions asked for.

    `rows` are those of the text's "support"; kinds given without a pool are left out. Asking twice changes
    nothing. Who may is asked by the agreement that leads here.
    """
    session = db.session()
    for old in session.scalars(queries.still_open(subject)).all():
        if old.version != version:
            let_go(old, by=by)
    known = {one.row_key: one for one in session.scalars(queries.of_version(subject, version))}
    common = asdict(case) | {"starts_on": case.starts_on or clock.today()}
    asked = []
    for row in (one for one in rows if one["kind"] in set(Kind)):
        allocation = known.get(row["id"]) or Allocation(subject=subject, version=version, row_key=row["id"])
        _ask(allocation, {**common, **_facts_of(row)}, by=by)
        asked.append(allocation)
    session.flush()
    return asked


def ask_more(first: Allocation, row_key: str, facts: Mapping[str, Any], *, by: Actor) -> Allocation:
    """Ask for more of what a pact was given, as an allocation of its own beside the first one.

    Who may is asked by the verb that leads here; `facts` are the row's: what, amount, unit and measures.
    """
    same = (
        "subject",
        "version",
        "title",
        "language",
        "district",
        "starts_on",
        "kind",
        "pact_class",
        "profile_version",
    )
    parties = ("organisation_id", "party_person_id", "ends_on", "commons", "case_key")
    copied = {name: getattr(first, name) for name in (*same, *parties)}
    allocation = Allocation(row_key=row_key, **copied)
    _ask(allocation, facts, by=by)
    db.session().flush()
    return allocation


FURTHER = ("memory_gb", "storage_gb", "traffic_gb")


def _facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("kind", "what", "amount", "unit", "months", "plan", "value_cents", "first_amount", *FURTHER)
    facts = {name: row[name] for name in names if name in row}
    due_on = row.get("due_on")
    facts["due_on"] = date.fromisoformat(due_on) if due_on else None
    return facts | {"costs": " ".join(row.get("costs") or ())}


def _ask(allocation: Allocation, facts: Mapping[str, Any], *, by: Actor) -> None:
    is_new = allocation.state is None
    if not is_new and allocation.state != State.RELEASED:
        return
    for name, value in facts.items():
        setattr(allocation, name, value)
    allocation.state = State.ASKED.value if is_new else LIFE.after(allocation.state, Verb.ASK_AGAIN).value
    allocation.asked_at = clock.now()
    _forget_proposal(allocation)
    allocation.approved_at = allocation.approved_by_id = None
    db.session().add(allocation)
    books.remember(Did.SUPPORT_ASKED, allocation, by=by, kind=allocation.kind)


def _forget_proposal(allocation: Allocation) -> None:
    allocation.pool_id = allocation.proposed_by_id = allocation.proposed_at = None
    allocation.reason = allocation.sent_back_reason = ""


def release(subject: str, *, by: Actor) -> list[Allocation]:
    """Let go of everything asked, proposed or approved for a subject; what was kept aside goes back.

    Called by the verb that voids the agreement, which has asked who may.
    """
    found = list(db.session().scalars(queries.still_open(subject)).all())
    for allocation in found:
        let_go(allocation, by=by)
    return found


def let_go(allocation: Allocation, *, by: Actor) -> None:
    """Let go of one row that was asked, proposed or approved; whoever calls this has asked who may."""
    was_kept_aside = allocation.state == State.APPROVED
    allocation.state = LIFE.after(allocation.state, Verb.RELEASE).value
    db.session().flush()
    if was_kept_aside:
        books.must_move(allocation, Movement.RELEASED, allocation.amount, by=by)
    books.remember(Did.SUPPORT_RELEASED, allocation, by=by)
