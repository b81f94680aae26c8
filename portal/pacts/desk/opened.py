"""A case that is open on the desk, and one part of its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.pacts.models import Pact
    from portal.proposals.models import Proposal
    from portal.words import W


@dataclass(frozen=True)
class Opened:
    """The proposal, the pact that came of it, the rules it was made under, and a form that was refused."""

    proposal: Proposal
    pact: Pact | None
    profile: Profile
    form: Any = None


@dataclass(frozen=True)
class Part:
    """A part of the case page.

    `panel` returns what the template needs by name, or None where this case has nothing to show here. The
    template is a section whose heading has the id `anchor`. `place` is "top" (before everything, no heading
    of its own), "work" (what is to be done), "read" (what to read beside it) or "below" (across the page).
    """

    anchor: str
    title: W
    template: str
    panel: Callable[[Opened], dict[str, Any] | None]
    place: str = "work"
