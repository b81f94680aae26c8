"""Why something must be kept for a while although its person asked for erasure: rules with their reasons.

Erasure does not reach what is kept for a legal obligation or for claims (GDPR, article 17(3) b and e).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN_CASES = frozenset({"submitted", "supplement_asked", "refusal_noticed"})
ENDED_PACTS = frozenset({"concluded", "terminated"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is kept, and the day after which it is not any more; none where nobody can say yet."""

    words: W
    until: date | None = None

    def holds(self, today: date) -> bool:
        """Say whether the reason still stands on this day."""
        return self.until is None or today <= self.until


@dataclass(frozen=True, slots=True)
class Times:
    """How long the city keeps what, in days after the end of the procedure or pact."""

    refused_days: int
    pact_days: int


class CaseLike(Protocol):
    """What this file reads of a proposal."""

    state: str
    decided_at: datetime | None


class PactLike(Protocol):
    """What this file reads of a pact."""

    state: str
    ended_at: datetime | None


CASE_OPEN = W("The city is still dealing with it and must be able to answer you.")
APPEAL = W("The decision can still be contested, and its file is kept for that.")
BINDS = W("The pact binds both sides, and names who signed it.")
CLAIMS = W("Claims from the pact can still be made, and its original is kept for that.")

BOOKS = W("It shows where public money went, and such books are kept for ten years.")


def of_books(on: date, times: Times) -> Reason:
    """Return why what shows a payment is kept: as long as claims from a pact, from its own day on."""
    return Reason(BOOKS, on + timedelta(days=times.pact_days))


def of_pact(pact: PactLike, times: Times, day: Callable[[datetime], date]) -> Reason:
    """Return why what names the parties of a pact is kept; `day` gives the city's day of an instant."""
    if pact.state not in ENDED_PACTS or pact.ended_at is None:
        return Reason(BINDS)
    return Reason(CLAIMS, day(pact.ended_at) + timedelta(days=times.pact_days))


def of_case(
    case: CaseLike, pact: PactLike | None, times: Times, day: Callable[[datetime], date]
) -> Reason | None:
    """Return why the contacts of a case are kept; None for a draft and for what was withdrawn or lapsed."""
    if case.state in OPEN_CASES:
        return Reason(CASE_OPEN)
    if pact is not None:
        return of_pact(pact, times, day)
    if case.state == "refused" and case.decided_at is not None:
        return Reason(APPEAL, day(case.decided_at) + timedelta(days=times.refused_days))
    return None
