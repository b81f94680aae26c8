"""Hand a message to the mail server, or put it as a file into a folder."""

from __future__ import annotations

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from markupsafe import escape

from portal import words
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.models import Message

TIMEOUT_SECONDS = 20
PERMANENT = range(500, 600)


class NeverTaken(Exception):
    """This one mail will never be taken, however often it is tried; the words name no address."""


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

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)

    def take(self, mail: EmailMessage, name: str) -> None:  # noqa: ARG002 - the server needs no name
        """Deliver by SMTP; NeverTaken where the server says that this mail or its address will never do."""
        try:
            self._take(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, words),) = refused.recipients.values()
            raise _refusal(code, words, mail["To"]) from None
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
        server.send_message(mail)


def _refusal(code: int, words: bytes | str, address: str) -> Exception:
    # What the server says stands on a page of staff: whose address it was, the message knows.
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    reason = f"{code} {text}".replace(address, "(the address)")
    return NeverTaken(reason) if code in PERMANENT else OSError(reason)


def office_for(url: str) -> PostOffice:
    """Return the post office of the configuration's mail address."""
    parts = urlsplit(url)
    return FolderOffice(Path(parts.path)) if parts.scheme == "file" else SmtpOffice(url)


def as_mail(message: Message, address: str, *, sender: str, city: str) -> EmailMessage:
    """Return the mail: plain text with one link, and the same as simple HTML.

    A line end in a header is refused with ValueError by EmailMessage itself.
    """
    user, _, domain = sender.partition("@")
    mail = EmailMessage()
    mail["From"] = Address(city, user, domain)
    mail["To"] = address
    mail["Subject"] = message.title
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<message-{message.id}@{domain}>"
    if message.subject_key:
        mail["References"] = f"<{message.subject_key.replace(':', '-')}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    closing = words.say(
        W("This message was written by the city's portal. Questions: answer it, or call us."),
        message.language,
    )
    mail.set_content("\n\n".join(filter(None, [message.body, message.link, closing])) + "\n")
    mail.add_alternative(_html(message, closing), subtype="html")
    return mail


def _html(message: Message, closing: str) -> str:
    sentences = "".join(f"<p>{escape(part)}</p>" for part in message.body.split("\n\n"))
    link = f'<p><a href="{escape(message.link)}">{escape(message.link)}</a></p>' if message.link else ""
    title = f'<meta charset="utf-8"><title>{escape(message.title)}</title>'
    head = f'<html lang="{message.language}"><head>{title}</head>'
    return (
        f"<!doctype html>{head}<body>{sentences}{link}<p><small>{escape(closing)}</small></p></body></html>"
    )


__all__ = ["FolderOffice", "NeverTaken", "PostOffice", "SmtpOffice", "as_mail", "office_for"]
