"""A call: what it invites to, who may answer, from when to when, and what the city adds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base, Versioned
from portal.policy import Actor, Rel

DATED = "opens_at IS NOT NULL AND closes_at IS NOT NULL AND published_at IS NOT NULL"
MATCHED = "match_ratio_bp > 0 AND match_cap_cents > 0"


class Call(Versioned, Base):
    """A public notice; `title`, `summary` and `terms` hold the words by language."""

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'decided', 'cancelled')", name="known_state"),
        CheckConstraint("track IN ('ordinary', 'matchfunding', 'incubation')", name="known_track"),
        CheckConstraint(f"state NOT IN ('published', 'decided') OR ({DATED})", name="published_is_dated"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint(
            "state NOT IN ('published', 'decided') OR published_by_id IS NOT NULL", name="published_by_one"
        ),
        CheckConstraint("published_by_id <> drafted_by_id", name="two_persons"),
        CheckConstraint(f"track <> 'matchfunding' OR ({MATCHED})", name="matchfunding_has_terms"),
        CheckConstraint(
            "state <> 'decided' OR (ended_at IS NOT NULL AND reason <> '')", name="decided_says_why"
        ),
        CheckConstraint(
            "state <> 'cancelled' OR (ended_at IS NOT NULL AND reason <> '')", name="cancelled_says_why"
        ),
        CheckConstraint(
            "budget_cents >= 0 AND match_ratio_bp >= 0 AND match_cap_cents >= 0"
            " AND match_threshold_cents >= 0",
            name="not_negative",
        ),
        CheckConstraint("match_order IN ('first_come', 'proportional')", name="known_order"),
        # Whatever happens at once: never more is added than the pot holds.
        CheckConstraint("earmarked_cents >= 0 AND earmarked_cents <= budget_cents", name="within_the_pot"),
        CheckConstraint("given_back_cents >= 0", name="no_less_than_nothing_back"),
        CheckConstraint("settled_at IS NULL OR settled_by_id IS NOT NULL", name="settled_by_one"),
        Index("ix_call_closes", "closes_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    track: Mapped[str] = mapped_column(String(12), default="ordinary")
    title: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    summary: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    terms: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Empty lists take everything.
    themes: Mapped[list[str]] = mapped_column(JSON, default=list)
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    zones: Mapped[list[str]] = mapped_column(JSON, default=list)
    leads: Mapped[list[str]] = mapped_column(JSON, default=list)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pool.id"))
    budget_cents: Mapped[int] = mapped_column(default=0)
    match_ratio_bp: Mapped[int] = mapped_column(default=0)
    match_cap_cents: Mapped[int] = mapped_column(default=0)
    match_threshold_cents: Mapped[int] = mapped_column(default=0)
    # What one person gave counts up to this; 0 is no limit.
    match_person_cents: Mapped[int] = mapped_column(default=0)
    match_order: Mapped[str] = mapped_column(String(12), default="first_come")
    # Moves with every pledge and check, and no more once the call is settled: whoever moves it waits in line.
    pledge_moves: Mapped[int] = mapped_column(default=0)
    earmarked_cents: Mapped[int] = mapped_column(default=0)
    # Where what was settled began to wait for the projects, and how much of it went back to the fund. It may
    # have gone on since in the pool of a later year that is kept for this call.
    match_pool_id: Mapped[int | None] = mapped_column(ForeignKey("pool.id"))
    given_back_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The decision of the city behind the notice, as it can be found in its register.
    source: Mapped[str] = mapped_column(String(200), default="")
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"call:{self.ref}"

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this call."""
        is_drafter = actor.person_id is not None and actor.person_id == self.drafted_by_id
        return frozenset({Rel.DRAFTED} if is_drafter else ())
