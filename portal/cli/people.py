"""What is done to accounts from the command line: the first administrator has nobody to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from email_validator import EmailNotValidError, validate_email

from portal import city, db
from portal.cli.opening import open_portal
from portal.errors import Invalid
from portal.people import actions
from portal.words import W

if TYPE_CHECKING:
    import argparse

_NO_ADDRESS = W("Enter an e-mail address, like anna@example.org")


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Teach the command the word `person`."""
    person = words.add_parser("person", help="accounts").add_subparsers(required=True, metavar="WHAT")
    admin = person.add_parser("admin", help="make somebody administrator, by a link printed here")
    admin.add_argument("email")
    admin.set_defaults(act=_admin)


def _admin(chosen: argparse.Namespace) -> int:
    try:
        validate_email(chosen.email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid(_NO_ADDRESS) from error
    opened = open_portal()
    language = city.profile(opened.config.city).prevailing_language
    with db.writing():
        token = actions.invite_administrator(chosen.email, language=language)
    if token is None:
        print(f"{chosen.email} has an account, and is administrator from now on.")
        return 0
    print(f"Open this link within three days; whoever has it becomes {chosen.email}, administrator:")
    print(f"{opened.config.base_url}/{language}/join/{token}")
    return 0
