"""When this happened, do that: the one page that decides who is told of which act.

Each act reaches this page once: the cursor moves in the transaction of the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.notices.actions import Recipient, Text, post
from portal.pacts import calendar
from portal.pacts import queries as pact_queries
from portal.pacts.actions.reports import periods_of
from portal.pacts.lifecycle import State
from portal.pacts.models import Pact, Report
from portal.people import queries as people_queries
from portal.people.models import Person
from portal.policy import Role
from portal.proposals.models import Proposal
from portal.record import Act, Did
from portal.record import actions as record
from portal.web.chrome import day
from portal.words import W, in_language

if TYPE_CHECKING:
    from datetime import date

    from portal.schedule.actions import Run

SUBSCRIBER = "notices"
REMIND_DAYS_BEFORE = (30, 7, 0)
LATE_WEEKS = 3
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


def react(run: Run, *, base_url: str) -> str:
    """Tell everybody concerned of the acts since the last time; return one sentence."""
    total = 0
    while True:
        with db.writing():
            fresh = record.next_for(SUBSCRIBER)
            for _, act in fresh:
                reaction = REACTIONS.get(act.verb)
                if reaction is not None:
                    reaction(News(act, base_url))
        if not fresh:
            return f"{total} acts looked at" if total else ""
        total += len(fresh)
        run.progress(total, total)


def _tell(news: News, recipients: Iterable[Recipient], mail: Mail) -> None:
    for to in recipients:
        who = f"p{to.person_id}" if to.person_id else to.address
        text = Text(mail.title, mail.sentences, news.link(to, mail.path))
        post(mail.event, f"{mail.event}:{news.act.id}:{who}", to, text, about=news.act.subject)


def _proposal(news: News) -> Proposal:
    return db.session().scalars(select(Proposal).where(Proposal.code == news.code)).one()


def _pact(code: str) -> Pact:
    return db.session().scalars(pact_queries.by_code(code)).one()


def _holder(proposal: Proposal) -> list[Recipient]:
    if proposal.person_id is not None:
        return _people([proposal.person_id])
    return [Recipient(None, proposal.contact_email, proposal.language)] if proposal.contact_email else []


def _people(ids: Iterable[int | None]) -> list[Recipient]:
    wanted = {person_id for person_id in ids if person_id is not None}
    found = db.session().scalars(people_queries.by_ids(wanted).order_by(Person.id)) if wanted else []
    return [Recipient(person.id, "", person.language) for person in found]


def _holding(role: Role, *, without: int | None = None) -> list[Recipient]:
    found = db.session().scalars(people_queries.holding(role, clock.now()))
    return [Recipient(person.id, "", person.language) for person in found if person.id != without]


def _group(pact: Pact) -> list[Recipient]:
    signers = _people(party.person_id for party in pact.parties if party.side == "community")
    return signers or _holder(db.session().get_one(Proposal, pact.proposal_id))


def _in_words(on: date | None, to: Recipient) -> str:
    with in_language(to.language):
        return day(on)


def _sent(news: News) -> None:
    proposal = _proposal(news)
    for to in _holder(proposal):
        sentences = (
            W(
                "We have your proposal “%(title)s”. Its number is %(code)s.",
                title=proposal.title,
                code=proposal.code,
            ),
            W("We answer by %(day)s at the latest.", day=_in_words(proposal.answer_due_on, to)),
        )
        _tell(news, [to], Mail("E02", W("We have your proposal"), sentences, f"/track/{proposal.code}"))
    body = (W("A new proposal arrived: “%(title)s”.", title=proposal.title),)
    _tell(
        news,
        _holding(Role.OFFICER),
        Mail("E20", W("A new proposal arrived"), body, f"/desk/cases/{proposal.code}"),
    )


def _taken(news: News) -> None:
    proposal = _proposal(news)
    body = (W("An officer of the city has taken your proposal “%(title)s” in charge.", title=proposal.title),)
    _tell(
        news,
        _holder(proposal),
        Mail("E04", W("Your proposal is being checked"), body, f"/track/{proposal.code}"),
    )


def _asked(news: News) -> None:
    proposal = _proposal(news)
    body = (
        W("We need something from you before we can go on. Until you answer, our own time stands still."),
    )
    _tell(
        news, _holder(proposal), Mail("E03", W("We need something from you"), body, f"/track/{proposal.code}")
    )


def _supplied(news: News) -> None:
    proposal = _proposal(news)
    body = (W("The group has answered your request about “%(title)s”.", title=proposal.title),)
    mail = Mail("E03", W("Your request was answered"), body, f"/desk/cases/{proposal.code}")
    _tell(news, _people([proposal.owner_id]), mail)


def _notice_given(news: News) -> None:
    proposal = _proposal(news)
    body = (W("We are about to say no to your proposal. You can read why, and answer within ten days."),)
    mail = Mail("E04", W("You can answer before we decide"), body, f"/track/{proposal.code}")
    _tell(news, _holder(proposal), mail)


def _refused(news: News) -> None:
    proposal = _proposal(news)
    body = (W("Your proposal was not accepted. The page says why, and what you can do about it."),)
    _tell(
        news,
        _holder(proposal),
        Mail("E04", W("Your proposal was not accepted"), body, f"/track/{proposal.code}"),
    )


def _accepted(news: News) -> None:
    proposal = _proposal(news)
    body = (W("Your proposal was accepted. Now we write the pact together."),)
    _tell(
        news, _holder(proposal), Mail("E04", W("Your proposal was accepted"), body, f"/track/{proposal.code}")
    )


def _version_made(news: News) -> None:
    pact = _pact(news.code)
    body = (
        W("There is a new text of the pact “%(title)s”. Agreements given before are void.", title=pact.title),
    )
    mail = Mail("E05", W("There is a new text of the pact"), body, f"/pacts/{pact.code}/co-design")
    _tell(news, [*_group(pact), *_people([pact.owner_id])], mail)


def _agreed(news: News) -> None:
    pact = _pact(news.code)
    body = (W("Both sides agree to the same text of the pact “%(title)s”.", title=pact.title),)
    mail = Mail("E05", W("Both sides agree to the text"), body, f"/pacts/{pact.code}/co-design")
    _tell(news, [*_group(pact), *_people([pact.owner_id])], mail)


def _support_proposed(news: News) -> None:
    body = (W("An allocation of support waits for a second person to approve it."),)
    mail = Mail("E24", W("An allocation waits for approval"), body, f"/desk/allocate/{news.code}")
    # Whoever proposed is told nothing of their own act.
    proposer = db.session().scalar(select(Person.id).where(Person.pseudonym == news.act.actor))
    approvers = [to for role in SECOND_PERSONS for to in _holding(role, without=proposer)]
    _tell(news, approvers, mail)


def _signing_opened(news: News) -> None:
    pact = _pact(news.code)
    body = (W("The pact “%(title)s” is ready to be signed.", title=pact.title),)
    mail = Mail("E09", W("Ready to sign"), body, f"/pacts/{pact.code}/signature")
    _tell(news, [*_group(pact), *_holding(Role.SIGNATORY)], mail)


def _paper_issued(news: News) -> None:
    facts = news.act.facts
    if not (facts.get("kind") == "agreement" and facts.get("edition") == "original"):
        return
    pact = _pact(news.code)
    body = (
        W("The agreement of the pact “%(title)s” is sealed. The pact is in force.", title=pact.title),
        W("Content hash: %(hash)s", hash=pact.agreed_hash),
    )
    mail = Mail("E10", W("The agreement is signed and sealed"), body, f"/pacts/{pact.code}")
    _tell(news, [*_group(pact), *_people([pact.owner_id])], mail)


def _report_sent(news: News) -> None:
    pact = _pact(news.code)
    body = (W("A progress report about “%(title)s” arrived.", title=pact.title),)
    mail = Mail("E13", W("A progress report arrived"), body, f"/desk/cases/{pact.code}")
    _tell(news, _people([pact.owner_id]), mail)


def _report_returned(news: News) -> None:
    pact = _pact(news.code)
    body = (W("Please change something in your progress report. The page says what."),)
    mail = Mail("E13", W("Please change your progress report"), body, f"/pacts/{pact.code}/reports")
    _tell(news, _group(pact), mail)


def _report_validated(news: News) -> None:
    pact = _pact(news.code)
    body = (W("Your progress report is accepted and public. Thank you."),)
    _tell(
        news,
        _group(pact),
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
    Did.PACT_AGREED: _agreed,
    Did.SUPPORT_PROPOSED: _support_proposed,
    Did.PACT_SIGNING_OPENED: _signing_opened,
    Did.PAPER_ISSUED: _paper_issued,
    Did.REPORT_SENT: _report_sent,
    Did.REPORT_RETURNED: _report_returned,
    Did.REPORT_VALIDATED: _report_validated,
}


def remind(run: Run, *, base_url: str) -> str:
    """Remind every group of the report that is due next: 30, 7 and 0 days before, then weekly, then the officer.

    The mail's key names the reminder, so that a second run, or a second worker, says nothing twice.
    """
    with db.reading() as session:
        codes = list(session.scalars(select(Pact.code).where(Pact.state == State.SIGNED.value)))
    return run.each([(code, partial(_remind_of, code, base_url)) for code in codes])


def _remind_of(code: str, base_url: str) -> None:
    with db.writing() as session:
        pact = _pact(code)
        reported = set(session.scalars(select(Report.number).where(Report.pact_id == pact.id)))
        period = calendar.next_unreported(periods_of(pact), reported)
        mark = None if period is None else _reminder((period.due_on - clock.today()).days)
        if period is None or mark is None:
            return
        late = mark.startswith("late")
        recipients = _people([pact.owner_id]) if mark == "late-staff" else _group(pact)
        for to in recipients:
            body = (
                W(
                    "The report on “%(title)s” is due on %(day)s.",
                    title=pact.title,
                    day=_in_words(period.due_on, to),
                ),
                W("Send what you have; you can add to it.")
                if late
                else W("Most of it is filled in already."),
            )
            text = Text(
                W("Your progress report is late") if late else W("Your progress report is due"),
                body,
                f"{base_url}/{to.language}/pacts/{pact.code}/reports/new",
            )
            key = f"E12:{pact.code}:{period.number}:{mark}:{to.person_id or to.address}"
            post("E12", key, to, text, about=pact.key)


def _reminder(days_left: int) -> str | None:
    """Return which reminder a day belongs to; each is sent once, also when the worker slept over its day."""
    if days_left < 0:
        week = -days_left // 7
        return "late-staff" if week > LATE_WEEKS else f"late-{week}"
    near = [days for days in REMIND_DAYS_BEFORE if days_left <= days]
    return f"before-{min(near)}" if near else None
