"""The immutable versions of a pact's text, and the changes that either side suggests."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base, Versioned


class PactVersion(Base):
    """One text of a pact, as the canonical bytes that are hashed; never changed."""

    __tablename__ = "pact_version"
    __table_args__ = (UniqueConstraint("pact_id", "number"), Index("ix_pact_version_hash", "content_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    number: Mapped[int]
    canonical: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by_side: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")

    @property
    def text(self) -> dict[str, Any]:
        """Return the text as read from its canonical bytes."""
        read: dict[str, Any] = json.loads(self.canonical)
        return read


class Suggestion(Versioned, Base):
    """A change to one clause, suggested by one side; the other side accepts or declines it.

    `change` holds {"params": {...}} or {"text": {"it": ..., "en": ...}} or {"none_because": {...}}; with the
    clause id "terms" it holds {"terms": {...}}: dates, commitments, support and fences (see pacts/terms.py).
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        CheckConstraint("side IN ('community', 'city')", name="known_side"),
        CheckConstraint("state = 'open' OR answered_at IS NOT NULL", name="answered_has_an_instant"),
        Index("ix_suggestion_pact", "pact_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    clause_id: Mapped[str] = mapped_column(String(40))
    base_version: Mapped[int]
    side: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    comment: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    suggested_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    made_version: Mapped[int | None]
