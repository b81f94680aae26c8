"""What can be wrong with the rules of the pools of support."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from portal.city.shapes import PoolKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.city.whole import Profile

# Earlier, nobody could have drawn anything of the year yet.
LONGEST_NOTICE = 180
# What pools are counted in: the first measure of each kind in the ledger.
UNITS: Mapping[str, str] = {
    "funding": "cent",
    "server": "vcpu",
    "legal": "hour",
    "spaces": "hour",
    "materials": "piece",
    "training": "hour",
    "insurance": "cent",
    "waivers": "cent",
    "communication": "hour",
}


def faults(profile: Profile) -> Iterator[str]:
    """Yield each fault: every kind has its amount, and a rule of law stands behind them."""
    rules, known = profile.pools, set(get_args(PoolKind))
    if rules.answer_days < 1:
        yield "pools.answer_days: at least 1 is needed"
    if not 1 <= rules.match_reminder_days <= LONGEST_NOTICE:
        yield f"pools.match_reminder_days: from 1 to {LONGEST_NOTICE} days before the year ends are needed"
    for kind in sorted(known ^ set(rules.second_person_above)):
        known_or_not = "is missing" if kind in known else "is no kind of pool"
        yield f"pools.second_person_above: “{kind}” {known_or_not}"
    for one in profile.support_kinds:
        if one.allocated and UNITS.get(one.id) != one.unit:
            counted = f"is counted in “{UNITS[one.id]}”" if one.id in UNITS else "is no kind of pool"
            yield f"support_kinds[{one.id}]: an allocated kind draws on a pool, and this one {counted}"
