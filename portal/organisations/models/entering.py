"""Somebody asks to belong to an organisation, and one who speaks for it answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

IS_OPEN = text("outcome = ''")


class MembershipRequest(Base):
    """A request to belong to an organisation; one open at a time for each person."""

    __tablename__ = "membership_request"
    __table_args__ = (
        CheckConstraint("outcome IN ('', 'accepted', 'declined', 'taken_back')", name="known_outcome"),
        CheckConstraint("(outcome = '') = (answered_at IS NULL)", name="outcome_has_an_instant"),
        Index("ix_membership_request_person", "person_id"),
        Index(
            "uq_membership_request_open",
            "organisation_id",
            "person_id",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    message: Mapped[str] = mapped_column(
        String(600), default="", info={"personal": "why somebody would like to belong to a group"}
    )
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(12), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
