"""Take over what is known already: from a publiccode.yml, and from somebody's last proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.proposals.actions.drafting import may_fill, write
from portal.proposals.sections import Section

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal
    from portal.proposals.publiccode import Described

GROUP = (
    "group_kind",
    "group_name",
    "contact_name",
    "contact_email",
    "contact_phone",
    "is_adult",
    "adult_name",
)


def take_publiccode(proposal: Proposal, found: Described, *, by: Actor) -> list[str]:
    """Fill what is still empty with what the file says; return the names of the columns that were filled."""
    may_fill(proposal, by=by)
    what = _empty(proposal, {"title": found.name, "summary": found.short})
    where = _empty(proposal, {"repository": found.repository, "licence": found.licence})
    if what:
        write(proposal, Section.WHAT, what)
    if where:
        write(proposal, Section.WHERE, where)
    told = dict(proposal.particulars or {})
    more = {"maintenance": found.maintenance, "languages": found.languages}
    new = {name: value for name, value in more.items() if value and not told.get(name)}
    if new:
        proposal.particulars = told | new
    return [*what, *where, *new]


def _empty(proposal: Proposal, values: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value and not getattr(proposal, name)}


def take_known(proposal: Proposal, last: Proposal) -> None:
    """Take over who proposes from the person's last proposal: it is not asked again (WCAG 3.3.7)."""
    values = {name: getattr(last, name) for name in GROUP}
    if proposal.organisation_id is not None:
        # Whoever acts for an organisation proposes for that one, whoever the last proposal was for.
        values |= {"group_kind": proposal.group_kind, "group_name": proposal.group_name}
    if proposal.contact_email:
        values["contact_email"] = proposal.contact_email
    write(proposal, Section.GROUP, values)
