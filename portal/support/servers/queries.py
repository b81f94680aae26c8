"""Questions about servers: one, those of a pact, those of the desk, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.support.ledger import Kind
from portal.support.lifecycle import PROMISED
from portal.support.lifecycle import State as AllocationState
from portal.support.models import Allocation
from portal.support.servers.lifecycle import AWAITED, IN_USE, OVER
from portal.support.servers.models import (
    Server,
    ServerCall,
    ServerChange,
    ServerHook,
    ServerMessage,
    ServerNote,
    ServerUsage,
)

MOST_DAYS = 62


def _whole() -> Select[Server]:
    loaded = (
        joinedload(Server.allocation, innerjoin=True),
        selectinload(Server.administrators),
        selectinload(Server.steps),
        selectinload(Server.changes),
    )
    return select(Server).options(*loaded).execution_options(populate_existing=True)


def one(ref: str) -> Select[Server]:
    """Select one server by what it is called, with all that belongs to it."""
    return _whole().where(Server.ref == ref.strip().upper())


def by_id(server_id: int) -> Select[Server]:
    """Select one server by its row."""
    return _whole().where(Server.id == server_id)


def of_subject(subject: str) -> Select[Server]:
    """Select the servers of a pact, as they were opened; each stands in several rows.

    A server has a handful of administrators and wishes, so that they come along with it.
    """
    loaded = (
        joinedload(Server.allocation, innerjoin=True),
        joinedload(Server.administrators),
        joinedload(Server.changes),
        selectinload(Server.steps),
    )
    found = select(Server).options(*loaded).where(Server.subject == subject).order_by(Server.id)
    return found.execution_options(populate_existing=True)


def public_of(subject: str) -> Select[Server]:
    """Select what everybody sees of a pact's servers."""
    return select(Server).where(Server.subject == subject).order_by(Server.id)


def growths(server_id: int) -> Select[Allocation]:
    """Select what changes of a server took more, the newest first."""
    return (
        select(Allocation)
        .join(ServerChange, ServerChange.allocation_id == Allocation.id)
        .where(ServerChange.server_id == server_id)
        .order_by(Allocation.id.desc())
    )


def unopened() -> Select[Allocation]:
    """Select the promised allocations of servers for which nobody has begun."""
    is_open = or_(
        exists().where(Server.allocation_id == Allocation.id),
        exists().where(ServerChange.allocation_id == Allocation.id),
    )
    return (
        select(Allocation)
        .where(Allocation.kind == Kind.SERVER.value, Allocation.state == AllocationState.COMMITTED.value)
        .where(~is_open)
        .order_by(Allocation.id)
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """Which servers the desk shows: a state, and what needs a person; either may be empty."""

    state: str = ""
    need: str = ""


NEEDS = ("late", "ending", "change", "stuck")
ENDS_SOON_DAYS = 90


def listed(wish: Wish, today: date, soon: date, *, after: int = 0, most: int = 51) -> Select[Server]:
    """Select servers in the order in which they end, the ended ones last; keyset by position."""
    found = select(Server).where(*_asked(wish, today, soon))
    order = (Server.state.in_([one.value for one in OVER]), Server.ends_on, Server.id)
    return found.order_by(*order).offset(after).limit(most)


def _asked(wish: Wish, today: date, soon: date) -> list[ColumnElement[bool]]:
    awaited, in_use = [one.value for one in AWAITED], [one.value for one in IN_USE]
    needs = {
        "late": and_(Server.state.in_(awaited), Server.due_on < today),
        "ending": and_(Server.state.in_(in_use), Server.ends_on <= soon),
        "change": Server.state == "change_asked",
        "stuck": or_(
            Server.state == "failed",
            exists().where(ServerMessage.server_id == Server.id, ServerMessage.state == "given_up"),
        ),
    }
    found: list[ColumnElement[bool]] = [Server.state == wish.state] if wish.state else []
    return [*found, needs[wish.need]] if wish.need in needs else found


def days(server_id: int, since: date | None = None) -> Select[ServerUsage]:
    """Select what was used, one row a day, the newest day first: of each day the row entered last."""
    newest = select(func.max(ServerUsage.id)).where(ServerUsage.server_id == server_id)
    if since is not None:
        newest = newest.where(ServerUsage.day >= since)
    return (
        select(ServerUsage)
        .where(ServerUsage.id.in_(newest.group_by(ServerUsage.day)))
        .order_by(ServerUsage.day.desc())
        .limit(MOST_DAYS)
    )


def days_each(server_ids: Sequence[int]) -> Select[ServerUsage]:
    """Select of each of these servers what `days` selects of one, all in one question."""
    newest = (
        select(
            func.max(ServerUsage.id).label("id"),
            func.row_number()
            .over(partition_by=ServerUsage.server_id, order_by=ServerUsage.day.desc())
            .label("place"),
        )
        .where(ServerUsage.server_id.in_(server_ids))
        .group_by(ServerUsage.server_id, ServerUsage.day)
        .subquery()
    )
    shown = select(newest.c.id).where(newest.c.place <= MOST_DAYS)
    return select(ServerUsage).where(ServerUsage.id.in_(shown)).order_by(ServerUsage.day.desc())


def notes_each(server_ids: Sequence[int], most: int = 50) -> Select[ServerNote]:
    """Select of each of these servers what `notes` selects of one, all in one question."""
    place = func.row_number().over(partition_by=ServerNote.server_id, order_by=ServerNote.id.desc())
    newest = (
        select(ServerNote.id.label("id"), place.label("place"))
        .where(ServerNote.server_id.in_(server_ids))
        .subquery()
    )
    shown = select(newest.c.id).where(newest.c.place <= most)
    return select(ServerNote).where(ServerNote.id.in_(shown)).order_by(ServerNote.id.desc())


def notes(server_id: int, most: int = 50) -> Select[ServerNote]:
    """Select what the two sides wrote, the newest first."""
    return (
        select(ServerNote).where(ServerNote.server_id == server_id).order_by(ServerNote.id.desc()).limit(most)
    )


def messages(server_id: int, most: int = 20) -> Select[ServerMessage]:
    """Select the messages to the automation with their tries, the newest first."""
    return (
        select(ServerMessage)
        .where(ServerMessage.server_id == server_id)
        .options(selectinload(ServerMessage.attempts))
        .order_by(ServerMessage.id.desc())
        .limit(most)
    )


def to_send(at: datetime, most: int = 100) -> Select[str]:
    """Select the ids of the messages whose next try is due; those given up rest among the failed items."""
    return (
        select(ServerMessage.message_id)
        .where(ServerMessage.state != "sent", ServerMessage.next_at <= at)
        .order_by(ServerMessage.id)
        .limit(most)
    )


def message(message_id: str) -> Select[ServerMessage]:
    """Select one message to the automation."""
    return select(ServerMessage).where(ServerMessage.message_id == message_id)


def call(message_id: str) -> Select[ServerCall]:
    """Select a message from the automation by its id."""
    return select(ServerCall).where(ServerCall.message_id == message_id)


def closed(address_hash: str) -> Select[ServerHook]:
    """Select the note that an automation is gone."""
    return select(ServerHook).where(ServerHook.address_hash == address_hash)


def ending(until: date) -> Select[int]:
    """Select the servers in use whose end is near or past."""
    in_use = [one.value for one in IN_USE]
    return select(Server.id).where(Server.state.in_(in_use), Server.ends_on <= until).order_by(Server.ends_on)


def of_allocation(allocation_id: int) -> Select[int]:
    """Select the server that was begun for an allocation."""
    return select(Server.id).where(Server.allocation_id == allocation_id)


def message_of(server_id: int, found: Select[ServerMessage]) -> Select[ServerMessage]:
    """Narrow a message to those of one server: another's is not there."""
    return found.where(ServerMessage.server_id == server_id)


def no_wish() -> Select[ServerChange]:
    """Select nothing: where no wish was ever written there is nothing to decide."""
    return select(ServerChange).where(false())


def promised(subject: str) -> Select[Allocation]:
    """Select a promise of a server to a pact, begun or not."""
    return (
        select(Allocation)
        .where(Allocation.subject == subject, Allocation.kind == Kind.SERVER.value)
        .where(Allocation.state.in_([one.value for one in PROMISED]))
        .limit(1)
    )
