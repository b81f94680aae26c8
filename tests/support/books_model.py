"""What the books of support are, in a few lines that know no table: funds, and what was promised out of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from portal.support.ledger import Movement


@dataclass
class Fund:
    """A pool as the model knows it: how much there is of each measure."""

    kind: str
    capacity: Counter[str]
    year: int
    is_closed: bool = False


@dataclass
class Promise:
    """What one allocation has of each measure: kept aside, promised, and given out of each pool."""

    pool: int
    lead: str
    whole: tuple[int, int]  # how much of its own measure, and worth how many cents
    reserved: Counter[str] = field(default_factory=Counter)
    committed: Counter[str] = field(default_factory=Counter)
    delivered: dict[int, Counter[str]] = field(default_factory=dict)
    recovered: dict[int, Counter[str]] = field(default_factory=dict)

    def worth_of(self, part: int) -> int:
        """Return what a part is worth, rounded down."""
        amount, cents = self.whole
        return cents * part // amount

    def given(self, fund: int) -> Counter[str]:
        """Return what it was given out of a pool."""
        return self.delivered.setdefault(fund, Counter())

    def kept(self, fund: int) -> Counter[str]:
        """Return what of that did not come back."""
        return self.given(fund) - self.recovered.setdefault(fund, Counter())

    def of(self, movement: Movement) -> Counter[str]:
        """Return what a movement takes from."""
        if movement in {Movement.RELEASED, Movement.COMMITTED}:
            return self.reserved
        return self.committed if movement in {Movement.DELIVERED, Movement.FREED} else self.given(self.pool)
