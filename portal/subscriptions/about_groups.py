"""Who is told what of a group: requests, answers, who came and went, mandates; and of co-authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.organisations import queries
from portal.organisations.models import Mandate, Organisation
from portal.people.models import Person
from portal.proposals.models import Proposal
from portal.subscriptions.recipients import holder, people
from portal.subscriptions.telling import Mail, News, tell
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.actions import Recipient


def _group(news: News) -> Organisation:
    return db.session().scalars(queries.by_slug(select(Organisation), news.code)).one()


def speakers(organisation: Organisation) -> list[Recipient]:
    """Return those who speak for an organisation now."""
    found = db.session().scalars(queries.speakers_of(organisation.id, clock.now()))
    return people([one.person_id for one in found])


def _by_pseudonym(pseudonym: object) -> list[Recipient]:
    return people([db.session().scalar(select(Person.id).where(Person.pseudonym == str(pseudonym)))])


def asked(news: News) -> None:
    """Tell who speaks for the group that somebody wants to come in."""
    group = _group(news)
    body = (W("Somebody asks to belong to “%(name)s”. Let them in, or decline.", name=group.name),)
    mail = Mail("E14", W("Somebody wants to join"), body, f"/organisations/{group.slug}/members")
    tell(news, speakers(group), mail)


def answered(news: News) -> None:
    """Tell whoever asked what the answer is."""
    group, outcome = _group(news), news.act.facts.get("outcome")
    if outcome == "taken_back":
        return
    said = (
        W("You belong to “%(name)s” now.", name=group.name)
        if outcome == "accepted"
        else W("“%(name)s” did not let you in this time.", name=group.name)
    )
    mail = Mail("E14", W("Your request was answered"), (said,), f"/organisations/{group.slug}")
    tell(news, _by_pseudonym(news.act.facts.get("member")), mail)


def joined(news: News) -> None:
    """Tell the others who speak for the group that somebody came in."""
    group = _group(news)
    body = (W("Somebody new belongs to “%(name)s”.", name=group.name),)
    mail = Mail("E14", W("Somebody joined your group"), body, f"/organisations/{group.slug}/members")
    tell(news, speakers(group), mail)


def removed(news: News) -> None:
    """Tell whoever was removed; the access is gone already."""
    group = _group(news)
    body = (
        W("You no longer belong to “%(name)s”. Its drafts and rooms are closed to you.", name=group.name),
        W("If you think this is a mistake, talk with the group, or call us."),
    )
    mail = Mail("E14", W("You were removed from a group"), body, f"/organisations/{group.slug}")
    tell(news, _by_pseudonym(news.act.facts.get("member")), mail)


def mandate_given(news: News) -> None:
    """Tell the person what the group lets them do."""
    group = _group(news)
    body = (W("“%(name)s” has given you a mandate: you may sign for it.", name=group.name),)
    mail = Mail("E14", W("You have a mandate"), body, f"/organisations/{group.slug}/members")
    tell(news, _by_pseudonym(news.act.facts.get("member")), mail)


def mandate_ended(news: News) -> None:
    """Tell the person that the mandate is over."""
    group = _group(news)
    mandate = db.session().get(Mandate, news.act.facts.get("mandate"))
    body = (W("Your mandate for “%(name)s” has ended. What you signed stands.", name=group.name),)
    mail = Mail("E14", W("Your mandate has ended"), body, f"/organisations/{group.slug}")
    tell(news, people([mandate.person_id if mandate else None]), mail)


def hidden(news: News) -> None:
    """Tell who speaks for the group that its page is no longer public, and why."""
    group = _group(news)
    body = (
        W("The city took the page of “%(name)s” off the public ones.", name=group.name),
        W("The reason: %(reason)s", reason=group.hidden_reason),
    )
    mail = Mail("E14", W("Your page is not public any more"), body, f"/organisations/{group.slug}/members")
    tell(news, speakers(group), mail)


def _proposal(news: News) -> Proposal:
    return db.session().scalars(select(Proposal).where(Proposal.code == news.code)).one()


def co_author_joined(news: News) -> None:
    """Tell the holder that somebody writes along."""
    proposal = _proposal(news)
    body = (W("Somebody you invited writes your proposal along now."),)
    path = f"/propose/{proposal.code}/co-authors"
    tell(news, holder(proposal), Mail("E14", W("Somebody joined your proposal"), body, path))


def co_author_removed(news: News) -> None:
    """Tell whoever was removed."""
    title = _proposal(news).title or news.code
    body = (W("You no longer write the proposal “%(title)s” along.", title=title),)
    mail = Mail("E14", W("You are no longer a co-author"), body, "/propose")
    tell(news, _by_pseudonym(news.act.facts.get("member")), mail)
