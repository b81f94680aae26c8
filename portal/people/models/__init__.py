"""The tables of people: accounts and roles, open sessions, links sent by mail, counted tries."""

from portal.people.models.accounts import Grant, Person, Suspension
from portal.people.models.elsewhere import OutsideIdentity
from portal.people.models.factors import CodeApp, Passkey, RecoveryCode
from portal.people.models.links import MailedLink, Purpose
from portal.people.models.sessions import KnownBrowser, OpenSession, Tally

__all__ = [
    "CodeApp",
    "Grant",
    "KnownBrowser",
    "MailedLink",
    "OpenSession",
    "OutsideIdentity",
    "Passkey",
    "Person",
    "Purpose",
    "RecoveryCode",
    "Suspension",
    "Tally",
]
