"""Who is told that two proposals may become one, and what came of it."""

from __future__ import annotations

from sqlalchemy import select

from portal import db
from portal.notices.actions import follow_on
from portal.notices.models import What
from portal.proposals.models import MergeOffer, Proposal
from portal.subscriptions.followers import case_of_proposal, tell_followers
from portal.subscriptions.recipients import end_of, holder, in_words, people
from portal.subscriptions.telling import Mail, News, tell
from portal.words import W


def _coded(code: str) -> Proposal:
    return db.session().scalars(select(Proposal).where(Proposal.code == code)).one()


def _sides(offer: MergeOffer) -> tuple[Proposal, Proposal]:
    session = db.session()
    return session.get_one(Proposal, offer.proposal_id), session.get_one(Proposal, offer.into_id)


def offered(news: News) -> None:
    """Ask the group of one of the two; the other is told by an act of its own."""
    offer, proposal = db.session().get_one(MergeOffer, news.act.facts["offer"]), _coded(news.code)
    if offer.closed_at is not None:
        return
    for to in holder(proposal):
        due = in_words(offer.answer_due_on, to)
        body = (
            W("The city offers to make one proposal of “%(title)s” and another.", title=proposal.title),
            W("Read which, and say yes or no by %(day)s. Without an answer nothing changes.", day=due),
        )
        deadline = end_of(offer.answer_due_on)
        title = W("Two proposals could become one")
        tell(news, [to], Mail("E03", title, body, f"/track/{proposal.code}", deadline=deadline))


def answered(news: News) -> None:
    """Tell both groups and the officer of a no, not whose it was; a first yes is told to nobody."""
    if news.act.facts.get("agrees"):
        return
    offer = db.session().get_one(MergeOffer, news.act.facts["offer"])
    title = W("Both proposals go on alone")
    for proposal in _sides(offer):
        body = (
            W(
                "“%(title)s” does not become one with another proposal: not both groups want it.",
                title=proposal.title,
            ),
            W("Nothing has changed for it."),
        )
        tell(news, holder(proposal), Mail("E04", title, body, f"/track/{proposal.code}"))
    joining, _receiving = _sides(offer)
    said = (W("One of the two groups said no to your offer. Both proposals go on alone."),)
    tell(news, people([offer.offered_by_id]), Mail("E20", title, said, f"/desk/cases/{joining.code}"))


def taken_back(news: News) -> None:
    """Tell the group of one of the two that there is nothing to answer; the other has an act of its own."""
    proposal = _coded(news.code)
    body = (
        W(
            "The city took back its offer to make one proposal of “%(title)s” and another.",
            title=proposal.title,
        ),
        W("There is nothing to answer, and nothing has changed for it."),
    )
    title = W("Both proposals go on alone")
    tell(news, holder(proposal), Mail("E04", title, body, f"/track/{proposal.code}"))


def merged(news: News) -> None:
    """Tell everybody concerned that two proposals are one: both groups, the officer, whoever follows."""
    joining, receiving = _coded(news.code), _coded(str(news.act.facts["into"]))
    titles = {"joining": joining.title, "receiving": receiving.title}
    title = W("Two proposals are one now")
    both = W("Both groups said yes: “%(joining)s” goes on as a part of “%(receiving)s”.", **titles)
    along = W("With an account you write that proposal along from now on. Your own text stays readable.")
    tell(news, holder(joining), Mail("E04", title, (both, along), f"/track/{joining.code}", is_receipt=True))
    same = W("Its people write yours along from now on. Your promises and requests stay as they are.")
    tell(
        news, holder(receiving), Mail("E04", title, (both, same), f"/track/{receiving.code}", is_receipt=True)
    )
    tell(news, people([receiving.owner_id]), Mail("E20", title, (both,), f"/desk/cases/{receiving.code}"))
    # Whoever followed in the very moment of the second yes still follows the one that is no more.
    follow_on(What.PROPOSAL, joining.code, receiving.code, receiving.title)
    follow = W("Whoever followed the one follows the other from now on.")
    public = Mail("E17", title, (both, follow), f"/proposals/{receiving.code}")
    tell_followers(news, case_of_proposal(receiving), public)
