"""Where a place is, as it is typed: an address, a listed place, a point, an outline, or nowhere fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.proposals import outlines
from portal.proposals.answers import degrees
from portal.proposals.forms import fields
from portal.proposals.forms.fields import DegreeField
from portal.proposals.forms.page import QuestionForm
from portal.proposals.shapes import Where
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.city import Profile
    from portal.commons.models import Commons
    from portal.proposals.models import Proposal


class PlaceForm(QuestionForm):
    """Where a place is."""

    address = fields.line(W("Address or name of the place"), 200)
    district = fields.pick(W("District"), [("", W("I do not know"))])
    latitude = DegreeField(W("Latitude"), filters=[fields.one_line])
    longitude = DegreeField(W("Longitude"), filters=[fields.one_line], most=180)
    picked = fields.pick(W("A public place that nobody looks after yet"), [])
    nowhere = fields.several(
        W("Or is it everywhere?"), [("yes", W("No fixed place: it moves, or is everywhere"))]
    )

    def offer(self, profile: Profile, places: Sequence[Commons]) -> None:
        """Offer the districts of the city, and the listed places that are free."""
        listed = [(one.slug, f"{one.title}, {one.address}" if one.address else one.title) for one in places]
        self.picked.choices = fields.options([("", W("None of these")), *listed])
        self.picked.validators = [fields.OneOf({one.slug for one in places})]
        named = [(one.id, one.name) for one in profile.districts]
        self.district.choices = fields.options([("", W("I do not know")), *named])
        self.district.validators = [fields.OneOf({one.id for one in profile.districts})]

    def still_missing(self) -> list[tuple[str, W]]:
        told = self.address.data or self.district.data or self.latitude.data
        if told or self.picked.data or self.nowhere.data:
            return []
        return [("address", W("Enter an address, choose a district, or give the point on the map"))]

    def answer(self) -> Where:
        return Where(
            address=self.address.data,
            district=self.district.data or "",
            latitude_e6=self.latitude.value,
            longitude_e6=self.longitude.value,
            has_no_place=bool(self.nowhere.data),
            commons_slug=self.picked.data or None,
        )


class OutlineForm(QuestionForm):
    """The outline of a place, as it was pasted."""

    outline = fields.text(W("The corners of the place"), outlines.LONGEST)


def typed_place(proposal: Proposal) -> dict[str, Any]:
    """Return a place as it is typed."""
    return {
        "address": proposal.address,
        "district": proposal.district,
        "latitude": "" if proposal.latitude_e6 is None else degrees(proposal.latitude_e6),
        "longitude": "" if proposal.longitude_e6 is None else degrees(proposal.longitude_e6),
        "picked": proposal.commons_slug or "",
        "nowhere": ["yes"] if proposal.has_no_place else [],
    }
