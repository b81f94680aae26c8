"""The tables of people: accounts and roles, open sessions, links sent by mail, counted tries."""

from portal.people.models.accounts import Grant, Person
from portal.people.models.sessions import Invitation, OpenSession, Tally

__all__ = ["Grant", "Invitation", "OpenSession", "Person", "Tally"]
