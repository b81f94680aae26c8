"""The blueprint of accounts, and what its pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, request, session

from portal.people import limits, sessions
from portal.web.chrome import profile
from portal.words import W

if TYPE_CHECKING:
    from portal.people.models import Person

people = Blueprint("people", __name__)

NOT_YOURS = W("That is not your password. Check it and try again.")
SITE = W("Commons pacts")


def outside(path: str) -> str:
    """Return the address for a mail: from the configuration, never from the request's Host."""
    return str(current_app.config["PORTAL"].base_url) + path


def browser() -> sessions.BrowserSession:
    """Return this browser's session."""
    return cast("sessions.BrowserSession", session)


def network() -> str:
    """Return the network this request came from, as it is counted."""
    return limits.network_of(request.remote_addr)


def guessed(*more: str) -> tuple[str, ...]:
    """Return what a stranger tries first as a password: the words of the city and its portal, and `more`."""
    city = profile()
    offices = (words for office in city.offices for words in office.name.values())
    names = (city.city, city.body, *city.name.values(), city.contact.mail)
    return (*names, str(SITE), SITE.id, *offices, *more)


def is_password_right(person: Person, password: str) -> bool:
    """Say whether the password is this person's; tries are counted, and what was right is given back."""
    tries = limits.Tries("password-again", str(person.id), limits.KNOWN)
    tries.spend()
    if not sessions.confirm_password(session, person, password):
        return False
    tries.give_back()
    return True
