"""A shared thing: a place, a piece of software or a data set, and its pictures."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Versioned


class Kind(StrEnum):
    """What is shared."""

    PLACE = "place"
    SOFTWARE = "software"
    DATA_SET = "data_set"


class Commons(Versioned, Base):
    """Something that people and the city look after together."""

    __tablename__ = "commons"
    __table_args__ = (
        CheckConstraint("kind IN ('place', 'software', 'data_set')", name="known_kind"),
        CheckConstraint("latitude_e6 BETWEEN -90000000 AND 90000000", name="latitude_on_earth"),
        CheckConstraint("longitude_e6 BETWEEN -180000000 AND 180000000", name="longitude_on_earth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(150))
    address: Mapped[str] = mapped_column(String(200), default="")
    district: Mapped[str] = mapped_column(String(60), default="")
    latitude_e6: Mapped[int | None]
    longitude_e6: Mapped[int | None]
    repository: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    listed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Photo(Base):
    """A picture of a shared thing, kept twice as WebP under the hashes of its bytes; sizes in points.

    `alternative` says in words what is to be seen, in `language`.
    """

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("commons_id", "position"),
        CheckConstraint("alternative <> ''", name="described"),
        CheckConstraint("width > 0 AND height > 0", name="has_a_size"),
        CheckConstraint("position > 0", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commons_id: Mapped[int] = mapped_column(ForeignKey("commons.id"))
    position: Mapped[int]
    file_hash: Mapped[str] = mapped_column(String(64))
    small_hash: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    alternative: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(5))
    credit: Mapped[str] = mapped_column(String(120), default="")
    licence: Mapped[str] = mapped_column(String(40), default="CC-BY-SA-4.0")
    added_at: Mapped[datetime]
