"""Questions about shared things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select, true

from portal.commons.models import Commons, Photo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.policy import Actor


def visible_to(_actor: Actor) -> Select[Commons]:
    """Select what the actor may see: every listed thing is public."""
    return select(Commons).where(Commons.withdrawn_at.is_(None))


def by_slug(slug: str) -> Select[Commons]:
    """Select one shared thing."""
    return select(Commons).where(Commons.slug == slug)


def listed(slug: str) -> Select[Commons]:
    """Select one shared thing, unless it was taken off the list."""
    return by_slug(slug).where(Commons.withdrawn_at.is_(None))


def page(*, kind: str, district: str, before: int, limit: int) -> Select[Commons]:
    """Select listed things, the newest first; "" is any, `before` the id below which the page begins."""
    return (
        select(Commons)
        .where(Commons.withdrawn_at.is_(None))
        .where(Commons.kind == kind if kind else true())
        .where(Commons.district == district if district else true())
        .where(Commons.id < before if before else true())
        .order_by(Commons.id.desc())
        .limit(limit)
    )


def photos(commons_id: int) -> Select[Photo]:
    """Select the pictures of a shared thing in their order."""
    return select(Photo).where(Photo.commons_id == commons_id).order_by(Photo.position)


def first_photos(commons_ids: Iterable[int]) -> Select[Photo]:
    """Select the first picture of each of these things."""
    return select(Photo).where(Photo.commons_id.in_(list(commons_ids)), Photo.position == 1)


def public_photo(photo_id: int) -> Select[Photo]:
    """Select a picture of a thing that is listed still."""
    listed = Commons.withdrawn_at.is_(None)
    return select(Photo).join(Commons, Commons.id == Photo.commons_id).where(Photo.id == photo_id, listed)
