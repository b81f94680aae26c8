"""Who is told of legal help: the group and the legal office, where and when, never what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.front.legal_calendar import calendar_of, path_of
from portal.policy import Role
from portal.proposals.models import Proposal
from portal.record import Did
from portal.subscriptions.recipients import group, holder, holding, pact_of, people
from portal.subscriptions.telling import Mail, News, tell
from portal.support.legal import queries
from portal.support.legal.lifecycle import State
from portal.web.chrome import instant
from portal.words import W, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.notices.actions import Recipient
    from portal.pacts.models import Pact
    from portal.support.legal.models import LegalAppointment, LegalMatter

EVENT = "E41"
TITLES = {
    Did.LEGAL_TIME_PROPOSED: W("A time for legal help is proposed"),
    Did.LEGAL_TIME_AGREED: W("An appointment for legal help is agreed"),
    Did.LEGAL_TIME_CHANGED: W("An appointment for legal help has moved"),
    Did.LEGAL_TIME_CANCELLED: W("An appointment for legal help is cancelled"),
    Did.LEGAL_TIME_MISSED: W("Somebody did not come to an appointment for legal help"),
}
SAID = {
    Did.LEGAL_OPENED: (
        W("A group asks the legal office"),
        W("A group that was promised legal help has asked a question."),
    ),
    Did.LEGAL_WRITTEN: (W("Legal help: there is an answer"), W("The other side has written. Read it there.")),
    Did.LEGAL_FILE_GIVEN: (
        W("Legal help: there is a document"),
        W("The other side has given a document. Open it there."),
    ),
    Did.LEGAL_CLOSED: (
        W("Legal help: a question is closed"),
        W("The legal office has closed the question. You can open it again."),
    ),
    Did.LEGAL_REOPENED: (
        W("Legal help: a question is open again"),
        W("The other side has opened the question again."),
    ),
    Did.LEGAL_WORK_ENTERED: (
        W("Legal help: please confirm the time"),
        W("The legal office has entered work. Confirm it, or say what is wrong with it."),
    ),
    Did.LEGAL_WORK_CORRECTED: (
        W("Legal help: please confirm the time"),
        W("The legal office has corrected an entry of work. Confirm it, or say what is wrong with it."),
    ),
    Did.LEGAL_WORK_OBJECTED: (
        W("Legal help: the group objects to the time"),
        W("The group objects to an entry of work. Correct it, or say why it stays."),
    ),
}


def place_of(news: News) -> tuple[Pact, LegalMatter]:
    """Return the pact and the matter of an act, whose key names both."""
    _, code, number = news.act.subject.split(":")
    pact = pact_of(code)
    return pact, db.session().scalars(queries.matter(pact.key, int(number))).one()


def told(news: News) -> None:
    """Tell the other side that something waits for it."""
    pact, matter = place_of(news)
    title, sentence = SAID[Did(news.act.verb)]
    side = news.act.facts["side"]
    to = office(matter) if side == "community" else of_group(pact)
    path = f"/pacts/{matter.code}/legal/{matter.number}"
    tell(news, to, Mail(EVENT, title, (sentence,), path, pact.title))


def arranged(news: News) -> None:
    """Tell both sides of a time, with an entry for their calendars; as it stands now, and once."""
    pact, matter = place_of(news)
    number = int(str(news.act.facts["appointment"]))
    one = db.session().scalars(queries.appointment_of(matter.id, number)).one()
    if one.sequence != news.act.facts["sequence"]:
        return  # it changed again meanwhile: the newer act tells of it
    for to in (*of_group(pact), *office(matter, one)):
        # Nobody's calendar holds what is only proposed.
        is_settled = one.state != State.PROPOSED
        entry = calendar_of(one, matter, pact, news.base_url, to.language) if is_settled else ""
        body = tuple(sentences(one, to.language))
        title = TITLES[Did(news.act.verb)]
        mail = Mail(
            EVENT, title, body, path_of(one, matter), pact.title, deadline=one.begins_at, calendar=entry
        )
        tell(news, [to], mail)


def of_group(pact: Pact) -> list[Recipient]:
    """Return everybody of the group who reads what it asks."""
    found = [*group(pact), *holder(db.session().get_one(Proposal, pact.proposal_id))]
    return list({to.mark: to for to in found}.values())


def office(matter: LegalMatter, one: LegalAppointment | None = None) -> list[Recipient]:
    """Return the officials who work on a matter; all of the legal office where nobody does yet."""
    if one is not None and one.officer_id is not None:
        return people([one.officer_id])
    advised = {said.person_id for said in matter.messages if said.kind != "question"}
    working = people(advised | {row.person_id for row in matter.work})
    return working or holding(Role.LEGAL)


def sentences(one: LegalAppointment, language: str) -> Iterator[W]:
    """Yield what a mail says of a time: when, where, and why it is off."""
    with in_language(language):
        begins = instant(one.begins_at)
    yield W("The time: %(at)s.", at=begins)
    if one.state == State.CANCELLED:
        yield W("It does not take place. The reason: %(reason)s", reason=one.reason)
    elif one.state == State.PROPOSED:
        yield W("Say there whether it suits.")
    elif one.state == State.BOOKED:
        yield W("Where: %(place)s", place=one.place)
