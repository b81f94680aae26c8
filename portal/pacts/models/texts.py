"""The immutable versions of a pact's text, the changes that either side suggests, and what they say."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base, Versioned

# In these words in the index and in its statement, so that the databases see it is the same.
MADE_VOID = text("voided <> ''")


class PactVersion(Base):
    """One text of a pact, as the canonical bytes that are hashed; never changed.

    `changed` names the clauses that differ from the version before, `voided` the sides whose agreement it
    made void, with spaces between them.
    """

    __tablename__ = "pact_version"
    __table_args__ = (
        UniqueConstraint("pact_id", "number"),
        Index("ix_pact_version_hash", "content_hash"),
        # Beside the texts, which are large: what a room says of an agreement that is void.
        Index(
            "ix_pact_version_voided",
            "pact_id",
            "number",
            "voided",
            "made_by_side",
            sqlite_where=MADE_VOID,
            postgresql_where=MADE_VOID,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    number: Mapped[int]
    canonical: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by_side: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    changed: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    voided: Mapped[str] = mapped_column(String(20), default="", server_default="")

    @property
    def text(self) -> dict[str, Any]:
        """Return the text as read from its canonical bytes."""
        read: dict[str, Any] = json.loads(self.canonical)
        return read


class Suggestion(Versioned, Base):
    """A change to one clause, suggested by one side; the other side accepts, declines or counters it.

    `change` holds {"params": {...}} or {"text": {"it": ..., "en": ...}} or {"none_because": {...}}, or of a
    clause of the parties' own {"own": {...}} or {"removed": True}; with the clause id "terms" it holds
    {"terms": {...}}: dates, commitments, support and fences (see pacts/terms.py). `row_before` and
    `row_after` are the clause as it stood and as it would stand; None where there is none.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        CheckConstraint("side IN ('community', 'city')", name="known_side"),
        CheckConstraint("state = 'open' OR answered_at IS NOT NULL", name="answered_has_an_instant"),
        # What waits at each clause is counted from the index alone.
        Index("ix_suggestion_pact", "pact_id", "state", "clause_id", "side"),
        Index("ix_suggestion_clause", "pact_id", "clause_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    clause_id: Mapped[str] = mapped_column(String(40))
    base_version: Mapped[int]
    side: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The suggestion that this one answers with other words.
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("suggestion.id"))
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    row_before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    row_after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    comment: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    suggested_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    made_version: Mapped[int | None]


class PrescriptionAnswer(Versioned, Base):
    """How the text answers what an office prescribed: a version that meets it, or why it is not followed.

    `number` is its place among the prescriptions of the opinion, from 1.
    """

    __tablename__ = "prescription_answer"
    __table_args__ = (
        UniqueConstraint("opinion_id", "number"),
        CheckConstraint("answer IN ('met', 'not_followed')", name="known_answer"),
        CheckConstraint("(answer = 'met') = (version IS NOT NULL)", name="met_by_a_version"),
        CheckConstraint("(answer = 'not_followed') = (because <> '')", name="not_followed_says_why"),
        CheckConstraint("number >= 1", name="counts_from_one"),
        Index("ix_prescription_answer_pact", "pact_id"),
        Index("ix_prescription_answer_by", "answered_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    number: Mapped[int]
    answer: Mapped[str] = mapped_column(String(12))
    version: Mapped[int | None]
    because: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Remark(Base):
    """What one side says about a clause, or about a suggestion on it; it changes nothing in the text."""

    __tablename__ = "remark"
    __table_args__ = (
        CheckConstraint("side IN ('community', 'city')", name="known_side"),
        Index("ix_remark_clause", "pact_id", "clause_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    clause_id: Mapped[str] = mapped_column(String(40))
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("suggestion.id"))
    side: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
