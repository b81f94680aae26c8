"""What is done to accounts from the command line: the first administrator has nobody to ask."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from email_validator import EmailNotValidError, validate_email

from portal import city, db
from portal.cli.opening import open_portal
from portal.errors import Invalid
from portal.people import actions
from portal.people import queries as people_queries
from portal.policy import SYSTEM
from portal.privacy import actions as erasing
from portal.privacy import handing_out, queries
from portal.words import W

if TYPE_CHECKING:
    import argparse

    from portal.people.models import Person

_NOBODY = W("Nothing is kept under this address.")
_NO_ADDRESS = W("Enter an e-mail address, like anna@example.org")


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Teach the command the word `person`."""
    person = words.add_parser("person", help="accounts").add_subparsers(required=True, metavar="WHAT")
    admin = person.add_parser("admin", help="make somebody administrator, by a link printed here")
    admin.add_argument("email")
    admin.set_defaults(act=_admin)
    export = person.add_parser("export", help="print all that is kept of somebody, as JSON")
    export.add_argument("email")
    export.set_defaults(act=_export)
    erase = person.add_parser("erase", help="destroy what identifies somebody; cannot be undone")
    erase.add_argument("email")
    erase.set_defaults(act=_erase)


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


def _export(chosen: argparse.Namespace) -> int:
    opened = open_portal()
    profile = city.profile(opened.config.city)
    with db.writing():
        person = _account(chosen.email)
        if person is None:
            found = handing_out.address_data(chosen.email, times=queries.times_of(profile), by=SYSTEM)
        else:
            times, language = queries.times_of(profile), profile.prevailing_language
            found = handing_out.my_data(person, times=times, language=language, by=SYSTEM)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def _erase(chosen: argparse.Namespace) -> int:
    times = queries.times_of(city.profile(open_portal().config.city))
    with db.writing():
        person = _account(chosen.email)
        if person is None:
            outcome = erasing.erase_address(chosen.email, times=times, by=SYSTEM)
        else:
            outcome = erasing.erase(person, times=times, by=SYSTEM)
    if not outcome.destroyed and not outcome.kept:
        raise Invalid(_NOBODY)
    for table, count in outcome.destroyed.items():
        print(f"destroyed  {table}: {count}")
    for held, reason in outcome.kept:
        print(f"kept       {held.table}: {reason.words}")
    return 0


def _account(email: str) -> Person | None:
    return db.session().scalars(people_queries.by_email(email.strip().lower())).one_or_none()
