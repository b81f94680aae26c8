"""A decision on a proposal that is prepared and kept back until its moment, or until somebody releases it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base, Versioned

# In these words in an index and in its statement, so that the databases see it is the same.
IS_HELD = text("state = 'held'")


class HeldDecision(Versioned, Base):
    """What an officer will decide, for staff alone; without a moment it waits to be released by hand.

    `stopped_at` and `stopped_why` say why it was not published at its moment; a moot one was overtaken,
    because the case was decided or taken back in another way.
    """

    __tablename__ = "held_decision"
    __table_args__ = (
        CheckConstraint("state IN ('held', 'published', 'withdrawn', 'moot')", name="known_state"),
        CheckConstraint(
            "reason <> '' AND ((outcome = 'accept' AND pact_class <> '' AND source = '')"
            " OR (outcome = 'refuse' AND source <> '' AND pact_class = ''))",
            name="says_what_and_why",
        ),
        CheckConstraint("(state = 'held') = (ended_at IS NULL)", name="ended_says_when"),
        # A person withdraws; what is overtaken ends by itself.
        CheckConstraint(
            "(state IN ('held', 'moot')) = (ended_by_id IS NULL)", name="published_or_withdrawn_by_one"
        ),
        CheckConstraint("(stopped_at IS NULL) = (stopped_why IS NULL)", name="stopped_says_why"),
        Index(
            "ux_held_decision_proposal",
            "proposal_id",
            unique=True,
            sqlite_where=IS_HELD,
            postgresql_where=IS_HELD,
        ),
        Index("ix_held_decision_due", "publish_at", sqlite_where=IS_HELD, postgresql_where=IS_HELD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10), default="held")
    outcome: Mapped[str] = mapped_column(String(6))
    reason: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(200), default="")
    pact_class: Mapped[str] = mapped_column(String(40), default="")
    publish_at: Mapped[datetime | None]
    # Whoever changed it last has prepared it, and decides when it is published.
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_why: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
