"""What the city notes while it judges a proposal: statements of interest, scores, opinions, notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base, Versioned

# In these words in an index and in its statement, so that the databases see it is the same.
IS_ASKED = text("state = 'asked'")


class InterestStatement(Base):
    """Somebody who is to judge says whether they have a conflict of interest in this case."""

    __tablename__ = "interest_statement"
    __table_args__ = (
        UniqueConstraint("proposal_id", "person_id"),
        CheckConstraint("has_conflict = (which <> '')", name="a_conflict_is_named"),
        Index("ix_interest_statement_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    has_conflict: Mapped[bool]
    which: Mapped[str] = mapped_column(
        Text, default="", info={"personal": "how an official is tied to a case; never public"}
    )
    stated_at: Mapped[datetime]


class Assessment(Versioned, Base):
    """One version of the scores; a finished one stays as it is, and a change begins the next."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("proposal_id", "number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    number: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # By criterion: {"score": 0-4 or null, "reason": what everybody reads once the case is decided}.
    scores: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saved_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Opinion(Versioned, Base):
    """What an office says about a proposal: asked with a last day, then given, or gone on without."""

    __tablename__ = "opinion"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'given', 'passed_over')", name="known_state"),
        CheckConstraint("outcome IN ('', 'favourable', 'prescriptions', 'contrary')", name="known_outcome"),
        CheckConstraint(
            "(state = 'given') = (outcome <> '')"
            " AND (outcome = '' OR (reason <> '' AND given_at IS NOT NULL))",
            name="given_says_why",
        ),
        CheckConstraint("state <> 'passed_over' OR went_on_because <> ''", name="passed_over_says_why"),
        Index(
            "ux_opinion_asked",
            "proposal_id",
            "office",
            unique=True,
            sqlite_where=IS_ASKED,
            postgresql_where=IS_ASKED,
        ),
        Index("ix_opinion_state", "state", "due_on"),
        Index("ix_opinion_proposal", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    # An office of the profile with the kind of opinion it gives.
    office: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="asked")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(14), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    # Each as {"words": …, "clause": an id of the library or "", "language": …}; older rows hold fewer.
    prescriptions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    given_at: Mapped[datetime | None]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Why the city went on without it, or against it.
    went_on_because: Mapped[str] = mapped_column(Text, default="")
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    # Somebody outside answers through a link; it holds the secret, this row only its hash.
    address: Mapped[str] = mapped_column(
        String(254), default="", info={"personal": "to whom the link was sent; never public"}
    )
    answered_as: Mapped[str] = mapped_column(
        String(120), default="", info={"personal": "who wrote the opinion outside; never public"}
    )
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None]


class CaseNote(Base):
    """What an official writes beside a case for colleagues; the two sides never read it."""

    __tablename__ = "case_note"
    __table_args__ = (
        CheckConstraint("words <> ''", name="says_something"),
        Index("ix_case_note_proposal", "proposal_id", "id"),
        Index("ix_case_note_author", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text, info={"personal": "an official's own note; never public"})
    # The pseudonyms of the colleagues who are told.
    mentioned: Mapped[list[str]] = mapped_column(JSON, default=list)
    written_at: Mapped[datetime]


class Comparison(Base):
    """One of several proposals that were set side by side, with which one was preferred and why."""

    __tablename__ = "comparison"
    __table_args__ = (
        CheckConstraint("reason <> '' AND preferred <> ''", name="says_why"),
        Index("ix_comparison_proposal", "proposal_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    # The codes of all that were compared, and of the one that was preferred.
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    preferred: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    compared_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
