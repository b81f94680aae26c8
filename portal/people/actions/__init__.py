"""The verbs of accounts, the only writers: joining, signing in, roles."""

from portal.people.actions.joining import SHORTEST_PASSWORD, accept_invitation, invite, join, person_key
from portal.people.actions.roles import grant
from portal.people.actions.signing_in import end_sessions, identify, note_sign_in

__all__ = [
    "SHORTEST_PASSWORD",
    "accept_invitation",
    "end_sessions",
    "grant",
    "identify",
    "invite",
    "join",
    "note_sign_in",
    "person_key",
]
