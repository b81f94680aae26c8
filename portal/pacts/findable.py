"""What the public may find of a pact: its title and place from co-design on, its promises once signed for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal import db, search
from portal.pacts.models import Pact, PactVersion
from portal.pacts.queries import is_text_public
from portal.search import Card

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def enter(pact: Pact, text: Mapping[str, Any]) -> None:
    """Enter the pact into the index; of its text only what is public by now."""
    search.put(card_of(pact, text))


def card_of(pact: Pact, text: Mapping[str, Any] | None) -> Card:
    """Return what the index keeps of a pact; None where its text is not at hand."""
    return Card(
        key=pact.key,
        at=pact.opened_at,
        language=pact.language,
        title=pact.title,
        about=pact.summary,
        text="\n".join(_public(pact, text)) if text else "",
        district=pact.district,
        sort=pact.kind,
    )


def _public(pact: Pact, text: Mapping[str, Any]) -> list[str]:
    place = [text["commons"]["address"]]
    if not is_text_public(pact):
        return place
    return [*place, *(one["name"] for one in text["parties"]), *(one["what"] for one in text["commitments"])]


def all_cards() -> Iterator[Card]:
    """Yield what the index keeps of every pact, the oldest first."""
    counts = PactVersion.number == func.coalesce(Pact.agreed_version, Pact.last_version)
    found = select(Pact, PactVersion).outerjoin(PactVersion, (PactVersion.pact_id == Pact.id) & counts)
    rows = db.session().execute(found.order_by(Pact.opened_at, Pact.id), execution_options={"yield_per": 100})
    # Joined from outside: a pact without a text is found all the same.
    yield from (card_of(pact, getattr(version, "text", None)) for pact, version in rows)
