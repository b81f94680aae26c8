"""How a city pays money to a group: by which means, from which account, for which costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.city.shapes import Words


@dataclass(frozen=True, slots=True)
class CostCategory:
    """A kind of costs that a group may hand in; one that is not eligible says why, and by which rule."""

    id: str
    name: Words
    eligible: bool
    citation: str
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class Paying:
    """The rules of money that is paid in parts and settled against receipts.

    `means` says what the bank is given: a SEPA file (pain.001), or a plain list of payments. `trace` asks for
    the code of the project (in Italy CUP, and CIG where there is one), by the rule `trace_citation`.
    """

    citation: str
    means: Literal["sepa", "list"]
    payer_name: str
    payer_account: str
    second_person_above_cents: int
    trace: bool
    trace_citation: str
    categories: tuple[CostCategory, ...]

    def category(self, key: str) -> CostCategory | None:
        """Return a kind of costs, or None."""
        return next((one for one in self.categories if one.id == key), None)

    @property
    def eligible(self) -> tuple[CostCategory, ...]:
        """Return the kinds of costs that are paid."""
        return tuple(one for one in self.categories if one.eligible)
