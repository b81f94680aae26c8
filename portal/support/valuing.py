"""How the worth of support in kind was found: the price of a unit, its method and day, kept as they were."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from portal.support.amounts import Amount
from portal.words import W, current_language, say

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.support.models import Allocation


@dataclass(frozen=True, slots=True)
class Valued:
    """The price of one unit in cents (0: it stands with the plan), by which method, as of which day."""

    unit_cents: int
    method: str
    as_of: date

    def words(self, unit: str) -> W | str:
        """Return the price and its method as a sentence."""
        if not self.unit_cents:
            return self.method
        one = Amount(1, unit)
        return W(
            "%(price)s for %(one)s: %(method)s",
            price=Amount(self.unit_cents, "cent"),
            one=one,
            method=self.method,
        )


def as_kept(allocation: Allocation, profile: Profile | None) -> str:
    """Return how an allocation in kind is valued now, as text to keep; empty for money."""
    if profile is None or allocation.unit == "cent":
        return ""
    price = profile.unit_price(allocation.kind)
    if price is None:
        return ""
    method = _by_difference(allocation, profile) if allocation.is_growth else dict(price.method)
    kept = {"unit_cents": price.cents, "as_of": price.as_of.isoformat(), "method": method}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _by_difference(allocation: Allocation, profile: Profile) -> dict[str, str]:
    words = W(
        "What the larger plan costs more a month than the one before, for %(months)s months",
        months=allocation.months,
    )
    return {language: say(words, language) for language in profile.languages}


def read(kept: str) -> Valued | None:
    """Return what was kept, in the language being written; None for money and for what nobody valued."""
    if not kept:
        return None
    found = json.loads(kept)
    method = found["method"].get(current_language()) or next(iter(found["method"].values()))
    return Valued(found["unit_cents"], method, date.fromisoformat(found["as_of"]))
