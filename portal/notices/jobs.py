"""Send what waits: claim a message, hand it over without a transaction, write down that it went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from portal import clock, db, faults
from portal.errors import WrongState
from portal.notices import gathering, links, queries
from portal.notices.actions.bounces import forget_bounce, note_bounce
from portal.notices.actions.readers import reader_of
from portal.notices.kinds import ENVELOPE, Kind
from portal.notices.links import Purpose
from portal.notices.mails import Ways, as_mail, is_news
from portal.notices.models import Message
from portal.notices.post_office import NeverTaken
from portal.schedule.actions import HELD, Hopeless
from portal.schedule.said import NOTHING, Said
from portal.schedule.waits import wait_after
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.post_office import PostOffice
    from portal.schedule.actions import Run

# Mails of this event carry a secret link.
LINK_EVENT = "E01"
LEASE = timedelta(minutes=2)
DIED = W("The worker died at the last try. This mail may have gone out, or not.")
LINK_GONE = W("The secret link of this mail was destroyed after its last try. A new one can be asked for.")
# Told where a person's mail goes now; None where the account has no address any more.
AddressOf = Callable[[int], str | None]


def waiting() -> list[int]:
    """Return the ids of messages that should go out now, after what was held for a common mail."""
    gathering.gather_due()
    with db.reading() as session:
        return [message.id for message in session.scalars(queries.to_send(clock.real()))]


def digests(run: Run) -> Said:
    """Make every digest that is due, each reader's once for each period."""
    with db.reading() as session:
        found = session.execute(queries.readers_with_news()).all()
    if not found:
        return NOTHING
    return run.each([(who, partial(_digest, who, *whose)) for who, *whose in found])


def _digest(who: str, person_id: int | None, address: str, language: str) -> None:
    with db.writing():
        gathering.digest_due(who, reader_of(person_id, address, language))
        faults.reach("digest-made")


@dataclass(frozen=True)
class Letterhead:
    """What stands on every mail: the city's address and name, where answers go, where links lead."""

    sender: str
    city: str
    reply_to: str = ""
    base_url: str = ""
    reply_domain: str = ""


def send(
    message_id: int,
    office: PostOffice,
    address_of: AddressOf,
    *,
    sender: str,
    city: str,
    reply_to: str = "",
    base_url: str = "",
    reply_domain: str = "",
) -> object:
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
    address = message.address or (address_of(message.person_id) if message.person_id else None)
    if address and _is_lost(message, address):
        _end(message, state="failed", error=_LOST, unreached_at=clock.now())
        return None
    _hand_over(message, office, address, Letterhead(sender, city, reply_to, base_url, reply_domain))
    faults.reach("mailed")
    _end(message, state="sent")
    return None


_LOST = "no mail arrives at this address"


def _is_lost(message: Message, address: str) -> bool:
    # What somebody waits for is tried all the same, and so is what a person sends again.
    if message.kind == Kind.ACCOUNT:
        return False
    with db.reading() as session:
        bounce = session.scalar(queries.bounce_of(address))
    return bounce is not None and bounce.last_at < message.created_at


def _hand_over(message: Message, office: PostOffice, address: str | None, head: Letterhead) -> None:
    try:
        if address:
            office.take(_mail(message, address, head), f"{message.id:08d}-{message.event}")
            _arrived(address)
    except Exception as error:
        is_last = isinstance(error, NeverTaken) or message.attempts >= queries.MOST_ATTEMPTS
        reason = str(error) if isinstance(error, NeverTaken) else f"{type(error).__name__}: {error}"
        status = error.status if isinstance(error, NeverTaken) else ""
        _end(message, state="failed" if is_last else "waiting", error=reason, **_lost(address, status))
        if is_last:
            raise Hopeless(reason) from error
        raise


def _lost(address: str | None, status: str) -> dict[str, Any]:
    if not (address and status):
        return {}
    with db.writing():
        note_bounce(address, status)
    return {"unreached_at": clock.now()}


def _arrived(address: str) -> None:
    with db.reading() as session:
        is_noted = session.scalar(queries.bounce_of(address)) is not None
    if is_noted:
        with db.writing():
            forget_bounce(address)


def _mail(message: Message, address: str, head: Letterhead) -> Any:
    enclosed: tuple[Message, ...] = ()
    ways = None
    if message.event == ENVELOPE:
        with db.reading() as session:
            enclosed = tuple(session.scalars(queries.enclosed_in(message.id)))
    if is_news(message) and head.base_url:
        ways = _ways(message, head.base_url)
    return as_mail(
        message,
        address,
        sender=head.sender,
        city=head.city,
        reply_to=_answers_go_to(message, head),
        enclosed=enclosed,
        ways=ways,
    )


def _answers_go_to(message: Message, head: Letterhead) -> str:
    # What answers a receipt or a question belongs to the case; answers to news and to staff mail do not.
    is_of_case = message.subject_key.startswith("proposal:") and message.kind in {Kind.LEGAL, Kind.ACT}
    if not (head.reply_domain and is_of_case):
        return head.reply_to
    return links.case_address(message.subject_key, head.reply_domain)


def _ways(message: Message, base_url: str) -> Ways:
    with db.writing():
        handle = reader_of(message.person_id, message.address, message.language).handle
    page = f"{base_url}/{message.language}/following/{links.token_for(handle, Purpose.PAGE)}"
    return Ways(page, f"{base_url}/unsubscribe/{links.token_for(handle, Purpose.STOP)}")


def send_again(message_ids: list[int]) -> None:
    """Let mails that were given up wait to be sent again.

    Refuses with WrongState where the mail's secret link was destroyed with its last try.
    """
    session = db.session()
    given_up = (Message.id.in_(message_ids), Message.state == "failed")
    if without_link() & {str(message_id) for message_id in message_ids}:
        raise WrongState(LINK_GONE)
    values = {"state": "waiting", "attempts": 0, "lease_until": None, "unreached_at": None}
    session.execute(update(Message).where(*given_up).values(values))
    waiting = (Message.id.in_(message_ids), Message.state == "waiting", Message.lease_until > clock.real())
    session.execute(update(Message).where(*waiting, Message.last_error != "").values(lease_until=None))


def without_link() -> set[str]:
    """Return the items of given-up mails that cannot be sent again: their secret link is destroyed."""
    return {str(message_id) for message_id in db.session().scalars(queries.without_link(LINK_EVENT))}


def came_back(number: int, status: str, address_of: AddressOf) -> bool:
    """Note that the mail of this message came back for good; False where there is no such message."""
    with db.reading() as session:
        message = session.get(Message, number)
    address = None if message is None else message.address or address_of(message.person_id or 0)
    if message is None or not address:
        return False
    with db.writing() as session:
        note_bounce(address, status)
        session.execute(update(Message).where(Message.id == number).values(unreached_at=clock.now()))
    return True


def _claim(message_id: int) -> Message | None:
    with db.writing() as session:
        message = session.get(Message, message_id, with_for_update=True)
        now = clock.real()
        if (
            message is None
            or message.state != "waiting"
            or message.goes != "alone"
            or (message.lease_until and message.lease_until > now)
        ):
            return None
        message.fence += 1
        message.attempts += 1
        message.lease_until = now + LEASE
    return message


def _end(message: Message, *, state: str, error: str = "", **more: Any) -> None:
    values = {
        "state": state,
        "last_error": error[:1000],
        "sent_at": clock.real() if state == "sent" else None,
        "lease_until": None if state == "sent" else clock.real() + wait_after(message.attempts),
        **more,
    }
    if message.event == LINK_EVENT and state != "waiting":
        values["link"] = (
            ""  # a link that opens a draft or an account is kept no longer than its mail needs it
        )
    with db.writing() as session:
        session.execute(
            update(Message).where(Message.id == message.id, Message.fence == message.fence).values(values)
        )


__all__ = ["AddressOf", "came_back", "digests", "send", "send_again", "waiting", "without_link"]
