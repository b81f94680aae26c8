"""The verbs of accounts, the only writers: joining, signing in, recovering, addresses, roles."""

from portal.people.actions.addresses import ask_address, change_profile, confirm_address, undo_address
from portal.people.actions.joining import accept_invitation, ask, invite_administrator, join
from portal.people.actions.keys import as_actor, person_key
from portal.people.actions.links import find as find_link
from portal.people.actions.recovering import change_password, reset_password
from portal.people.actions.roles import end_role, grant
from portal.people.actions.signing_in import (
    end_session,
    end_sessions,
    end_sessions_of,
    identify,
    keep_hash,
    note_sign_in,
    stronger_hash,
)
from portal.people.actions.suspending import reinstate, suspend

__all__ = [
    "accept_invitation",
    "as_actor",
    "ask",
    "ask_address",
    "change_password",
    "change_profile",
    "confirm_address",
    "end_role",
    "end_session",
    "end_sessions",
    "end_sessions_of",
    "find_link",
    "grant",
    "identify",
    "invite_administrator",
    "join",
    "keep_hash",
    "note_sign_in",
    "person_key",
    "reinstate",
    "reset_password",
    "stronger_hash",
    "suspend",
    "undo_address",
]
