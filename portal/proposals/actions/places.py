"""Where a place is: a listed one that is picked, a point pressed on the map, an outline that is pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import city, clock
from portal.errors import Invalid
from portal.proposals import outlines
from portal.proposals.actions.drafting import MICRO, OUTSIDE, may_fill, write
from portal.proposals.profiles import profile_of
from portal.proposals.sections import Section

if TYPE_CHECKING:
    from portal.commons.models import Commons
    from portal.policy import Actor
    from portal.proposals.models import Proposal
    from portal.proposals.outlines import Corner


def pin(proposal: Proposal, latitude_e6: int, longitude_e6: int, *, by: Actor) -> None:
    """Put the pin on the map, in millionths of a degree; refuses with Invalid a point outside the city."""
    may_fill(proposal, by=by)
    found = city.district_at(
        profile_of(proposal), latitude=latitude_e6 / MICRO, longitude=longitude_e6 / MICRO
    )
    if found is None:
        raise Invalid(OUTSIDE, field="point")
    values = {"latitude_e6": latitude_e6, "longitude_e6": longitude_e6, "district": found.id}
    write(proposal, Section.WHERE, {**values, "has_no_place": False, "commons_slug": None})


def pick(proposal: Proposal, listed: Commons, *, by: Actor) -> None:
    """Take a listed place: its address, district and point."""
    may_fill(proposal, by=by)
    names = ("address", "district", "latitude_e6", "longitude_e6")
    values = {name: getattr(listed, name) for name in names}
    proposal.outline = None
    write(proposal, Section.WHERE, {**values, "has_no_place": False, "commons_slug": listed.slug})


def draw_outline(proposal: Proposal, text: str, *, by: Actor) -> None:
    """Keep the outline that was pasted, none for an empty text; refuses with Invalid what is no outline."""
    may_fill(proposal, by=by)
    profile = profile_of(proposal)

    def is_inside(corner: Corner) -> bool:
        return city.district_at(profile, latitude=corner[1] / MICRO, longitude=corner[0] / MICRO) is not None

    found = outlines.read(text, is_inside=is_inside) if text.strip() else None
    proposal.outline = [list(corner) for corner in found] if found else None
    proposal.saved_at = clock.now()
    if found and proposal.latitude_e6 is None:
        # Something to put on the map, and the district that the list filters by.
        pin(proposal, found[0][1], found[0][0], by=by)
