"""An organisation and the people who belong to it, with the dates between which they do."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned


class Kind(StrEnum):
    """What an organisation is; a party to a pact need not be a legal person."""

    INFORMAL_GROUP = "informal_group"
    ASSOCIATION = "association"
    THIRD_SECTOR = "third_sector_body"
    COOPERATIVE = "cooperative"
    COMPANY = "company"
    SCHOOL = "school"
    PUBLIC_BODY = "public_body"


class Organisation(Versioned, Base):
    """Several people under one name."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(30))
    founded_at: Mapped[datetime]
    members: Mapped[list[Membership]] = relationship(lazy="raise", back_populates="organisation")


class Membership(Base):
    """A person belongs to an organisation, and may speak for it, between two instants."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > starts_at", name="ends_after_start"),
        Index("ix_membership_person", "person_id"),
        Index("ix_membership_organisation", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    speaks_for_it: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    until: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise", back_populates="members")
