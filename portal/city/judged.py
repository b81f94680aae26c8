"""What can be wrong with how a city judges proposals, answers a refusal and asks its offices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.city.whole import Profile


def faults(profile: Profile) -> Iterator[str]:
    """Name every fault: nothing to judge by, no remedy, an opinion that no office gives."""
    yield from _criteria(profile)
    yield from _remedies(profile)
    yield from _next_steps(profile)
    given = {office.opinion for office in profile.offices}
    for rules in profile.classes:
        for kind in rules.opinions:
            if kind not in given:
                yield f"classes[{rules.id}].opinions: no office gives the opinion “{kind}”"


def _criteria(profile: Profile) -> Iterator[str]:
    if not profile.criteria:
        yield "criteria: there are none; say by what a proposal is judged"
    for one in profile.criteria:
        if one.weight < 1:
            yield f"criteria[{one.id}].weight: it counts at least once"


def _remedies(profile: Profile) -> Iterator[str]:
    if not profile.remedies:
        yield "remedies: there are none; say what somebody can do against a refusal"


def _next_steps(profile: Profile) -> Iterator[str]:
    if not profile.next_steps:
        yield "next_steps: there are none; say where somebody goes on whose observation was not answered"
    for one in profile.next_steps:
        if not (one.phone or one.mail or one.link or one.citation):
            yield f"next_steps[{one.id}]: say how: phone, mail, link, or the rule that gives the right"
