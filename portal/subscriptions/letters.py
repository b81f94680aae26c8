"""The mail that asks whether an address really wants to follow something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import crypto
from portal.notices.actions import Text
from portal.people.letters import send_link
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.actions import Wish

NOT_YOU = W("If it was not you: do nothing. Nobody writes to you again.")


def ask(token: str, address: str, language: str, wish: Wish, link: str) -> None:
    """Leave the mail whose link confirms."""
    sentences = [
        W("You asked us to write to you about this: %(title)s", title=wish.title),
        W("Open this link within three days and press the button. From then on you get news."),
        NOT_YOU,
    ]
    send_link(token, address, language, Text(W("Do you want news from us?"), sentences, link))


def tell_known(address: str, language: str, wish: Wish, page: str) -> None:
    """Leave the mail for an address that follows this already, or follows too much."""
    sentences = [
        W("You asked us to write to you about this: %(title)s", title=wish.title),
        W("You follow it already, or you follow very many things. This link opens your list."),
    ]
    token = crypto.new_token()
    send_link(token, address, language, Text(W("Your list of what you follow"), sentences, page))
