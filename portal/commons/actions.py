"""List a shared thing, so that pacts, the map and the public can point at it, and add pictures of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select

from portal import clock, crypto, db, policy, search
from portal.commons.findable import card_of
from portal.commons.models import Commons, Photo
from portal.commons.photos import cleaned
from portal.errors import Invalid
from portal.policy import Can
from portal.record import Did, record
from portal.words import W, home_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.documents.store import Store
    from portal.policy import Actor

LONGEST_DESCRIPTION, LONGEST_CREDIT = 300, 120
_DESCRIBE = W("Say in a sentence what is to be seen, for everybody who cannot see the picture.")
_SHORTER = W("This is too long. Say it in fewer words.")


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
    search.put(card_of(commons))
    return commons


@dataclass(frozen=True, slots=True)
class Described:
    """What is told of a picture: what is to be seen, in which language, and whose picture it is."""

    alternative: str
    language: str = field(default_factory=home_language)
    credit: str = ""
    licence: str = "CC-BY-SA-4.0"


def add_photo(commons: Commons, content: bytes, told: Described, *, store: Store, by: Actor) -> Photo:
    """Add a picture after the ones that are there, drawn anew without the camera's traces.

    Refuses with Invalid what is no picture or too large, and a picture without a description.
    """
    policy.check(by, Can.PHOTO_ADD)
    _check_described(told)
    # Worked out and stored before the first statement, so that it holds up no other writer.
    picture = cleaned(content)
    hashes = {"file_hash": store.put(picture.large), "small_hash": store.put(picture.small)}
    photo = Photo(
        commons_id=commons.id,
        position=_last_position(commons) + 1,
        width=picture.width,
        height=picture.height,
        alternative=told.alternative.strip(),
        language=told.language,
        credit=told.credit.strip(),
        licence=told.licence,
        added_at=clock.now(),
        **hashes,
    )
    db.session().add(photo)
    db.session().flush()
    record(Did.PHOTO_ADDED, f"commons:{commons.slug}", by=by, position=photo.position, **hashes)
    return photo


class Shown(Protocol):
    """A picture that is kept already, and what was told of it."""

    file_hash: str
    small_hash: str
    width: int
    height: int
    alternative: str
    language: str
    credit: str
    licence: str


def take_over(commons: Commons, pictures: Iterable[Shown], *, by: Actor) -> None:
    """Show the pictures of an accepted proposal with the shared thing, after the ones that are there."""
    policy.check(by, Can.PHOTO_ADD)
    last = _last_position(commons)
    for position, one in enumerate(pictures, start=last + 1):
        hashes = {"file_hash": one.file_hash, "small_hash": one.small_hash}
        told = {"alternative": one.alternative, "language": one.language, "credit": one.credit}
        size = {"width": one.width, "height": one.height, "licence": one.licence}
        more = {"position": position, "added_at": clock.now()}
        db.session().add(Photo(commons_id=commons.id, **more, **told, **size, **hashes))
        record(Did.PHOTO_ADDED, f"commons:{commons.slug}", by=by, position=position, **hashes)


def _last_position(commons: Commons) -> int:
    return db.session().scalar(select(func.max(Photo.position)).where(Photo.commons_id == commons.id)) or 0


def _check_described(told: Described) -> None:
    if not told.alternative.strip():
        raise Invalid(_DESCRIBE, field="alternative")
    if len(told.alternative.strip()) > LONGEST_DESCRIPTION:
        raise Invalid(_SHORTER, field="alternative")
    if len(told.credit.strip()) > LONGEST_CREDIT:
        raise Invalid(_SHORTER, field="credit")


def slug_of(title: str) -> str:
    """Return the title as it stands in an address: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "commons"


def _free_slug(title: str) -> str:
    slug = slug_of(title)
    taken = db.session().scalar(select(Commons.id).where(Commons.slug == slug))
    return slug if taken is None else f"{slug}-{crypto.new_code(6).lower()}"
