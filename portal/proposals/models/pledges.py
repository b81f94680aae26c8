"""What people pledge to a project of a call, what arrived of it, and what the city adds: a ledger."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, keep_append_only

# In these words in an index and in its statement, so that the databases see it is the same.
HAS_ADDRESS = text("email <> ''")


class Backer(Base):
    """Whoever pledged to one project; a name and an address are there only where they were given."""

    __tablename__ = "backer"
    __table_args__ = (
        # One person is one backer of a project, whoever enters it: a limit for each person counts on it.
        Index(
            "ix_backer_address",
            "proposal_id",
            "email",
            unique=True,
            sqlite_where=HAS_ADDRESS,
            postgresql_where=HAS_ADDRESS,
        ),
        Index("ix_backer_email", "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    name: Mapped[str] = mapped_column(
        String(120), default="", info={"personal": "whoever pledged; public only with is_named"}
    )
    email: Mapped[str] = mapped_column(
        String(254), default="", info={"personal": "tells one person from another; never public"}
    )
    is_named: Mapped[bool] = mapped_column(default=False)


class Pledge(Base):
    """One pledge, or the counter row that takes one back. Never changed."""

    __tablename__ = "pledge"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="positive"),
        CheckConstraint("source IN ('hand', 'platform')", name="known_source"),
        CheckConstraint("reference <> ''", name="has_a_reference"),
        UniqueConstraint("proposal_id", "reference"),
        UniqueConstraint("withdraws_id"),
        Index("ix_pledge_call", "call_id", "id"),
        Index("ix_pledge_proposal", "proposal_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    backer_id: Mapped[int] = mapped_column(ForeignKey("backer.id"))
    amount_cents: Mapped[int]
    pledged_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str] = mapped_column(String(100))
    evidence: Mapped[str] = mapped_column(String(300), default="")
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("pledge.id"))
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))


class PledgeCheck(Base):
    """What the city saw arrive of a pledge; a correction is a row with the next number. Never changed."""

    __tablename__ = "pledge_check"
    __table_args__ = (
        CheckConstraint("received_cents >= 0", name="not_negative"),
        CheckConstraint("evidence <> ''", name="says_what_shows_it"),
        UniqueConstraint("pledge_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    number: Mapped[int]
    received_cents: Mapped[int]
    received_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(300))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class MatchAward(Base):
    """What the city adds to one project once the call is settled. Never changed."""

    __tablename__ = "match_award"
    __table_args__ = (
        CheckConstraint("cents >= 0 AND counted_cents >= 0 AND raised_cents >= counted_cents", name="sound"),
        Index("ix_match_award_call", "call_id"),
        UniqueConstraint("proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    raised_cents: Mapped[int]
    counted_cents: Mapped[int]
    cents: Mapped[int]
    met_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]


keep_append_only("pledge", "pledge_check", "match_award", because="the ledger is append-only")
