"""What the public may find of the money: each fund, each year of funds, and each decision with its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db, search, words
from portal.search import Card
from portal.support import said
from portal.support.lifecycle import PROMISED, State
from portal.support.models import Allocation, Holding, Pool
from portal.support.subjects import code_of
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterator

YEAR_OF_FUNDS = W("Where the support goes: %(year)s")
# Of what is decided on anew, the new reason may be read once a second person has agreed to it.
_TOLD = frozenset(PROMISED) | {State.RELEASED}


def enter_fund(pool: Pool) -> None:
    """Enter a fund and its year into the index."""
    search.put(_of_year(pool.year))
    search.put(_of_fund(pool))


def enter_decision(allocation: Allocation) -> None:
    """Enter what a second person has just approved, with the public reason."""
    search.put(_of_decision(allocation))


def _of_year(year: int) -> Card:
    said_in = {
        one: words.say(W(YEAR_OF_FUNDS.id, year=year), one) for one in sorted(words.shipped_languages())
    }
    return Card(
        key=f"money:year-{year}",
        at=_begun(year),
        language="",
        title=said_in.get(words.home_language(), str(year)),
        text="\n".join(said_in.values()),
        sort="year",
    )


def _of_fund(pool: Pool) -> Card:
    return Card(
        key=f"money:fund-{pool.year}-{pool.slug}",
        at=_begun(pool.year),
        language="",
        title=f"{pool.name} {pool.year}",
        text=_named(pool.kind),
        sort="fund",
    )


def _of_decision(allocation: Allocation) -> Card:
    """Return a decision by its pact, by what is given and why; nobody is named in it."""
    is_told = allocation.state in _TOLD
    return Card(
        key=f"money:decision-{allocation.id}",
        at=allocation.approved_at or allocation.asked_at,
        language=allocation.language,
        title=": ".join(part for part in (allocation.what, allocation.title) if part) or allocation.subject,
        about=allocation.reason if is_told else "",
        text=f"{code_of(allocation.subject)}\n{_named(allocation.kind)}",
        district=allocation.district,
        sort="decision",
    )


def _named(kind: str) -> str:
    """Return what a kind of support is called, in every language."""
    return "\n".join(words.say(said.KINDS[kind], one) for one in sorted(words.shipped_languages()))  # type: ignore[index] # kinds are their own texts


def _begun(year: int) -> datetime:
    # A fund of a year to come is there already, but nothing is newer than now.
    return min(datetime(year, 1, 1, tzinfo=UTC), clock.now())


def all_cards() -> Iterator[Card]:
    """Yield what the index keeps of the money, the oldest first."""
    session = db.session()
    pools = session.scalars(select(Pool).where(Pool.head_id.is_(None)).order_by(Pool.year, Pool.id)).all()
    decided = select(Holding.id).where(Holding.allocation_id == Allocation.id).exists()
    found = select(Allocation).where(decided).order_by(Allocation.approved_at, Allocation.id)
    funds = chain(map(_of_year, sorted({one.year for one in pools})), map(_of_fund, pools))
    decisions = map(_of_decision, session.scalars(found.execution_options(yield_per=500)))
    yield from sorted(chain(funds, decisions), key=lambda card: card.at)
