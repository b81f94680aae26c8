"""What a mail server tells about mails of ours: it pipes in the report, and the address is noted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from portal import db
from portal.cli.opening import open_portal
from portal.errors import Invalid, NotFound
from portal.notices import jobs, returned
from portal.people.jobs import address_of
from portal.policy import SYSTEM
from portal.proposals import mailed
from portal.proposals.actions.mail import take_mail
from portal.words import W

if TYPE_CHECKING:
    import argparse

NO_REPORT = W(
    "This is no report of a mail that came back for good, or of none that we sent: nothing was noted."
)
GONE = W("The message of this report is not there any more: nothing was noted.")


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Teach the command the word `mail`."""
    mail = words.add_parser("mail", help="mail that came back or answers").add_subparsers(
        required=True, metavar="WHAT"
    )
    bounced = mail.add_parser("bounced", help="note the address of a delivery report on standard input")
    bounced.set_defaults(act=_bounced)
    received = mail.add_parser("received", help="put an answer by mail beside its case")
    received.add_argument("file", metavar="FILE", help="the mail, or - for standard input")
    received.set_defaults(act=_received)


def _bounced(_chosen: argparse.Namespace) -> int:
    content = sys.stdin.buffer.read(returned.MOST_BYTES + 1)
    open_portal()  # the key by which our own mails are known
    found = returned.read(content)
    if found is None:
        raise Invalid(NO_REPORT)
    if not jobs.came_back(found.number, found.status, address_of):
        raise NotFound(GONE)
    print(f"Noted: message {found.number} did not arrive ({found.status}).")
    return 0


def _received(chosen: argparse.Namespace) -> int:
    most = mailed.MOST_BYTES + 1
    if chosen.file == "-":
        content = sys.stdin.buffer.read(most)
    else:
        with Path(chosen.file).open("rb") as file:
            content = file.read(most)
    open_portal()
    with db.writing():
        kept = take_mail(content, by=SYSTEM)
        what = "a draft of the awaited answer" if kept.is_answer else "a note to the officer"
    print(f"Noted: {what}.")
    return 0
