"""The one page that decides who is told of which act.

Each act reaches this page once: the cursor moves in the transaction of the message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal import db, faults
from portal.notices.actions import Recipient, Text
from portal.notices.telling import tell
from portal.people.models import Person
from portal.policy import Role
from portal.proposals.models import Proposal
from portal.record import Act, Did
from portal.record import actions as record
from portal.schedule.actions import note_failure_here
from portal.schedule.queries import undecided
from portal.schedule.said import NOTHING, Said, said
from portal.subscriptions.recipients import group, holder, holding, in_words, pact_of, people
from portal.words import W

if TYPE_CHECKING:
    from portal.schedule.actions import Run

log = logging.getLogger("portal.subscriptions")
SUBSCRIBER = "notices"
# A sealed agreement is news for so long after its last signature.
STILL_NEWS = timedelta(days=60)
# Who may approve what a colleague proposed.
SECOND_PERSONS = (Role.TREASURER, Role.LEGAL, Role.INFRASTRUCTURE)


@dataclass(frozen=True)
class News:
    """An act, the case it is about, and where links lead."""

    act: Act
    base_url: str

    @property
    def code(self) -> str:
        """Return the code of the case."""
        return self.act.subject.rpartition(":")[2]

    def link(self, to: Recipient, path: str) -> str:
        """Return an address of the portal in the recipient's language."""
        return f"{self.base_url}/{to.language}{path}"


@dataclass(frozen=True)
class Mail:
    """A mail of the house: its id, what it says, and the page it leads to."""

    event: str
    title: W
    sentences: tuple[W, ...]
    path: str


def react(run: Run, *, base_url: str) -> Said:
    """Tell everybody concerned of the acts since the last time, and again of those that could not be told."""
    total = 0
    while count := _next(run, base_url):
        total += count
        run.progress(total, total)
    with db.reading() as session:
        untold = list(session.scalars(undecided(run.job)))
    again = run.each([(one.item, partial(_again, one.item, base_url)) for one in untold])
    if not total:
        return again if untold else NOTHING
    return said("looked_at", count=total)


def _next(run: Run, base_url: str) -> int:
    with db.writing():
        fresh = record.next_for(SUBSCRIBER)
        for _, act in fresh:
            error = _react_to(act, base_url)
            if error is not None:
                # With the cursor or not at all: an act that was passed over unnoted would never be told.
                item = f"{act.id} {act.verb} {act.subject}"
                run.failures.append(item)
                note_failure_here(run.job, item, error)
        faults.reach("told")
    return len(fresh)


def _react_to(act: Act, base_url: str) -> Exception | None:
    # An act that nobody can be told of must not silence all that follow it: it is noted for staff instead.
    try:
        with db.session().begin_nested():
            _tell_of(act, base_url)
    except OperationalError:
        raise
    except Exception as error:
        log.exception("no reaction to act %s", act.id)
        return error
    return None


def _again(item: str, base_url: str) -> None:
    with db.writing() as session:
        _tell_of(session.get_one(Act, int(item.partition(" ")[0])), base_url)


def _tell_of(act: Act, base_url: str) -> None:
    reaction = REACTIONS.get(act.verb)
    if reaction is not None:
        reaction(News(act, base_url))


def _tell(news: News, recipients: Iterable[Recipient], mail: Mail) -> None:
    for to in recipients:
        text = Text(mail.title, mail.sentences, news.link(to, mail.path))
        tell(mail.event, f"{mail.event}:{news.act.id}:{to.mark}", to, text, about=news.act.subject)


def _proposal(news: News) -> Proposal:
    return db.session().scalars(select(Proposal).where(Proposal.code == news.code)).one()


def _sent(news: News) -> None:
    proposal = _proposal(news)
    for to in holder(proposal):
        sentences = (
            W(
                "We have your proposal “%(title)s”. Its number is %(code)s.",
                title=proposal.title,
                code=proposal.code,
            ),
            W("We answer by %(day)s at the latest.", day=in_words(proposal.answer_due_on, to)),
        )
        _tell(news, [to], Mail("E02", W("We have your proposal"), sentences, f"/track/{proposal.code}"))
    body = (W("A new proposal arrived: “%(title)s”.", title=proposal.title),)
    _tell(
        news,
        holding(Role.OFFICER),
        Mail("E20", W("A new proposal arrived"), body, f"/desk/cases/{proposal.code}"),
    )


def _taken(news: News) -> None:
    proposal = _proposal(news)
    body = (W("An officer of the city has taken your proposal “%(title)s” in charge.", title=proposal.title),)
    _tell(
        news,
        holder(proposal),
        Mail("E04", W("Your proposal is being checked"), body, f"/track/{proposal.code}"),
    )


def _asked(news: News) -> None:
    proposal = _proposal(news)
    body = (
        W("We need something from you before we can go on. Until you answer, our own time stands still."),
    )
    _tell(
        news, holder(proposal), Mail("E03", W("We need something from you"), body, f"/track/{proposal.code}")
    )


def _supplied(news: News) -> None:
    proposal = _proposal(news)
    body = (W("The group has answered your request about “%(title)s”.", title=proposal.title),)
    mail = Mail("E03", W("Your request was answered"), body, f"/desk/cases/{proposal.code}")
    _tell(news, people([proposal.owner_id]), mail)


def _notice_given(news: News) -> None:
    proposal = _proposal(news)
    body = (W("We are about to say no to your proposal. You can read why, and answer within ten days."),)
    mail = Mail("E04", W("You can answer before we decide"), body, f"/track/{proposal.code}")
    _tell(news, holder(proposal), mail)


def _refused(news: News) -> None:
    proposal = _proposal(news)
    body = (W("Your proposal was not accepted. The page says why, and what you can do about it."),)
    _tell(
        news,
        holder(proposal),
        Mail("E04", W("Your proposal was not accepted"), body, f"/track/{proposal.code}"),
    )


def _accepted(news: News) -> None:
    proposal = _proposal(news)
    body = (W("Your proposal was accepted. Now we write the pact together."),)
    _tell(
        news, holder(proposal), Mail("E04", W("Your proposal was accepted"), body, f"/track/{proposal.code}")
    )


def _version_made(news: News) -> None:
    pact = pact_of(news.code)
    body = (
        W("There is a new text of the pact “%(title)s”. Agreements given before are void.", title=pact.title),
    )
    mail = Mail("E05", W("There is a new text of the pact"), body, f"/pacts/{pact.code}/co-design")
    _tell(news, [*group(pact), *people([pact.owner_id])], mail)


def _reopened(news: News) -> None:
    pact = pact_of(news.code)
    body = (
        W(
            "The text of the pact “%(title)s” is open again. Agreements and signatures are void.",
            title=pact.title,
        ),
        W("The reason: %(reason)s", reason=str(news.act.facts.get("reason", ""))),
    )
    mail = Mail("E05", W("The text is open again"), body, f"/pacts/{pact.code}/co-design")
    _tell(news, [*group(pact), *people([pact.owner_id])], mail)


def _agreed(news: News) -> None:
    pact = pact_of(news.code)
    body = (W("Both sides agree to the same text of the pact “%(title)s”.", title=pact.title),)
    mail = Mail("E05", W("Both sides agree to the text"), body, f"/pacts/{pact.code}/co-design")
    _tell(news, [*group(pact), *people([pact.owner_id])], mail)


def _support_proposed(news: News) -> None:
    body = (W("An allocation of support waits for a second person to approve it."),)
    mail = Mail("E24", W("An allocation waits for approval"), body, f"/desk/allocate/{news.code}")
    # Whoever proposed is told nothing of their own act.
    proposer = db.session().scalar(select(Person.id).where(Person.pseudonym == news.act.actor))
    approvers = [to for role in SECOND_PERSONS for to in holding(role, without=proposer)]
    _tell(news, approvers, mail)


def _signing_opened(news: News) -> None:
    pact = pact_of(news.code)
    body = (W("The pact “%(title)s” is ready to be signed.", title=pact.title),)
    mail = Mail("E09", W("Ready to sign"), body, f"/pacts/{pact.code}/signature")
    _tell(news, [*group(pact), *holding(Role.SIGNATORY)], mail)


def _paper_issued(news: News) -> None:
    facts = news.act.facts
    if not (facts.get("kind") == "agreement" and facts.get("edition") == "original"):
        return
    pact = pact_of(news.code)
    if pact.signed_at is None or news.act.at - pact.signed_at > STILL_NEWS:
        return  # taken over from older files, or drawn again: nobody waits for it
    body = (
        W(
            "The agreement of the pact “%(title)s” is sealed. It binds from its first day on.",
            title=pact.title,
        ),
        W("Content hash: %(hash)s", hash=pact.agreed_hash),
    )
    mail = Mail("E10", W("The agreement is signed and sealed"), body, f"/pacts/{pact.code}")
    _tell(news, [*group(pact), *people([pact.owner_id])], mail)


def _report_sent(news: News) -> None:
    pact = pact_of(news.code)
    body = (W("A progress report about “%(title)s” arrived.", title=pact.title),)
    mail = Mail("E13", W("A progress report arrived"), body, f"/desk/cases/{pact.code}")
    _tell(news, people([pact.owner_id]), mail)


def _report_returned(news: News) -> None:
    pact = pact_of(news.code)
    body = (W("Please change something in your progress report. The page says what."),)
    mail = Mail("E13", W("Please change your progress report"), body, f"/pacts/{pact.code}/reports")
    _tell(news, group(pact), mail)


def _report_validated(news: News) -> None:
    pact = pact_of(news.code)
    body = (W("Your progress report is accepted and public. Thank you."),)
    _tell(
        news,
        group(pact),
        Mail("E13", W("Your progress report is public"), body, f"/pacts/{pact.code}/reports"),
    )


REACTIONS: dict[str, Callable[[News], None]] = {
    Did.PROPOSAL_SUBMITTED: _sent,
    Did.CASE_ASSIGNED: _taken,
    Did.PROPOSAL_SUPPLEMENT_ASKED: _asked,
    Did.PROPOSAL_SUPPLIED: _supplied,
    Did.PROPOSAL_REFUSAL_NOTICED: _notice_given,
    Did.PROPOSAL_REFUSED: _refused,
    Did.PROPOSAL_ACCEPTED: _accepted,
    Did.PACT_VERSION_MADE: _version_made,
    Did.PACT_REOPENED: _reopened,
    Did.PACT_AGREED: _agreed,
    Did.SUPPORT_PROPOSED: _support_proposed,
    Did.PACT_SIGNING_OPENED: _signing_opened,
    Did.PAPER_ISSUED: _paper_issued,
    Did.REPORT_SENT: _report_sent,
    Did.REPORT_RETURNED: _report_returned,
    Did.REPORT_VALIDATED: _report_validated,
}
