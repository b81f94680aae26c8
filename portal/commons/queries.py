"""Questions about shared things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select, true

from portal.commons.models import Commons, Kind, Photo

if TYPE_CHECKING:
    from collections.abc import Collection

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


def page(
    *, kind: str, district: str, before: int, limit: int, slugs: Collection[str] | None = None
) -> Select[Commons, Photo]:
    """Select listed things, each with its first picture, the newest first.

    "" and None are any; the page begins below the id `before`.
    """
    return (
        select(Commons, Photo)
        .outerjoin(Photo, (Photo.commons_id == Commons.id) & (Photo.position == 1))
        .where(Commons.withdrawn_at.is_(None))
        .where(Commons.kind == kind if kind else true())
        .where(Commons.district == district if district else true())
        .where(Commons.id < before if before else true())
        .where(true() if slugs is None else Commons.slug.in_(slugs))
        .order_by(Commons.id.desc())
        .limit(limit)
    )


def free_places(taken: Select[int], *, limit: int) -> Select[Commons]:
    """Select the listed places that nobody looks after now, by name; `taken` selects the other ids."""
    return (
        select(Commons)
        .where(Commons.withdrawn_at.is_(None), Commons.kind == Kind.PLACE.value)
        .where(Commons.id.not_in(taken))
        .order_by(Commons.title, Commons.id)
        .limit(limit)
    )


def photos(commons_id: int) -> Select[Photo]:
    """Select the pictures of a shared thing in their order."""
    return select(Photo).where(Photo.commons_id == commons_id).order_by(Photo.position)


def public_photo(photo_id: int) -> Select[Photo]:
    """Select a picture of a thing that is listed still."""
    listed = Commons.withdrawn_at.is_(None)
    return select(Photo).join(Commons, Commons.id == Photo.commons_id).where(Photo.id == photo_id, listed)
