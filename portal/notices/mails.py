"""A message as a mail: plain text with one link, and the same as simple HTML; several in one, by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from portal import words
from portal.notices.kinds import Kind
from portal.notices.links import message_id
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.models import Message

# A mail is read on the way to work; the rest stands on the pages.
MOST_ITEMS = 40
CLOSING = W("This message was written by the city's portal. Questions: answer it, or call us.")
WHY_NEWS = W("You get news because you take part in a pact, or because you follow something.")
CHANGE, STOP = W("Choose what you follow, and how often we write:"), W("No more news:")


@dataclass(frozen=True)
class Ways:
    """The addresses in a news mail: the reader's own page, and the one that stops all news at once."""

    page: str
    stop: str


@dataclass(frozen=True)
class Piece:
    """A part of a mail: what it is about, in a heading, then sentences, then where to read on."""

    heading: str
    sentences: tuple[str, ...]
    link: str = ""
    level: int = 3


def as_mail(
    message: Message,
    address: str,
    *,
    sender: str,
    city: str,
    reply_to: str = "",
    enclosed: Sequence[Message] = (),
    ways: Ways | None = None,
) -> EmailMessage:
    """Return the mail.

    A line end in a header is refused with ValueError by EmailMessage itself.
    """
    user, _, domain = sender.partition("@")
    mail = EmailMessage()
    mail["From"] = Address(city, user, domain)
    mail["To"] = address
    if reply_to:
        mail["Reply-To"] = reply_to
    mail["Subject"] = message.title
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message_id(message.id)}@{domain}>"
    if message.subject_key:
        # The first mail of a case need not exist: mail programs put together what names the same one.
        thread = f"<{message.subject_key.replace(':', '-')}@{domain}>"
        mail["In-Reply-To"], mail["References"] = thread, thread
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    if ways is not None:
        mail["List-Unsubscribe"] = f"<{ways.stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    pieces, last = _pieces(message, enclosed), _last(message.language, ways)
    mail.set_content(_plain(pieces, last))
    mail.add_alternative(_html(message, pieces, last), subtype="html")
    for entry in filter(None, (one.calendar for one in enclosed or (message,))):
        _enclose(mail, entry)
    return mail


def _enclose(mail: EmailMessage, entry: str) -> None:
    # The part says what the entry itself says (RFC 6047): publish it, or take it out.
    method = "CANCEL" if "METHOD:CANCEL" in entry else "PUBLISH"
    mail.add_attachment(entry, subtype="calendar", filename="meeting.ics", params={"method": method})


def _pieces(message: Message, enclosed: Sequence[Message]) -> list[Piece]:
    if not enclosed:
        topic = message.topic if is_news(message) else ""
        return [Piece(topic, tuple(message.body.split("\n\n")), message.link)]
    found = []
    shown = enclosed[:MOST_ITEMS]
    # The case with the newest message first; within a case, the newest first. A pact and the proposal it
    # came from bear the same words, and stand together.
    order = {about(one): place for place, one in reversed([*enumerate(shown)])}
    for _, group in groupby(sorted(shown, key=lambda one: order[about(one)]), about):
        rows = list(group)
        topic = next((row.topic for row in rows if row.topic), "")
        if topic and not message.subject_key:
            found.append(Piece(topic, (), level=2))
        found += [Piece(_bare(row), tuple(row.body.split("\n\n")), row.link) for row in rows]
    rest = len(enclosed) - len(shown)
    if rest:
        found.append(Piece("", (_and_more(rest, message.language),)))
    return found


def about(message: Message) -> str:
    """Return what tells the cases in a mail apart: the words of the case, or its key."""
    return message.topic or message.subject_key


def _and_more(rest: int, language: str) -> str:
    return words.say_number(
        "… and %(num)s other message, on the pages",
        "… and %(num)s other messages, on the pages",
        rest,
        language,
    )


def _bare(message: Message) -> str:
    case = message.subject_key.rpartition(":")[2]
    return message.title.removeprefix(f"[{case}] ") if case else message.title


def _last(language: str, ways: Ways | None) -> list[tuple[str, str]]:
    if ways is None:
        return [(words.say(CLOSING, language), "")]
    return [
        (words.say(WHY_NEWS, language), ""),
        (words.say(CHANGE, language), ways.page),
        (words.say(STOP, language), ways.stop),
    ]


def _plain(pieces: list[Piece], last: list[tuple[str, str]]) -> str:
    parts = []
    for piece in pieces:
        heading = piece.heading.upper() if piece.level == 2 else piece.heading  # noqa: PLR2004
        parts.append("\n\n".join(filter(None, [heading, *piece.sentences, piece.link])))
    ending = "\n".join(" ".join(filter(None, line)) for line in last)
    return "\n\n".join([*parts, ending]) + "\n"


def _html(message: Message, pieces: list[Piece], last: list[tuple[str, str]]) -> str:
    body = Markup().join(_piece_html(piece) for piece in pieces)
    ending = Markup("<br>").join(
        Markup('{} <a href="{}">{}</a>').format(said, href, href) if href else escape(said)
        for said, href in last
    )
    return Markup(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>{}</title></head>'
        '<body><table role="presentation" align="center" width="100%" style="max-width:600px"><tr><td>'
        '<font face="system-ui, sans-serif">{}<hr><p><small>{}</small></p></font>'
        "</td></tr></table></body></html>"
    ).format(message.language, message.title, body, ending)


def _piece_html(piece: Piece) -> Markup:
    heading = Markup("<h{0}>{1}</h{0}>").format(piece.level, piece.heading) if piece.heading else Markup()
    sentences = Markup().join(Markup("<p>{}</p>").format(one) for one in piece.sentences)
    link = Markup('<p><a href="{0}">{0}</a></p>').format(piece.link) if piece.link else Markup()
    return heading + sentences + link


def is_news(message: Message) -> bool:
    """Say whether its reader may stop mails like this one."""
    return message.kind == Kind.NEWS
