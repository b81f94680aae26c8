"""The outbox: messages to the automation, written with the act, sent once, tried again, given up loudly."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from portal import clock, crypto, db, faults, policy
from portal.errors import WrongState
from portal.policy import Can
from portal.record import Did
from portal.schedule import actions as schedule
from portal.support.servers import queries, signing
from portal.support.servers.actions.opening import remember
from portal.support.servers.models import Server, ServerAttempt, ServerHook, ServerMessage
from portal.support.servers.posting import GONE, Automation, Outcome
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.policy import Actor

JOB = "servers"
VERSION = 1
# After 10 s, 20 s, 40 s … and at most four hours: twelve tries in about a day.
FIRST_WAIT, LONGEST_WAIT, MOST_TRIES = timedelta(seconds=10), timedelta(hours=4), 12
# Longer than a try can last: nobody else takes the message meanwhile.
CLAIM = timedelta(minutes=2)
GIVEN_UP = W("The automation of servers did not take a message. Open the server’s page and send it again.")
CLOSED = W(
    "The automation of servers said that its address is gone (410). Nothing is sent until it is opened."
)


@dataclass(frozen=True)
class Claimed:
    """A try in this worker's hands: what is sent, and the number that is its fence."""

    id: int
    message_id: str
    payload: bytes
    number: int
    turn: int


def write(type_: str, server: Server, callback: str) -> ServerMessage:
    """Write a message about the server in the open transaction; it is sent after that, by a job."""
    now = clock.real()
    message = ServerMessage(
        message_id=f"msg_{secrets.token_urlsafe(18)}",
        server_id=server.id,
        type=type_,
        payload=crypto.canonical(_content(type_, server, callback)).decode(),
        made_at=clock.now(),
        next_at=now,
    )
    db.session().add(message)
    db.session().flush()
    return message


def _content(type_: str, server: Server, callback: str) -> dict[str, Any]:
    """Return what the automation needs, and of people nothing but the keys that open the machine."""
    return {
        "type": type_,
        "timestamp": f"{clock.real():%Y-%m-%dT%H:%M:%SZ}",
        "data": {
            "version": VERSION,
            "server": server.ref,
            "pact": server.code,
            "plan": {"id": server.plan, **server.measures},
            "region": server.region,
            "domain": server.domain,
            "address": server.address,
            "starts_on": server.starts_on.isoformat(),
            "ends_on": server.ends_on.isoformat(),
            "backup": {"by": server.backup_by, "every": server.backup_every},
            "exit": {
                "what": server.exit_what,
                "format": server.exit_format,
                "delete_after_days": server.exit_days,
            },
            "keys": [one.public_key for one in server.administrators if one.public_key],
            "callback": callback,
        },
    }


def send(message_id: str, automation: Automation) -> object:
    """Make one try, in three steps: claim, send without a transaction, note what came of it.

    HELD where another worker has it, LATER where it is tried again. Raises Hopeless
    where it is given up, so that staff see it.
    """
    claimed = _claim(message_id)
    if claimed is None:
        return schedule.HELD
    faults.reach("server-claimed")
    seconds = int(clock.real().timestamp())
    stamp = signing.sign(claimed.message_id, seconds, claimed.payload, automation.secrets)
    outcome = automation.post(claimed.payload, stamp.headers)
    faults.reach("server-sent")
    return _note(claimed, outcome, automation)


def _claim(message_id: str) -> Claimed | None:
    now = clock.real()
    due = (
        ServerMessage.message_id == message_id,
        ServerMessage.state != "sent",
        ServerMessage.next_at <= now,
    )
    took = {"tries": ServerMessage.tries + 1, "turn": ServerMessage.turn + 1, "next_at": now + CLAIM}
    columns = (ServerMessage.id, ServerMessage.payload, ServerMessage.tries, ServerMessage.turn)
    with db.writing() as session:
        row = session.execute(
            update(ServerMessage).where(*due).values(took).returning(*columns)
        ).one_or_none()
    return None if row is None else Claimed(row.id, message_id, row.payload.encode(), row.tries, row.turn)


def _note(claimed: Claimed, outcome: Outcome, automation: Automation) -> object:
    is_gone = outcome.status == GONE
    gives_up = not outcome.is_taken and (is_gone or claimed.turn >= MOST_TRIES)
    now = clock.real()
    values: dict[str, Any] = {"next_at": now + wait_after(claimed.turn)}
    if outcome.is_taken:
        values |= {"state": "sent", "sent_at": now, "payload": ""}
    elif gives_up:
        values |= {"state": "given_up", "next_at": now}
    # Whoever lost the claim meanwhile changes nothing; the try is noted all the same.
    mine = (
        ServerMessage.id == claimed.id,
        ServerMessage.tries == claimed.number,
        ServerMessage.state != "sent",
    )
    with db.writing() as session:
        session.add(_attempt(claimed, outcome, now))
        session.execute(update(ServerMessage).where(*mine).values(values))
        if is_gone:
            _close(automation.url)
    if gives_up:
        raise schedule.Hopeless(CLOSED if is_gone else GIVEN_UP)
    return None if outcome.is_taken else schedule.LATER


def _attempt(claimed: Claimed, outcome: Outcome, at: datetime) -> ServerAttempt:
    return ServerAttempt(
        message_id=claimed.id,
        number=claimed.number,
        at=at,
        took_ms=outcome.took_ms,
        status=outcome.status,
        trouble=outcome.trouble,
    )


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: each time twice as long, and up to a quarter more.

    The quarter is left to chance, so that many messages do not come back at one moment.
    """
    wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(tries - 1, 20)))
    return wait + wait * secrets.randbelow(26) / 100


def due(automation: Automation) -> list[tuple[str, Callable[[], object]]]:
    """Return the messages whose try is due; none where there is no automation, or it said it is gone."""
    if not automation.url:
        return []
    with db.reading() as session:
        if session.scalars(queries.closed(address_hash(automation.url))).one_or_none() is not None:
            return []
        found = session.scalars(queries.to_send(clock.real())).all()
    return [(one, partial(send, one, automation)) for one in found]


def send_again(message: ServerMessage, server: Server, url: str, *, by: Actor) -> None:
    """Let a message that was given up be tried again, as often as a new one and with the same id.

    It also opens an automation again that said it was gone.
    """
    policy.check(by, Can.SERVER_KEEP, server)
    if message.state != "given_up":
        raise WrongState(W("This message is on its way or has arrived."))
    message.state, message.turn, message.next_at = "waiting", 0, clock.real()
    session = db.session()
    session.execute(schedule.forgetting(JOB, message.message_id))
    closed = session.scalars(queries.closed(address_hash(url))).one_or_none()
    if closed is not None:
        session.delete(closed)
    remember(Did.SERVER_SENT_AGAIN, server, by=by)


def address_hash(url: str) -> str:
    """Return by what an address of an automation is known."""
    return crypto.sha256_hex(url.encode())


def _close(url: str) -> None:
    row = {"address_hash": address_hash(url), "closed_at": clock.real()}
    db.session().execute(db.insert(ServerHook).values(row).on_conflict_do_nothing())
