"""A mandate: an organisation authorises a person to bind it, for what, how long, and who decided it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base

if TYPE_CHECKING:
    from portal.organisations.models.organisations import Organisation


class Scope(StrEnum):
    """For what a person may bind the organisation."""

    LEGAL_REPRESENTATIVE = "legal_representative"  # by statute or register; for everything
    EVERYTHING = "everything"  # by a decision; for everything
    CASE = "case"  # one proposal or pact, named by its code


class Mandate(Base):
    """A person may bind an organisation between two instants, unless the mandate was ended before."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > starts_at", name="ends_after_start"),
        CheckConstraint("scope IN ('legal_representative', 'everything', 'case')", name="known_scope"),
        CheckConstraint("(scope = 'case') = (subject <> '')", name="case_names_its_subject"),
        # Who is in the register today may not be next year: the proof of it runs out.
        CheckConstraint(
            "scope <> 'legal_representative' OR until IS NOT NULL", name="representative_has_end"
        ),
        CheckConstraint("decided_by <> ''", name="somebody_decided"),
        CheckConstraint("file_hash = '' OR media_type <> ''", name="document_has_a_kind"),
        Index("ix_mandate_person", "person_id"),
        Index("ix_mandate_organisation", "organisation_id", "id"),
        Index("ix_mandate_until", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[str] = mapped_column(String(24))
    # The subject key of the one case, like "pact:BO-2026-041".
    subject: Mapped[str] = mapped_column(String(80), default="")
    purpose: Mapped[str] = mapped_column(
        String(300), default="", info={"personal": "free words on a mandate"}
    )
    starts_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    given_at: Mapped[datetime]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[str] = mapped_column(
        String(300), info={"personal": "who decided on the mandate, and where that is written"}
    )
    file_hash: Mapped[str] = mapped_column(
        String(64), default="", info={"personal": "a document that shows the mandate"}
    )
    media_type: Mapped[str] = mapped_column(String(60), default="")
    byte_size: Mapped[int] = mapped_column(default=0)
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    def is_valid(self, at: datetime) -> bool:
        """Say whether the mandate holds at this instant; its SQL twin is queries.mandates.valid."""
        begun = self.starts_at <= at
        over = (self.until is not None and at >= self.until) or (
            self.ended_at is not None and at >= self.ended_at
        )
        return begun and not over
