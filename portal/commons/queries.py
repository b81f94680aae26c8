"""Questions about shared things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from portal.commons.models import Commons

if TYPE_CHECKING:
    from portal.policy import Actor


def visible_to(_actor: Actor) -> Select[Commons]:
    """Select what the actor may see: every listed thing is public."""
    return select(Commons).where(Commons.withdrawn_at.is_(None))


def by_slug(slug: str) -> Select[Commons]:
    """Select one shared thing."""
    return select(Commons).where(Commons.slug == slug)
