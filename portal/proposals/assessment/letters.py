"""The mail with a link to somebody outside who is asked for an opinion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.notices.actions import Text
from portal.people import letters as account_letters
from portal.proposals.profiles import profile_of
from portal.web.chrome import day
from portal.words import W, in_language

if TYPE_CHECKING:
    from portal.proposals.models import Opinion, Proposal


def language_of(proposal: Proposal) -> str:
    """Return the language in which the city writes to other offices."""
    return profile_of(proposal).prevailing_language


def send_question(proposal: Proposal, opinion: Opinion, token: str, link: str) -> None:
    """Mail the link to the address it is bound to; our own copy of the mail goes when it is sent."""
    language = language_of(proposal)
    with in_language(language):
        last = day(opinion.due_on)
    sentences = (
        W("The city asks you for an opinion on the proposal “%(title)s”.", title=proposal.title),
        W("Answer by %(day)s on the page of this link. You need no account.", day=last),
        W("The link is for you alone and works once. If it is not for you, do nothing."),
    )
    text = Text(W("The city asks for your opinion"), sentences, link)
    account_letters.send_link(token, opinion.address, language, text)
