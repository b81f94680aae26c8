"""Send what waits: claim a message, hand it over without a transaction, write down that it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal import clock, db, faults
from portal.errors import WrongState
from portal.notices import queries
from portal.notices.models import Message
from portal.notices.post_office import NeverTaken, as_mail
from portal.schedule.actions import HELD, Hopeless
from portal.schedule.waits import wait_after
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.post_office import PostOffice

# Mails of this event carry a secret link.
LINK_EVENT = "E01"
LEASE = timedelta(minutes=2)
DIED = W("The worker died at the last try. This mail may have gone out, or not.")
LINK_GONE = W("The secret link of this mail was destroyed after its last try. A new one can be asked for.")
# Told where a person's mail goes now; None where the account has no address any more.
AddressOf = Callable[[int], str | None]


def waiting() -> list[int]:
    """Return the ids of messages that should go out now."""
    with db.reading() as session:
        return [message.id for message in session.scalars(queries.to_send(clock.real()))]


def send(message_id: int, office: PostOffice, address_of: AddressOf, *, sender: str, city: str) -> object:
    """Send one message, once: the claim's number guards the end; HELD where another worker has it.

    Only a worker that dies between handing over and noting it repeats a mail, under the same Message-ID.
    Raises Hopeless where no further try can help.
    """
    message = _claim(message_id)
    if message is None:
        return HELD
    faults.reach("mail-claimed")
    if message.attempts > queries.MOST_ATTEMPTS:
        _end(message, state="failed", error=str(DIED))
        raise Hopeless(DIED)
    try:
        address = message.address or (address_of(message.person_id) if message.person_id else None)
        if address:
            office.take(
                as_mail(message, address, sender=sender, city=city), f"{message.id:08d}-{message.event}"
            )
    except Exception as error:
        is_last = isinstance(error, NeverTaken) or message.attempts >= queries.MOST_ATTEMPTS
        reason = str(error) if isinstance(error, NeverTaken) else f"{type(error).__name__}: {error}"
        _end(message, state="failed" if is_last else "waiting", error=reason)
        if is_last:
            raise Hopeless(reason) from error
        raise
    faults.reach("mailed")
    _end(message, state="sent")
    return None


def send_again(message_ids: list[int]) -> None:
    """Let mails that were given up wait to be sent again.

    Refuses with WrongState where the mail's secret link was destroyed with its last try.
    """
    session = db.session()
    given_up = (Message.id.in_(message_ids), Message.state == "failed")
    if without_link() & {str(message_id) for message_id in message_ids}:
        raise WrongState(LINK_GONE)
    session.execute(update(Message).where(*given_up).values(state="waiting", attempts=0, lease_until=None))
    waiting = (Message.id.in_(message_ids), Message.state == "waiting", Message.lease_until > clock.real())
    session.execute(update(Message).where(*waiting, Message.last_error != "").values(lease_until=None))


def without_link() -> set[str]:
    """Return the items of given-up mails that cannot be sent again: their secret link is destroyed."""
    return {str(message_id) for message_id in db.session().scalars(queries.without_link(LINK_EVENT))}


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
    values = {
        "state": state,
        "last_error": error[:1000],
        "sent_at": clock.real() if state == "sent" else None,
        "lease_until": None if state == "sent" else clock.real() + wait_after(message.attempts),
    }
    if message.event == LINK_EVENT and state != "waiting":
        values["link"] = (
            ""  # a link that opens a draft or an account is kept no longer than its mail needs it
        )
    with db.writing() as session:
        session.execute(
            update(Message).where(Message.id == message.id, Message.fence == message.fence).values(values)
        )
