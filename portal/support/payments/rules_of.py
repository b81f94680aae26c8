"""The city's rules of paying for a promised sum: those of the day on which its pact was opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import city
from portal.words import W, current_language

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.city.paying import CostCategory, Paying
    from portal.city.shapes import Words
    from portal.support.models import Allocation


def profile_named(version_key: str) -> Profile:
    """Return the rules of a stored key: city, regulation and version."""
    name, _, version = version_key.split("/")
    return city.profile(name, version)


def profile_of(allocation: Allocation, present: Profile | None = None) -> Profile:
    """Return the rules under which the sum was promised; the present ones where nobody wrote down which."""
    if present is not None and not allocation.profile_version:
        return present
    return profile_named(allocation.profile_version)


def paying_of(allocation: Allocation) -> Paying:
    """Return the rules of paying under which the sum was promised."""
    return profile_of(allocation).paying


def advance_cap_bp(allocation: Allocation, present: Profile | None = None) -> int:
    """Return which part of the sum may be paid in advance, in basis points.

    Of a pact whose class nobody wrote down, no more than every class allows.
    """
    rules = profile_of(allocation, present)
    if not allocation.pact_class:
        return min(one.advance_cap_bp for one in rules.classes)
    return rules.pact_class(allocation.pact_class).advance_cap_bp


def is_sepa(allocation: Allocation) -> bool:
    """Say whether money goes out as a SEPA transfer."""
    return paying_of(allocation).means == "sepa"


@dataclass(frozen=True, slots=True)
class InWords:
    """A city's words; as text they are in the language being written, or in the city's first."""

    words: Words

    def __str__(self) -> str:
        return self.words.get(current_language()) or next(iter(self.words.values()))


def why_not_paid(allocation: Allocation, category: CostCategory) -> W:
    """Return why costs of this kind are not paid, with the rule that says so."""
    source = profile_of(allocation).citation(category.citation).words
    why = category.why or category.name
    return W("%(why)s The rule: %(source)s.", why=InWords(why), source=InWords(source))
