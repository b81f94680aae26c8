"""What is told of a call to everybody who writes or wrote under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.notices.kinds import Kind
from portal.proposals.calls import queries, said
from portal.proposals.models import Call
from portal.record import Did
from portal.subscriptions.recipients import holder
from portal.subscriptions.telling import Mail, News, tell
from portal.web.chrome import instant
from portal.words import W, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = {
    Did.CALL_EXTENDED: W("The call you answer closes later"),
    Did.CALL_DECIDED: W("The call you answered was decided"),
    Did.CALL_CANCELLED: W("The call you answer was called off"),
}


def moved(news: News) -> None:
    """Tell everybody whose draft or proposal hangs on a call that it was extended, decided or called off."""
    verb, session = Did(news.act.verb), db.session()
    call = session.scalars(select(Call).where(Call.ref == news.code)).one()
    for proposal in session.scalars(queries.concerned(call.id)):
        for to in holder(proposal):
            sentences = tuple(_sentences(call, verb, to.language))
            tell(news, [to], Mail("E19", TITLES[verb], sentences, f"/calls/{call.ref}", kind=Kind.LEGAL))


def _sentences(call: Call, verb: Did, language: str) -> Iterator[W]:
    yield W("It is about the call “%(title)s”.", title=said.text_in(call.title, language).words)
    if verb is Did.CALL_EXTENDED:
        with in_language(language):
            closes = instant(call.closes_at)
        yield W("It closes on %(at)s. What arrives at this minute or later is not part of it.", at=closes)
    elif verb is Did.CALL_CANCELLED:
        yield W("You can take your proposal out of the call and send it all the same.")
    yield W("The page of the call says why.")
