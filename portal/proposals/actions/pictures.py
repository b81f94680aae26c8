"""The photos of a draft: added with a description and a licence, taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db
from portal.commons import licences
from portal.documents.released import release
from portal.errors import Invalid
from portal.proposals import queries
from portal.proposals.actions.drafting import may_fill
from portal.proposals.captions import (
    DESCRIBE,
    LONGEST_CREDIT,
    LONGEST_DESCRIPTION,
    LONGEST_LICENCE,
    USUAL_LICENCE,
)
from portal.proposals.fitting import fits
from portal.proposals.models import MOST_PHOTOS, ProposalPhoto
from portal.words import W

if TYPE_CHECKING:
    from portal.commons.photos import Picture
    from portal.documents.store import Store
    from portal.policy import Actor
    from portal.proposals.captions import Caption
    from portal.proposals.models import Proposal

ENOUGH = W("Six photos are enough. Remove one before you add another.")


def check_caption(caption: Caption) -> str:
    """Return the licence in its usual spelling; refuse with Invalid a picture without a description."""
    if not caption.alternative:
        raise Invalid(DESCRIBE, field="alternative")
    fits(caption.alternative, LONGEST_DESCRIPTION, field="alternative")
    fits(caption.credit, LONGEST_CREDIT, field="credit")
    found = licences.read(caption.licence)
    licence = found.expression if found else USUAL_LICENCE
    fits(licence, LONGEST_LICENCE, field="licence")
    return licence


def add_photo(
    proposal: Proposal, picture: Picture, caption: Caption, *, store: Store, by: Actor
) -> ProposalPhoto:
    """Add a picture that was drawn anew; refuses with Invalid a seventh one."""
    may_fill(proposal, by=by)
    licence = check_caption(caption)
    session = db.session()
    taken = {one.position for one in session.scalars(queries.photos_of(proposal.id))}
    free = next((number for number in range(1, MOST_PHOTOS + 1) if number not in taken), None)
    if free is None:
        raise Invalid(ENOUGH, field="photo")
    photo = ProposalPhoto(
        proposal_id=proposal.id,
        position=free,
        file_hash=store.put(picture.large),
        small_hash=store.put(picture.small),
        width=picture.width,
        height=picture.height,
        alternative=caption.alternative,
        language=proposal.language,
        licence=licence,
        credit=caption.credit,
        had_place=picture.had_place,
        added_at=clock.now(),
    )
    session.add(photo)
    proposal.saved_at = clock.now()
    # Two windows at once want the same place among the six: the index lets one have it.
    session.flush()
    return photo


def remove_photo(proposal: Proposal, photo_id: int, *, by: Actor) -> None:
    """Take a picture away; one that is gone already stays gone."""
    may_fill(proposal, by=by)
    found = db.session().scalar(queries.photo_of(proposal.id, photo_id))
    if found is not None:
        release((found.file_hash, found.small_hash))
        db.session().delete(found)
        proposal.saved_at = clock.now()
