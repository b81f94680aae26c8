"""How long cases really took at each office, from the instants stored with them and in the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select

from portal import clock, db
from portal.front.durations import Lasted, Phase, Span, lasted
from portal.pacts.models import Pact
from portal.pacts.standing import profile_named
from portal.proposals.models import Proposal
from portal.record import Act, Did

# Ended by the group before the city decided: withdrawn, or what was missing never came.
# The city decides no more on what was taken back, lapsed or goes on as a part of another.
_ENDED = frozenset({"withdrawn", "lapsed", "merged"})
_FROM: BindParameter[datetime] = bindparam("since")
_TO: BindParameter[datetime] = bindparam("until")
_taken = (
    select(func.min(Act.at))
    .where(Act.subject == "proposal:" + Proposal.code, Act.verb == Did.CASE_ASSIGNED.value)
    .scalar_subquery()
)
FIRST = select(func.min(Proposal.submitted_at))
SENT = select(
    Proposal.profile_version,
    Proposal.state,
    Proposal.submitted_at,
    Proposal.decided_at,
    _taken.label("taken_at"),
).where(Proposal.submitted_at >= _FROM, Proposal.submitted_at < _TO)
ROOMS = select(Pact.profile_version, Pact.pact_class, Pact.opened_at, Pact.agreed_at, Pact.signed_at).where(
    or_(
        (Pact.opened_at >= _FROM) & (Pact.opened_at < _TO),
        (Pact.agreed_at >= _FROM) & (Pact.agreed_at < _TO),
    )
)


def years() -> list[int]:
    """Return the years in which cases began, the newest first; this year always."""
    first, now = db.session().scalar(FIRST), clock.today().year
    return list(range(now, clock.local(first).year - 1 if first else now - 1, -1))


def in_year(year: int) -> list[Lasted]:
    """Return how long the phases took that began in this year."""
    bounds = {
        "since": datetime(year, 1, 1, tzinfo=clock.zone()),
        "until": datetime(year + 1, 1, 1, tzinfo=clock.zone()),
    }
    sent = db.session().execute(SENT, bounds)
    rooms = db.session().execute(ROOMS, bounds)
    spans = [
        *(span for row in sent for span in _of_proposal(row)),
        *(span for row in rooms for span in _of_pact(row, year)),
    ]
    return lasted(spans)


def _of_proposal(row: Any) -> Iterator[Span]:
    office, is_ended = profile_named(row.profile_version).interlocutor.id, row.state in _ENDED
    # Nobody decides on what nobody took: a decision is the latest proof of it.
    yield _span(office, Phase.TAKEN, (row.submitted_at, row.taken_at or row.decided_at), is_ended=is_ended)
    decided_at = None if is_ended else row.decided_at
    yield _span(office, Phase.DECIDED, (row.submitted_at, decided_at), is_ended=is_ended)


def _of_pact(row: Any, year: int) -> Iterator[Span]:
    office = profile_named(row.profile_version).pact_class(row.pact_class).signer_office
    for phase, since, until in (
        (Phase.AGREED, row.opened_at, row.agreed_at),
        (Phase.SIGNED, row.agreed_at, row.signed_at),
    ):
        if since is not None and clock.local(since).year == year:
            yield _span(office, phase, (since, until))


def _span(
    office: str, phase: Phase, ends: tuple[datetime, datetime | None], *, is_ended: bool = False
) -> Span:
    since, until = ends
    last = clock.local(until).date() if until else clock.today()
    days = (last - clock.local(since).date()).days
    if until is not None:
        return Span(office, phase, days)
    return Span(office, phase, days, "ended" if is_ended else "open")
