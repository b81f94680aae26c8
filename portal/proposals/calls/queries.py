"""Questions about calls: which everybody sees, which are open, and the proposals that answer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.policy import Can, may_ever
from portal.proposals.calls.lifecycle import Phase, State
from portal.proposals.models import Call, Proposal
from portal.proposals.queries import FAR_FUTURE, PUBLIC_COLUMNS

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from portal.policy import Actor

PAGE = 20
# A city has a handful of calls open at once; more than these on one page nobody would compare.
MOST_CURRENT = 50
STARTED = (State.PUBLISHED.value, State.DECIDED.value)


def visible_to(actor: Actor) -> Select[Call]:
    """Select what the actor may see: everybody what was ever published, the desk its drafts too."""
    if may_ever(actor, Can.DESK_READ):
        return select(Call)
    return select(Call).where(Call.published_at.is_not(None))


def by_ref(found: Select[Call], ref: str) -> Select[Call]:
    """Narrow a selection to one call."""
    return found.where(Call.ref == ref.strip().upper())


def in_phase(phase: Phase, at: datetime) -> ColumnElement[bool]:
    """Return the condition for a phase at an instant: what lifecycle.phase says, said to the database."""
    published = Call.state == State.PUBLISHED.value
    return {
        Phase.AHEAD: and_(published, Call.opens_at > at),
        Phase.OPEN: and_(published, Call.opens_at <= at, Call.closes_at > at),
        Phase.CLOSED: and_(published, Call.closes_at <= at),
    }.get(phase, Call.state == phase.value)


def current(at: datetime) -> Select[Call]:
    """Select the calls that are open or will open, the one that closes first before the others."""
    going = or_(in_phase(Phase.OPEN, at), in_phase(Phase.AHEAD, at))
    return select(Call).where(going).order_by(Call.closes_at, Call.id).limit(MOST_CURRENT)


def open_now(at: datetime) -> Select[Call]:
    """Select the calls under which a proposal can be sent at this instant."""
    return select(Call).where(in_phase(Phase.OPEN, at)).order_by(Call.closes_at, Call.id).limit(MOST_CURRENT)


def past(at: datetime, *, before: tuple[datetime, int] | None = None) -> Select[Call]:
    """Select a page, and one row more, of the calls that are over, the last closed first."""
    over = and_(
        Call.published_at.is_not(None), or_(Call.state != State.PUBLISHED.value, Call.closes_at <= at)
    )
    closes_at, call_id = before or (FAR_FUTURE, 0)
    older = or_(Call.closes_at < closes_at, and_(Call.closes_at == closes_at, Call.id < call_id))
    return select(Call).where(over, older).order_by(Call.closes_at.desc(), Call.id.desc()).limit(PAGE + 1)


def on_the_desk() -> Select[Call]:
    """Select the newest calls in whatever state, for staff."""
    return select(Call).order_by(Call.id.desc()).limit(100)


def last_ref(prefix: str) -> Select[str | None]:
    """Select the highest reference that begins so."""
    return select(func.max(Call.ref)).where(Call.ref.startswith(prefix, autoescape=True))


def answers(call: Call, *, before: tuple[datetime, int] | None = None) -> Select[*tuple[Any, ...]]:
    """Select a page, and one row more, of the proposals sent under the call, the newest first."""
    at, row_id = before or (FAR_FUTURE, 0)
    older = or_(Proposal.submitted_at < at, and_(Proposal.submitted_at == at, Proposal.id < row_id))
    return (
        select(*PUBLIC_COLUMNS)
        .where(Proposal.call_id == call.id, Proposal.submitted_at.is_not(None), older)
        .order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
        .limit(PAGE + 1)
    )


def concerned(call_id: int) -> Select[Proposal]:
    """Select every draft and proposal under the call whose holder is told of its changes."""
    open_states = ("draft", "submitted", "supplement_asked", "refusal_noticed")
    found = select(Proposal).where(Proposal.call_id == call_id, Proposal.state.in_(open_states))
    return found.order_by(Proposal.id)
