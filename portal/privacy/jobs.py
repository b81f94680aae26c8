"""What the worker destroys by itself: what is past its keeping time, and what an erasure had to leave."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import delete, or_, update

from portal import city, clock, db
from portal.documents.released import drop_released
from portal.notices.models import Message
from portal.people.models import Person
from portal.privacy import actions, queries, registry
from portal.proposals.models import Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from config import Config
    from portal.city import Profile
    from portal.documents.store import Store
    from portal.schedule.actions import Run
    from portal.schedule.actions.runs import Step
    from portal.schedule.said import Said

UNANSWERED = ("withdrawn", "lapsed", "merged")


class Tools(Protocol):
    """What this job reads of the worker's tools."""

    @property
    def config(self) -> Config: ...
    @property
    def store(self) -> Store: ...


def forget(tools: Tools, run: Run) -> Said:
    """Destroy what is over: rests of erased accounts, contacts of old cases, old messages."""
    profile = city.profile(tools.config.city)
    times = queries.times_of(profile)
    steps: list[tuple[str, Step]] = [
        ("old messages", partial(_old_messages, profile)),
        ("contacts of refused cases", partial(_contacts, ("refused",), times.refused_days)),
        (
            "contacts of cases that ended without an answer",
            partial(_contacts, UNANSWERED, _kept(profile)),
        ),
        # What was erased today is destroyed in the store tomorrow, when nobody can be naming it anew.
        ("files that nobody names", partial(drop_released, tools.store)),
        *((f"person {person_id}", partial(_rest, person_id, profile)) for person_id in _erased()),
    ]
    return run.each(steps)


def _kept(profile: Profile) -> int:
    return profile.retention_of("draft_proposal").days


def _erased() -> list[int]:
    with db.reading() as session:
        return list(session.scalars(queries.erased()))


def _rest(person_id: int, profile: Profile) -> None:
    with db.writing() as session:
        person = session.get_one(Person, person_id)
        actions.erase_rest(person, times=queries.times_of(profile))


def _before(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _old_messages(profile: Profile) -> None:
    old = Message.created_at < _before(profile.retention_of("message").days)
    with db.writing() as session:
        session.execute(delete(Message).where(old, Message.state != "waiting"))


def _contacts(states: tuple[str, ...], days: int) -> None:
    """Empty how people without an open case were reached, where the case has rested for so long."""
    held = registry.BY_TABLE["proposal"]
    columns = registry.personal_columns(registry.table(held))
    ended = or_(Proposal.decided_at < _before(days), Proposal.decided_at.is_(None))
    rested = Proposal.saved_at < _before(days)
    there = or_(*(column != "" for column in columns))
    with db.writing() as session:
        session.execute(
            update(Proposal)
            .where(Proposal.state.in_(states), ended, rested, there)
            .values(registry.emptied(held, columns))
        )
