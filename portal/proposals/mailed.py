"""Read an answer by mail: who wrote, to which case, and what is new in it; nothing else is believed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.utils import getaddresses
from typing import TYPE_CHECKING

from portal.errors import Invalid
from portal.proposals.shapes import LONGEST_TEXT
from portal.typed import clean_text
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

MOST_BYTES = 2_000_000
TO = ("To", "Cc", "Delivered-To", "X-Original-To")
TOO_LARGE = W("This mail is too large: an answer by mail holds text, files are added on the page.")
BY_MACHINE = W("This mail was sent by a machine: nothing was noted.")
NO_WRITER = W("This mail does not say who wrote it: nothing was noted.")
SAYS_NOTHING = W("This mail holds no text above what it quotes: nothing was noted.")
# Where the mail that is answered begins, as mail programs write it in the languages of the portal.
_QUOTES = re.compile(
    r"^\s*(>|-{2,}\s*(Original Message|Messaggio originale|Mensaje original|Missatge original)"
    r"|(On|Il|El|Le|Am)\b.{4,200}(wrote|ha scritto|escribi\u00f3|va escriure|a \u00e9crit|schrieb)\s*:?\s*$"
    r"|-- ?$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail that somebody wrote: the writer's address, the addresses it went to, the new words."""

    writer: str
    to: tuple[str, ...]
    text: str


def read(content: bytes) -> Answer:
    """Return what a mail says. Refuses with Invalid what is too large, of a machine, or without words."""
    if len(content) > MOST_BYTES:
        raise Invalid(TOO_LARGE)
    mail: EmailMessage = message_from_bytes(content, policy=policy.default)
    if (
        str(mail.get("Auto-Submitted", "no")).strip().lower() != "no"
        or mail.get_content_type() == "multipart/report"
    ):
        raise Invalid(BY_MACHINE)
    writers = [address for _, address in getaddresses([str(one) for one in mail.get_all("From", [])])]
    if len(writers) != 1 or "@" not in writers[0]:
        raise Invalid(NO_WRITER)
    text = new_words(_plain(mail))
    if not text:
        raise Invalid(SAYS_NOTHING)
    return Answer(writers[0].lower(), tuple(_addresses(mail)), text[:LONGEST_TEXT])


def _addresses(mail: EmailMessage) -> Iterator[str]:
    for name in TO:
        for _, address in getaddresses([str(one) for one in mail.get_all(name, [])]):
            yield address.lower()


def _plain(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain",))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        # A charset that nobody knows: the letters that can be read are better than none.
        content = part.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def new_words(text: str) -> str:
    """Return a mail's text up to what it quotes or signs with."""
    lines: list[str] = []
    for line in text.replace("\r", "").split("\n"):
        if _QUOTES.match(line):
            break
        lines.append(clean_text(line))
    return "\n".join(lines).strip()
