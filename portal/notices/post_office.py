"""Hand a message to the mail server, or put it as a file into a folder."""

from __future__ import annotations

import re
import smtplib
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from portal.notices.mails import as_mail

if TYPE_CHECKING:
    from email.message import EmailMessage

TIMEOUT_SECONDS = 20
PERMANENT = range(500, 600)


# Of the permanent refusals, those that blame us or our words and not the address (RFC 3463, 7 = policy).
_NOT_THE_ADDRESS = re.compile(r"5\.7\.\d+")
_STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}")


class NeverTaken(Exception):
    """This one mail will never be taken, however often it is tried; the words name no address.

    `status` says why (RFC 3463) where it is the address at which nothing arrives, and is empty else.
    """

    def __init__(self, words: str, status: str = "") -> None:
        super().__init__(words)
        self.status = status


class PostOffice(Protocol):
    """What takes a finished mail."""

    def take(self, mail: EmailMessage, name: str) -> None:
        """Deliver the mail or raise; `name` is unique and stable per message."""


class FolderOffice:
    """A folder of .eml files, for demonstrations and tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, mail: EmailMessage, name: str) -> None:
        """Write the file; writing it twice leaves one file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{name}.part"
        part.write_bytes(bytes(mail))
        part.replace(self.folder / f"{name}.eml")


class SmtpOffice:
    """A mail server, over STARTTLS or TLS."""

    def __init__(self, url: str, bounces: str = "") -> None:
        self.parts, self.bounces = urlsplit(url), bounces

    def take(self, mail: EmailMessage, name: str) -> None:  # noqa: ARG002 - the server needs no name
        """Deliver by SMTP; NeverTaken where the server says that this mail or its address will never do."""
        try:
            self._take(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, words),) = refused.recipients.values()
            raise _refusal(code, words, mail["To"], is_address=True) from None
        except smtplib.SMTPDataError as refused:
            raise _refusal(refused.smtp_code, refused.smtp_error, mail["To"]) from None

    def _take(self, mail: EmailMessage) -> None:
        host, is_tls = self.parts.hostname or "localhost", self.parts.scheme == "smtps"
        port = self.parts.port or (465 if is_tls else 587)
        context = ssl.create_default_context()
        if is_tls:
            with smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context) as server:
                self._send(server, mail)
            return
        with smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
            self._send(server, mail)

    def _send(self, server: smtplib.SMTP, mail: EmailMessage) -> None:
        if self.parts.username:
            server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        server.send_message(mail, from_addr=self.bounces or None)


def _refusal(code: int, words: bytes | str, address: str, *, is_address: bool = False) -> Exception:
    # What the server says stands on a page of staff: whose address it was, the message knows.
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    reason = f"{code} {text}".replace(address, "(the address)")
    if code not in PERMANENT:
        return OSError(reason)
    if not is_address or _NOT_THE_ADDRESS.search(text):
        return NeverTaken(reason)
    found = _STATUS.search(text)
    return NeverTaken(reason, found.group() if found else f"5.0.0 ({code})")


def office_for(url: str, bounces: str = "") -> PostOffice:
    """Return the post office of the configuration's mail address; what comes back goes to `bounces`."""
    parts = urlsplit(url)
    return FolderOffice(Path(parts.path)) if parts.scheme == "file" else SmtpOffice(url, bounces)


__all__ = ["FolderOffice", "NeverTaken", "PostOffice", "SmtpOffice", "as_mail", "office_for"]
