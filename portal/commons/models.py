"""A shared thing: a place, a piece of software or a data set."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Text
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
