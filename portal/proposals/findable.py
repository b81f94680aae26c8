"""What the public may find of a proposal: what its page shows, from its sending until its end as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.organisations.models import Kind
from portal.proposals.lifecycle import State
from portal.proposals.models import Proposal
from portal.proposals.queries import with_parts
from portal.search import Card

if TYPE_CHECKING:
    from collections.abc import Iterator

GONE = (State.DRAFT.value, State.WITHDRAWN.value, State.LAPSED.value, State.MERGED.value)


def card_of(proposal: Proposal) -> Card:
    """Return what the index keeps of a sent proposal; commitments and asks must be loaded."""
    assert proposal.submitted_at is not None  # noqa: S101 - a CHECK of the table says so
    # Who proposes alone, or as some neighbours, may have written names of people there.
    group = proposal.group_name if proposal.group_kind in set(Kind) else ""
    said = [one.what for one in proposal.commitments] + [one.what for one in proposal.asks]
    return Card(
        key=proposal.key,
        at=proposal.submitted_at,
        language=proposal.language,
        title=proposal.title,
        about=proposal.summary,
        text="\n".join([proposal.address, group, *said]),
        district=proposal.district,
        sort=proposal.kind,
    )


def all_cards() -> Iterator[Card]:
    """Yield what the index keeps of every proposal that may be found, the oldest first."""
    there = select(Proposal).where(Proposal.submitted_at.is_not(None), Proposal.state.not_in(GONE))
    found = with_parts(there).order_by(Proposal.submitted_at, Proposal.id)
    yield from map(card_of, db.session().scalars(found.execution_options(yield_per=500)))
