"""The one letter a proposal sends by itself: the secret link of a new draft, to the address given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import crypto
from portal.notices.actions import Recipient, Text, post
from portal.people import letters as account_letters
from portal.words import W

if TYPE_CHECKING:
    from portal.proposals.models import Proposal


def send_invitation(proposal: Proposal, token: str, address: str, link: str, language: str) -> None:
    """Leave the letter that invites to write along; nothing in it says whether the address has an account."""
    title = proposal.title or proposal.code
    text = Text(
        W("Somebody invites you to write a proposal"),
        (
            W("You are invited to write the proposal “%(title)s” for the city with others.", title=title),
            W("Open this link within fourteen days and say yes or no. Saying yes needs an account."),
            W("If you do not know what it is about: do nothing."),
        ),
        link,
    )
    account_letters.send_link(token, address.strip().lower(), language, text)


def send_link(proposal: Proposal, address: str, link: str) -> None:
    """Leave the letter with the secret link, once per address; our own copy goes when it is sent."""
    text = Text(
        W("The link to your draft"),
        (
            W("You began a proposal. This link opens it on any device, so that you can go on."),
            W("Whoever has the link can change the draft. The city reads nothing before you send it."),
        ),
        link,
    )
    key = f"E01:{proposal.code}:{crypto.token_hash(address.lower())[:24]}"
    post("E01", key, Recipient(None, address, proposal.language), text, about=proposal.key)
