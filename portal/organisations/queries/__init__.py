"""Questions about organisations: the register, who belongs to them, who may bind them."""

from portal.organisations.queries import mandates
from portal.organisations.queries.members import (
    admitted_at,
    current,
    members_of,
    named_members,
    open_request,
    requests_to,
    speakers_of,
)
from portal.organisations.queries.register import (
    PAGE,
    alike,
    by_id,
    by_slug,
    for_desk,
    listed,
    names_of,
    of_member,
    visible_to,
)

__all__ = [
    "PAGE",
    "admitted_at",
    "alike",
    "by_id",
    "by_slug",
    "current",
    "for_desk",
    "listed",
    "mandates",
    "members_of",
    "named_members",
    "names_of",
    "of_member",
    "open_request",
    "requests_to",
    "speakers_of",
    "visible_to",
]
