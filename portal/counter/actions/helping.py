"""Begin to help somebody, and end it: by a button, by the clock, or by helping somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal import clock, db, policy
from portal.counter import queries
from portal.counter.models import Help, Helped
from portal.errors import NotAllowed
from portal.policy import SYSTEM, Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

LONGEST = timedelta(minutes=30)


def begin(helped: Helped, *, by: Actor) -> Help:
    """Help this person from now on, for half an hour; whoever was helped before is left.

    The database lets a clerk help one person at a time: of two tabs at once one is refused.
    """
    policy.check(by, Can.COUNTER_HELP)
    if helped.person_id is not None and helped.person_id == by.person_id:
        raise NotAllowed(W("This is your own account. A colleague must help you."))
    session = db.session()
    for before, whom in session.execute(queries.open_of_clerk(_clerk(by)).with_for_update(of=Help)).all():
        is_over = before.until <= clock.real()
        _end(before, whom, "time" if is_over else "another", by=by)
    begun = Help(
        clerk_id=_clerk(by),
        helped_id=helped.id,
        started_at=clock.real(),
        until=clock.real() + LONGEST,
        ended_how="",
    )
    session.add(begun)
    session.flush()
    record(Did.COUNTER_BEGAN, helped.key, by=by)
    return begun


def finish(help_id: int, *, by: Actor) -> None:
    """Stop helping; a second time changes nothing, and nobody ends what is another clerk's."""
    policy.check(by, Can.COUNTER_HELP)
    for mine, whom in db.session().execute(queries.open_of_clerk(_clerk(by)).with_for_update(of=Help)).all():
        if mine.id == help_id:
            _end(mine, whom, "time" if mine.until <= clock.real() else "finished", by=by)


def end_overdue() -> int:
    """End what is longer than half an hour; it counts for nothing already. Runs inside a writing unit."""
    over = db.session().execute(queries.overdue(clock.real())).all()
    return sum(_end(one, whom, "time", by=SYSTEM) for one, whom in over)


def _end(one: Help, whom: Helped, how: str, *, by: Actor) -> bool:
    at = min(one.until, clock.real())
    here = update(Help).where(Help.id == one.id, Help.ended_at.is_(None)).values(ended_at=at, ended_how=how)
    if not db.session().execute(here).rowcount:  # type: ignore[attr-defined]
        return False
    record(
        Did.COUNTER_ENDED, whom.key, by=by, how=how, minutes=int((at - one.started_at).total_seconds()) // 60
    )
    return True


def _clerk(by: Actor) -> int:
    assert by.person_id is not None  # noqa: S101 - the permission asks for a role, which only accounts hold
    return by.person_id
