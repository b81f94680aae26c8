"""City roles in words."""

from __future__ import annotations

from portal.policy import Role
from portal.words import W

ROLES: dict[Role, W] = {
    Role.CLERK: W("Clerk at the counter"),
    Role.OFFICER: W("Officer"),
    Role.ADVISER: W("Adviser"),
    Role.INFRASTRUCTURE: W("Infrastructure officer"),
    Role.LEGAL: W("Legal officer"),
    Role.TREASURER: W("Treasurer"),
    Role.SIGNATORY: W("Signatory"),
    Role.PROCUREMENT: W("Procurement officer"),
    Role.COMMITTEE: W("Member of an evaluation committee"),
    Role.KEY_HOLDER: W("Key holder"),
    Role.AUDITOR: W("Auditor"),
    Role.ADMINISTRATOR: W("Administrator"),
}


def role_words(role: str) -> str:
    """Return a role in the language of the page."""
    return str(ROLES[Role(role)])
