"""The tables of people: accounts, roles, sessions, links and invitations by mail, counted tries."""

from portal.people.models.accounts import Grant, Person, Suspension
from portal.people.models.elsewhere import OutsideIdentity
from portal.people.models.factors import CodeApp, Passkey, RecoveryCode
from portal.people.models.links import MailedLink, Purpose
from portal.people.models.sessions import KnownBrowser, OpenSession, Tally
from portal.people.models.taking_part import Invitation, Share

__all__ = [
    "CodeApp",
    "Grant",
    "Invitation",
    "KnownBrowser",
    "MailedLink",
    "OpenSession",
    "OutsideIdentity",
    "Passkey",
    "Person",
    "Purpose",
    "RecoveryCode",
    "Share",
    "Suspension",
    "Tally",
]
