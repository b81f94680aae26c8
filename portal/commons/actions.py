"""List a shared thing, so that pacts, the map and the public can point at it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, crypto, db, policy
from portal.commons.models import Commons
from portal.policy import Can
from portal.record import Did, record

if TYPE_CHECKING:
    from portal.policy import Actor


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known of a shared thing; coordinates in millionths of a degree (WGS84), both or neither."""

    kind: str
    title: str
    address: str = ""
    district: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    repository: str = ""
    licence: str = ""
    about: str = ""


def list_it(listing: Listing, *, by: Actor) -> Commons:
    """Enter a shared thing under an address of its own; done when a proposal about it is accepted."""
    policy.check(by, Can.CASE_ACCEPT)
    commons = Commons(
        slug=_free_slug(listing.title),
        kind=listing.kind,
        title=listing.title,
        address=listing.address,
        district=listing.district,
        latitude_e6=listing.latitude_e6,
        longitude_e6=listing.longitude_e6,
        repository=listing.repository,
        licence=listing.licence,
        about=listing.about,
        listed_at=clock.now(),
    )
    db.session().add(commons)
    db.session().flush()
    record(Did.COMMONS_LISTED, f"commons:{commons.slug}", by=by, kind=commons.kind, district=commons.district)
    return commons


def slug_of(title: str) -> str:
    """Return the title as it stands in an address: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "commons"


def _free_slug(title: str) -> str:
    slug = slug_of(title)
    taken = db.session().scalar(select(Commons.id).where(Commons.slug == slug))
    return slug if taken is None else f"{slug}-{crypto.new_code(6).lower()}"
