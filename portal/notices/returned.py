"""Read what a mail server reports of a mail that it could not deliver (RFC 3464); nothing is believed."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

from portal.notices.links import message_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

# A report holds a few lines and the head of a mail; whatever is longer is none.
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Returned:
    """A message of ours that came back for good, and why (RFC 3463, like 5.1.1)."""

    number: int
    status: str


def read(content: bytes) -> Returned | None:
    """Return which message the report is about; None where it is no report, or of none of our mails.

    Only our own Message-ID counts, which nobody can make up: so nobody can report somebody else's address.
    A mail that is only late is none that came back.
    """
    if len(content) > MOST_BYTES:
        return None
    mail = message_from_bytes(content)
    if mail.get_content_type() != "multipart/report":
        return None
    status = next(_failures(mail), "")
    number = next(_numbers(mail), None)
    return Returned(number, status) if status and number is not None else None


def _failures(mail: Message) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for block in _parts(part):
            status = _line(block, "Status").split(" ", maxsplit=1)[0]
            if _line(block, "Action").lower() == "failed" and status.startswith("5."):
                yield status[:12]


def _numbers(mail: Message) -> Iterator[int]:
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            head = message_from_bytes(content if isinstance(content, bytes) else b"")
        elif part.get_content_type() == "message/rfc822" and part.is_multipart():
            head = _parts(part)[0]
        else:
            continue
        number = message_number(_line(head, "Message-ID"))
        if number is not None:
            yield number


def _parts(part: Message) -> list[Message]:
    found: Any = part.get_payload()
    return list(found)


def _line(part: Message, name: str) -> str:
    return str(part.get(name, "") or "").strip()
