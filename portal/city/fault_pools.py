"""What can be wrong with the rules of the pools of support."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from portal.city.shapes import PoolKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.city.whole import Profile


def faults(profile: Profile) -> Iterator[str]:
    """Yield each fault: every kind has its amount, and a rule of law stands behind them."""
    rules, known = profile.pools, set(get_args(PoolKind))
    if rules.answer_days < 1:
        yield "pools.answer_days: at least 1 is needed"
    for kind in sorted(known ^ set(rules.second_person_above)):
        known_or_not = "is missing" if kind in known else "is no kind of pool"
        yield f"pools.second_person_above: “{kind}” {known_or_not}"
    for kind, amount in rules.second_person_above.items():
        if amount < 0:
            yield f"pools.second_person_above.{kind}: 0 or more is needed"
