"""What the city offers two groups: to go on as one proposal; both say yes, or nothing changes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Versioned

# In these words in an index and in its statement, so that the databases see it is the same.
IS_OFFERED = text("state = 'offered'")


class MergeOffer(Versioned, Base):
    """One proposal may become a part of another: which, why, until when, and which of the two said yes."""

    __tablename__ = "merge_offer"
    __table_args__ = (
        CheckConstraint("proposal_id <> into_id", name="two_of_them"),
        CheckConstraint("reason <> ''", name="says_why"),
        CheckConstraint("state IN ('offered', 'merged', 'declined', 'lapsed')", name="known_state"),
        CheckConstraint("(state = 'offered') = (closed_at IS NULL)", name="closed_has_an_instant"),
        CheckConstraint(
            "state <> 'merged' OR (joining_agreed_at IS NOT NULL AND receiving_agreed_at IS NOT NULL)",
            name="both_said_yes",
        ),
        # Two officers at once: one of them offers it.
        Index(
            "ix_merge_offer_open",
            "proposal_id",
            unique=True,
            sqlite_where=IS_OFFERED,
            postgresql_where=IS_OFFERED,
        ),
        Index("ix_merge_offer_proposal", "proposal_id", "id"),
        Index("ix_merge_offer_into", "into_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    into_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10), default="offered")
    # Between the city and the two groups until both said yes; from then on everybody reads it.
    reason: Mapped[str] = mapped_column(Text)
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer_due_on: Mapped[date]
    joining_agreed_at: Mapped[datetime | None]
    receiving_agreed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
