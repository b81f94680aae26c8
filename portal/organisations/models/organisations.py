"""An organisation and the people who belong to it, with the dates between which they do."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned
from portal.policy import Actor, Rel

# In these words in the index and in its statement, so that the databases see it is the same.
STILL_IN = text("until IS NULL")


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
    """Several people under one name; what is public beside name and kind is said by the two flags."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("hidden_at IS NULL OR hidden_reason <> ''", name="hidden_has_a_reason"),
        Index("ix_organisation_list", "name", "id"),
        Index("ix_organisation_list_kind", "kind", "name", "id"),
        Index("ix_organisation_tax_id", "tax_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(30))
    founded_at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(String(400), default="", server_default="")
    # The name without accents, capitals and marks: two that sound alike are shown to the city's desk.
    plain_name: Mapped[str] = mapped_column(String(160), default="", server_default="")
    tax_id: Mapped[str] = mapped_column(String(20), default="", server_default="")
    register_number: Mapped[str] = mapped_column(String(60), default="", server_default="")
    website: Mapped[str] = mapped_column(String(300), default="", server_default="")
    seat: Mapped[str] = mapped_column(
        String(200),
        default="",
        server_default="",
        info={"personal": "an informal group often meets at somebody's home; public only where chosen"},
    )
    is_seat_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    contact_email: Mapped[str] = mapped_column(
        String(254),
        default="",
        server_default="",
        info={"personal": "may be a person's address; public only where chosen"},
    )
    contact_phone: Mapped[str] = mapped_column(
        String(40),
        default="",
        server_default="",
        info={"personal": "may be a person's number; public only where chosen"},
    )
    is_contact_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # Entered by an official for somebody; a colleague then checks who represents it.
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    members: Mapped[list[Membership]] = relationship(lazy="raise", back_populates="organisation")

    @property
    def key(self) -> str:
        """Return the subject key, which is also what stands in the record as "on whose behalf"."""
        return f"organisation:{self.slug}"

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this organisation."""
        found = set()
        if self.id in actor.organisations:
            found |= {Rel.MEMBER, Rel.OWN_ORGANISATION}
        if self.id in actor.speaks_for:
            found.add(Rel.SPEAKER)
        if actor.person_id is not None and actor.person_id == self.entered_by_id:
            found.add(Rel.ENTERED)
        return frozenset(found)


class Membership(Base):
    """A person belongs to an organisation, and may speak for it, between two instants."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > starts_at", name="ends_after_start"),
        Index("ix_membership_person", "person_id"),
        Index("ix_membership_organisation", "organisation_id"),
        # Two invitations accepted at the same moment make one member.
        Index(
            "uq_membership_once",
            "organisation_id",
            "person_id",
            unique=True,
            sqlite_where=STILL_IN,
            postgresql_where=STILL_IN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    speaks_for_it: Mapped[bool] = mapped_column(default=False)
    # Chosen by the member alone: nobody is named in public by others.
    is_named: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    starts_at: Mapped[datetime]
    until: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise", back_populates="members")

    def is_valid(self, at: datetime) -> bool:
        """Say whether the person belongs to it at this instant."""
        return self.starts_at <= at and (self.until is None or at < self.until)


class Check(Base):
    """The city looked at what shows who represents an organisation: until when that holds, and by whom."""

    __tablename__ = "organisation_check"
    __table_args__ = (
        CheckConstraint("holds_until > checked_at", name="ends_after_start"),
        CheckConstraint("source <> ''", name="names_its_source"),
        Index("ix_organisation_check_organisation", "organisation_id", "id"),
        Index("ix_organisation_check_until", "holds_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"))
    # What was looked at: an extract of a register, minutes, a deed. It may name people.
    source: Mapped[str] = mapped_column(Text, info={"personal": "what shows who represents the organisation"})
    checked_at: Mapped[datetime]
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    holds_until: Mapped[datetime]
