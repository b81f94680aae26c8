"""What is mailed with a secret link: an invitation to a group. Everything else is told by subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.notices.actions import Text
from portal.people import letters, queries
from portal.words import W

if TYPE_CHECKING:
    from portal.organisations.models import Organisation


def language_of(email: str, otherwise: str) -> str:
    """Return the language in which an address is written to: its account's, where it has one."""
    person = db.session().scalar(queries.by_email(email))
    return person.language if person else otherwise


def send_invitation(organisation: Organisation, token: str, email: str, link: str, language: str) -> None:
    """Mail an invitation; nothing in it says whether the address has an account."""
    sentences = [
        W("You are invited to belong to the group “%(name)s” on the city's portal.", name=organisation.name),
        W("Open this link within fourteen days and say yes or no. Saying yes needs an account."),
        W("If you do not know the group: do nothing."),
    ]
    letters.send_link(
        token, email.strip().lower(), language, Text(W("An invitation to a group"), sentences, link)
    )
