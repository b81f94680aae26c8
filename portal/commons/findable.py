"""What the public may find of a shared thing: all of it, as long as it is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.commons.models import Commons
from portal.search import Card

if TYPE_CHECKING:
    from collections.abc import Iterator


def card_of(commons: Commons) -> Card:
    """Return what the index keeps of a shared thing; nobody noted in which language it was written."""
    return Card(
        key=f"commons:{commons.slug}",
        at=commons.listed_at,
        language="",
        title=commons.title,
        about=commons.about,
        text=f"{commons.address}\n{commons.licence}",
        district=commons.district,
        sort=commons.kind,
    )


def all_cards() -> Iterator[Card]:
    """Yield what the index keeps of every listed thing, the oldest first."""
    found = select(Commons).where(Commons.withdrawn_at.is_(None)).order_by(Commons.listed_at, Commons.id)
    yield from map(card_of, db.session().scalars(found.execution_options(yield_per=500)))
