"""What the public may find of an organisation: its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.organisations.models import Organisation
from portal.search import Card

if TYPE_CHECKING:
    from collections.abc import Iterator


def card_of(organisation: Organisation) -> Card:
    """Return what the index keeps of an organisation: what its public page shows in any case."""
    return Card(
        key=f"organisation:{organisation.slug}",
        at=organisation.founded_at,
        language="",
        title=organisation.name,
        about=organisation.summary,
        sort=organisation.kind,
    )


def all_cards() -> Iterator[Card]:
    """Yield what the index keeps of every organisation that is not hidden, the oldest first."""
    shown = select(Organisation).where(Organisation.hidden_at.is_(None))
    found = shown.order_by(Organisation.founded_at, Organisation.id)
    yield from map(card_of, db.session().scalars(found.execution_options(yield_per=500)))
