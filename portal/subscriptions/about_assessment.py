"""Who is told what while a proposal is judged: offices, officers, colleagues; never the two sides."""

from __future__ import annotations

from sqlalchemy import select

from portal import db
from portal.notices.actions import Recipient
from portal.pacts.models import PrescriptionAnswer
from portal.people.models import Person
from portal.policy import Role
from portal.proposals.assessment.letters import language_of
from portal.proposals.assessment.prescriptions import read
from portal.proposals.assessment.rules import kinds_of
from portal.proposals.models import Opinion, Proposal
from portal.subscriptions.recipients import holding, in_words, people
from portal.subscriptions.telling import Mail, News, tell
from portal.words import W

ASKED = W("An office asks for your opinion")


def _proposal(news: News) -> Proposal:
    return db.session().scalars(select(Proposal).where(Proposal.code == news.code)).one()


def _opinion(news: News) -> Opinion:
    return db.session().get_one(Opinion, news.act.facts["opinion"])


def advisers(kind: str) -> list[Recipient]:
    """Return whoever may give this kind of opinion, each once."""
    found: dict[str, Recipient] = {}
    for role in (Role.ADVISER, Role.LEGAL, Role.INFRASTRUCTURE):
        for to in holding(role) if kind in kinds_of([role]) else ():
            found[to.mark] = to
    return list(found.values())


def asked(news: News) -> None:
    """Tell the advisers with an account; somebody outside has a mail with a link already."""
    if news.act.facts.get("by_link"):
        return
    proposal, opinion = _proposal(news), _opinion(news)
    for to in advisers(opinion.kind):
        body = (
            W("An officer asks for your opinion on “%(title)s”.", title=proposal.title),
            W("Answer by %(day)s.", day=in_words(opinion.due_on, to)),
        )
        path = f"/desk/cases/{proposal.code}/opinions/{opinion.id}"
        tell(news, [to], Mail("E23", ASKED, body, path, topic=proposal.title))


def given(news: News) -> None:
    """Tell the officer of the case that an office answered."""
    proposal = _proposal(news)
    body = (W("An office gave its opinion on “%(title)s”.", title=proposal.title),)
    mail = Mail("E23", W("An opinion is in"), body, f"/desk/cases/{proposal.code}/opinions")
    tell(news, people([proposal.owner_id or _opinion(news).asked_by_id]), mail)


def prescription_answered(news: News) -> None:
    """Tell whoever gave the opinion what is not followed, and those without an account also what is."""
    opinion = _opinion(news)
    proposal = db.session().get_one(Proposal, opinion.proposal_id)
    if opinion.given_by_id is None:
        _tell_outside(news, opinion, proposal)
        return
    if news.act.facts["answer"] != "not_followed":
        return
    title = proposal.title
    body = (
        W("Something your office prescribed for “%(title)s” is not followed.", title=title),
        W("The officer wrote why, on the page of what the offices prescribed."),
    )
    path = f"/pacts/{news.code}/co-design/prescriptions"
    mail = Mail("E23", W("A prescription is not followed"), body, path, topic=title)
    tell(news, people([opinion.given_by_id]), mail)


def _tell_outside(news: News, opinion: Opinion, proposal: Proposal) -> None:
    """Tell whoever advised by a link how the text answers it, in full: they can open no page of the room."""
    answer = _as_it_stands(news)
    if answer is None:
        return
    prescribed = read(opinion.prescriptions)[answer.number - 1].words
    about = W("Your office prescribed for “%(title)s”: “%(words)s”", title=proposal.title, words=prescribed)
    if answer.version is not None:
        how = W("Version %(number)s of the text meets it, says the officer.", number=answer.version)
        mail = Mail("E23", W("What you prescribed is followed"), (about, how), f"/pacts/{news.code}")
    else:
        how = W("It is not followed, because: %(why)s", why=answer.because)
        mail = Mail("E23", W("A prescription is not followed"), (about, how), f"/pacts/{news.code}")
    tell(news, _outside(opinion, proposal), mail)


def _as_it_stands(news: News) -> PrescriptionAnswer | None:
    """Return the answer of this act; None where another was given since, of which its own act tells."""
    facts = news.act.facts
    row = db.session().scalar(
        select(PrescriptionAnswer).where(
            PrescriptionAnswer.opinion_id == facts["opinion"], PrescriptionAnswer.number == facts["number"]
        )
    )
    if row is None or (row.answer, row.version) != (facts["answer"], facts.get("version")):
        return None
    return row


def _outside(opinion: Opinion, proposal: Proposal) -> list[Recipient]:
    """Return the address that the link was sent to, in the language in which the city wrote to it."""
    return [Recipient(None, opinion.address, language_of(proposal))] if opinion.address else []


def gone_on(news: News) -> None:
    """Tell whoever was against it that the city goes on, and why; of an opinion that never came, nobody."""
    proposal, opinion = _proposal(news), _opinion(news)
    if opinion.state != "given":
        return
    body = (
        W("Your office was against “%(title)s”. The city goes on with it.", title=proposal.title),
        W("The reason: %(why)s", why=opinion.went_on_because),
    )
    mail = Mail("E23", W("The city goes on against an opinion"), body, f"/proposals/{proposal.code}")
    tell(news, [*people([opinion.given_by_id]), *_outside(opinion, proposal)], mail)


def link_closed(news: News) -> None:
    """Tell the officer that somebody outside has a conflict, so that another person is asked."""
    if not news.act.facts.get("has_conflict"):
        return
    proposal = _proposal(news)
    body = (
        W("Whoever you asked about “%(title)s” has a conflict of interest.", title=proposal.title),
        W("Send the question to somebody else."),
    )
    mail = Mail("E23", W("Ask somebody else for the opinion"), body, f"/desk/cases/{proposal.code}/opinions")
    tell(news, people([proposal.owner_id or _opinion(news).asked_by_id]), mail)


def noted(news: News) -> None:
    """Tell the colleagues who are mentioned in a note; its words stay on the page."""
    wanted = select(Person.id).where(Person.pseudonym.in_(news.act.facts["mentioned"]))
    proposal = _proposal(news)
    body = (W("A colleague mentions you in a note on “%(title)s”.", title=proposal.title),)
    mail = Mail("E23", W("A colleague mentions you"), body, f"/desk/cases/{proposal.code}/notes")
    tell(news, people(db.session().scalars(wanted)), mail)


def handed_back(news: News) -> None:
    """Tell the officers that a case is without one again."""
    proposal = _proposal(news)
    body = (W("The case “%(title)s” needs an officer: who had it gave it back.", title=proposal.title),)
    mail = Mail("E20", W("A case needs an officer"), body, f"/desk/cases/{proposal.code}")
    tell(news, holding(Role.OFFICER), mail)
