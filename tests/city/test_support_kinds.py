"""Every kind of support that draws on a pool is counted as its pool is, has its clause, and is refused otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal import city
from portal.city import fault_pools
from portal.support.ledger import UNITS, Kind


@pytest.mark.parametrize("name", city.cities())
def test_each_pool_kind_can_be_asked_and_has_a_clause(name: str) -> None:
    profile = city.profile(name)
    drawn = {one.id: one.unit for one in profile.support_kinds if one.allocated}
    assert drawn == {kind.value: units[0] for kind, units in UNITS.items()}
    # In Bologna materials are lent whether or not the text counts them.
    clauses = {one.needs_support for one in profile.clauses} | ({"materials"} if name == "bologna" else set())
    assert set(Kind) <= clauses


def test_a_kind_counted_otherwise_than_its_pool_is_a_fault() -> None:
    profile = city.profile("bologna")
    odd = tuple(replace(one, unit="piece") if one.id == "waivers" else one for one in profile.support_kinds)
    staff = tuple(replace(one, allocated=True) if one.id == "staff" else one for one in odd)
    assert list(fault_pools.faults(replace(profile, support_kinds=staff))) == [
        "support_kinds[staff]: an allocated kind draws on a pool, and this one is no kind of pool",
        "support_kinds[waivers]: an allocated kind draws on a pool, and this one is counted in “cent”",
    ]
