"""Send what waits: claim a message, hand it over without a transaction, write down that it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal import clock, db, faults
from portal.notices import queries
from portal.notices.models import Message
from portal.notices.post_office import as_mail

if TYPE_CHECKING:
    from portal.notices.post_office import PostOffice

# Mails of this event carry a secret link.
LINK_EVENT = "E01"
LEASE = timedelta(minutes=2)
# After a failure the next try waits twice as long, up to an hour.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)

# Told where a person's mail goes now; None where the account has no address any more.
AddressOf = Callable[[int], str | None]


def waiting() -> list[int]:
    """Return the ids of messages that should go out now."""
    with db.reading() as session:
        return [message.id for message in session.scalars(queries.to_send(clock.real()))]


def send(message_id: int, office: PostOffice, address_of: AddressOf, *, sender: str, city: str) -> None:
    """Send one message, once: the claim's number guards the end."""
    message = _claim(message_id)
    if message is None:
        return
    try:
        address = message.address or (address_of(message.person_id) if message.person_id else None)
        if address:
            office.take(
                as_mail(message, address, sender=sender, city=city), f"{message.id:08d}-{message.event}"
            )
    except Exception as error:
        is_last = message.attempts >= queries.MOST_ATTEMPTS
        _end(message, state="failed" if is_last else "waiting", error=f"{type(error).__name__}: {error}")
        raise
    faults.reach("mailed")
    _end(message, state="sent")


def _claim(message_id: int) -> Message | None:
    with db.writing() as session:
        message = session.get(Message, message_id, with_for_update=True)
        now = clock.real()
        if (
            message is None
            or message.state != "waiting"
            or (message.lease_until and message.lease_until > now)
        ):
            return None
        message.fence += 1
        message.attempts += 1
        message.lease_until = now + LEASE
    return message


def _end(message: Message, *, state: str, error: str = "") -> None:
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (message.attempts - 1))
    values = {
        "state": state,
        "last_error": error[:1000],
        "sent_at": clock.real() if state == "sent" else None,
        "lease_until": None if state == "sent" else clock.real() + wait,
    }
    if message.event == LINK_EVENT and state != "waiting":
        values["link"] = (
            ""  # a link that opens a draft or an account is kept no longer than its mail needs it
        )
    with db.writing() as session:
        session.execute(
            update(Message).where(Message.id == message.id, Message.fence == message.fence).values(values)
        )
