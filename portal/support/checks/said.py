"""The public words of the rules' answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.support.checks import queries
from portal.support.checks.rules import Fit
from portal.words import W, current_language

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.support.models import Allocation

FITS = {Fit.FITS: W("Fits"), Fit.LOOK: W("Needs a look"), Fit.UNFIT: W("Does not fit")}
TONES = {Fit.FITS: "green", Fit.LOOK: "ochre", Fit.UNFIT: "red"}

HOLDS = W("Publication holds the payment here: what must be published is not paid before it can be.")
HOLDS_NOT = W("Publication does not hold the payment here.")


def publication(profile: Profile | None) -> tuple[W, str] | None:
    """Return whether publication holds a payment by these rules, and the source that says so, in words.

    None where the rules are not known; no source where nothing is held.
    """
    if profile is None:
        return None
    holding = next((one for one in profile.support_checks if one.blocks_payment), None)
    if holding is None:
        return HOLDS_NOT, ""
    words = profile.citation(holding.citation).words
    return HOLDS, words.get(current_language()) or next(iter(words.values()))


def publication_of(row: Allocation) -> tuple[W, str] | None:
    """Return the same by the rules of one promise; None for what is not paid."""
    return publication(queries.rules_of(row)) if row.kind in queries.PAID else None
