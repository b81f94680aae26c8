"""Who is told what of a proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.pacts.models import Pact
from portal.people.models import Person
from portal.policy import Role
from portal.proposals.answering_clock import reply_day
from portal.proposals.models import JoinRequest, Proposal
from portal.subscriptions.followers import case_of_proposal, tell_followers
from portal.subscriptions.recipients import group, holder, holding, in_words, pact_of, people
from portal.subscriptions.telling import Mail, News, tell
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.actions import Recipient


def _proposal(news: News) -> Proposal:
    return db.session().scalars(select(Proposal).where(Proposal.code == news.code)).one()


def sent(news: News) -> None:
    """Give the proposer a receipt, tell the officers, and whoever follows such things."""
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
        tell(
            news,
            [to],
            Mail(
                "E02",
                W("We have your proposal"),
                sentences,
                f"/track/{proposal.code}",
                is_receipt=True,
            ),
        )
    body = (W("A new proposal arrived: “%(title)s”.", title=proposal.title),)
    tell(
        news,
        holding(Role.OFFICER),
        Mail("E20", W("A new proposal arrived"), body, f"/desk/cases/{proposal.code}"),
    )
    _follow(news, proposal, Mail("E07", W("A new proposal"), (_AT_THE_DOOR,), ""), widely=True)


_AT_THE_DOOR = W("It was sent to the city, which answers in public. You can read what they want to do.")


def _follow(news: News, proposal: Proposal, mail: Mail, *, widely: bool = False) -> None:
    there = replace(mail, path=f"/proposals/{proposal.code}")
    tell_followers(news, case_of_proposal(proposal), there, widely=widely)


def withdrawn(news: News) -> None:
    """Tell followers that nothing comes of it."""
    if news.act.facts.get("was_sent"):
        said = W("Whoever proposed it took it back. There is nothing more to follow here.")
        _follow(news, _proposal(news), Mail("E17", W("The proposal was withdrawn"), (said,), ""))


def asked_to_join(news: News) -> None:
    """Give the group of a proposal or pact what somebody with a similar idea wrote, and nothing else."""
    asked = db.session().get_one(JoinRequest, news.act.facts["request"])
    kind, _, code = asked.subject.partition(":")
    thing = pact_of(code) if kind == "pact" else _proposal(news)
    recipients = group(thing) if isinstance(thing, Pact) else holder(thing)
    body = (
        W("Somebody with a similar idea would like to join “%(title)s”.", title=thing.title),
        W("They write: %(message)s", message=asked.message),
        W("You can answer them here: %(contact)s", contact=asked.contact),
    )
    path = f"/pacts/{code}" if kind == "pact" else f"/track/{code}"
    tell(news, recipients, Mail("E14", W("Someone wants to join"), body, path))


def taken(news: News) -> None:
    """Tell the group who looks after its case; and whoever had it, and has it now, that it was handed on."""
    facts = news.act.facts
    thing = pact_of(news.code) if news.act.subject.startswith("pact:") else _proposal(news)
    case = f"/desk/cases/{thing.code}"
    had = W("Your case “%(title)s” is now with a colleague.", title=thing.title)
    tell(news, _named(facts.get("former")), Mail("E20", W("A colleague has your case now"), (had,), case))
    has = W("The case “%(title)s” is now yours.", title=thing.title)
    tell(news, _named(facts.get("to")), Mail("E20", W("A case was handed to you"), (has,), case))
    if isinstance(thing, Pact):
        body = (W("Another officer of the city now looks after your pact “%(title)s”.", title=thing.title),)
        tell(news, group(thing), Mail("E04", W("Somebody else looks after it"), body, f"/pacts/{thing.code}"))
        return
    body = (W("An officer of the city has taken your proposal “%(title)s” in charge.", title=thing.title),)
    tell(news, holder(thing), Mail("E04", W("Your proposal is being checked"), body, f"/track/{thing.code}"))


def _named(pseudonym: object) -> list[Recipient]:
    found = (
        db.session().scalar(select(Person.id).where(Person.pseudonym == str(pseudonym)))
        if pseudonym
        else None
    )
    return people([found])


def asked(news: News) -> None:
    """Tell the proposer what is missing."""
    proposal = _proposal(news)
    body = (
        W("We need something from you before we can go on. Until you answer, our own time stands still."),
    )
    tell(
        news, holder(proposal), Mail("E03", W("We need something from you"), body, f"/track/{proposal.code}")
    )


def extended(news: News) -> None:
    """Tell the proposer the new last day."""
    proposal = _proposal(news)
    for to in holder(proposal):
        body = (
            W(
                "Your proposal “%(title)s” needs more time than we thought. Our answer now comes by %(day)s "
                "at the latest. The page says why.",
                title=proposal.title,
                day=in_words(proposal.answer_due_on, to),
            ),
        )
        mail = Mail("E04", W("The city needs more time"), body, f"/track/{proposal.code}")
        tell(news, [to], mail)


def supplied(news: News) -> None:
    """Tell the officer that the answer came."""
    proposal = _proposal(news)
    body = (W("The group has answered your request about “%(title)s”.", title=proposal.title),)
    mail = Mail("E03", W("Your request was answered"), body, f"/desk/cases/{proposal.code}")
    tell(news, people([proposal.owner_id]), mail)


def notice_given(news: News) -> None:
    """Tell the proposer of the refusal to come."""
    proposal = _proposal(news)
    for to in holder(proposal):
        body = (
            W(
                "We are about to say no to your proposal. You can read why, and answer until %(day)s.",
                day=in_words(reply_day(proposal), to),
            ),
        )
        tell(news, [to], Mail("E04", W("You can answer before we decide"), body, f"/track/{proposal.code}"))


def refused(news: News) -> None:
    """Tell the proposer of the decision."""
    proposal = _proposal(news)
    body = (W("Your proposal was not accepted. The page says why, and what you can do about it."),)
    tell(
        news,
        holder(proposal),
        Mail("E04", W("Your proposal was not accepted"), body, f"/track/{proposal.code}"),
    )
    said = W("The city did not accept the proposal. The page says why.")
    _follow(news, proposal, Mail("E17", W("The proposal was not accepted"), (said,), ""))


def accepted(news: News) -> None:
    """Tell the proposer of the decision."""
    proposal = _proposal(news)
    body = (W("Your proposal was accepted. Now we write the pact together."),)
    tell(
        news, holder(proposal), Mail("E04", W("Your proposal was accepted"), body, f"/track/{proposal.code}")
    )
    said = W("The city accepted the proposal. Both sides now write the pact.")
    _follow(news, proposal, Mail("E17", W("The proposal was accepted"), (said,), ""))


def written_by_mail(news: News) -> None:
    """Tell the officer that the group has written by mail; the draft of an answer waits for the group."""
    proposal = _proposal(news)
    if proposal.owner_id is None or news.act.facts.get("is_answer"):
        return
    body = (W("The group has answered by mail. What it wrote stands beside its proposal, as a note."),)
    mail = Mail("E20", W("The group wrote by mail"), body, f"/desk/cases/{proposal.code}")
    tell(news, people([proposal.owner_id]), mail)
