"""What can be wrong with how a city gives support: checks without a limit, prices and costs of nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.city.whole import Profile


def faults(profile: Profile) -> Iterator[str]:
    """Name every fault: a check without its source or limit, two prices of one kind."""
    yield from _checks(profile)
    yield from _prices(profile)
    known = {one.id for one in profile.citations}
    if profile.giving.citation not in known:
        yield f"giving.citation: “{profile.giving.citation}” does not exist"
    if not any(one.eligible for one in profile.cost_kinds):
        yield "cost_kinds: there are none that may be paid; say which costs count"


def _checks(profile: Profile) -> Iterator[str]:
    known = {one.id for one in profile.citations}
    for one in profile.support_checks:
        where = f"support_checks[{one.id}]"
        if one.citation not in known:
            yield f"{where}.citation: “{one.citation}” does not exist"
        if one.blocks_payment and one.id != "publication":
            yield f"{where}.blocks_payment: only the publication of a benefit can hold up its payment"
        if one.id == "de_minimis" and (one.limit_cents < 1 or one.years < 1):
            yield f"{where}: say the ceiling (limit_cents) and over how many years"


def _prices(profile: Profile) -> Iterator[str]:
    kinds = {one.id for one in profile.support_kinds}
    for kind, count in Counter(one.kind for one in profile.unit_prices).items():
        if count > 1:
            yield f"unit_prices: “{kind}” has {count} prices"
        if kind not in kinds:
            yield f"unit_prices: “{kind}” is no kind of support"
