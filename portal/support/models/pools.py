"""Pools of support per year, kind and measure, and what a second person is asked to change in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned
from portal.policy import Actor, Rel
from portal.support.ledger import UNITS, Kind

KINDS = ", ".join(f"'{kind.value}'" for kind in Kind)


class Pool(Base):
    """What the city can give of one kind in one year, in one measure (cents, vCPU, hours, pieces).

    Further measures of the same pool (a server's memory, storage, traffic) are rows that name their `head`.
    The figures change only by one conditional UPDATE; the CHECKs back it. A closed pool never moves again.
    """

    __tablename__ = "pool"
    __table_args__ = (
        UniqueConstraint("year", "slug"),
        CheckConstraint(f"kind IN ({KINDS})", name="known_kind"),
        CheckConstraint("capacity >= 0 AND reserved >= 0 AND committed >= 0", name="not_negative"),
        CheckConstraint("delivered >= 0 AND delivered <= committed", name="delivered_within_committed"),
        CheckConstraint("reserved + committed <= capacity", name="never_beyond_capacity"),
        CheckConstraint(
            "closed_at IS NULL OR (reserved = 0 AND committed = delivered AND capacity = delivered)",
            name="closed_has_settled",
        ),
        Index("ix_pool_head", "head_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    office: Mapped[str] = mapped_column(String(60), default="")
    unit: Mapped[str] = mapped_column(String(10))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("pool.id"))
    capacity: Mapped[int]
    reserved: Mapped[int] = mapped_column(default=0)
    committed: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    # What it is set aside for, by its subject key: then only whom it has a share for draws on it.
    kept_for: Mapped[str] = mapped_column(String(60), default="", server_default="")

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"pool:{self.year}:{self.slug}"

    @property
    def title(self) -> str:
        """Return the name with its year."""
        return f"{self.name} {self.year}"

    @property
    def left(self) -> int:
        """Return what can still be promised."""
        return self.capacity - self.reserved - self.committed

    @property
    def is_head(self) -> bool:
        """Say whether this is a pool and not a further measure of one."""
        return self.head_id is None

    def leads(self, unit: str) -> bool:
        """Say whether this row measures what is counted in the unit; it then carries the worth."""
        return self.unit == unit

    @property
    def has_parts(self) -> bool:
        """Say whether pools of this kind have further measures."""
        return self.is_head and len(UNITS[Kind(self.kind)]) > 1


class PoolShare(Base):
    """What one case may draw of a pool that is set aside; whoever has no share draws nothing."""

    __tablename__ = "pool_share"
    __table_args__ = (CheckConstraint("amount > 0", name="positive"), Index("ix_pool_share_case", "case_key"))

    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    case_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    amount: Mapped[int]


class PoolRequest(Versioned, Base):
    """What somebody asked to change in a pool, why, and who else said yes or no.

    `facts` holds what the change needs beside its amount (a pool to be opened, the other measures).
    """

    __tablename__ = "pool_request"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="not_negative"),
        CheckConstraint("reason <> ''", name="says_why"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="two_persons"),
        CheckConstraint(
            "state NOT IN ('approved', 'refused') OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name="decided_has_evidence",
        ),
        CheckConstraint("state <> 'refused' OR answer <> ''", name="refused_says_why"),
        Index("ix_pool_request_state", "state", "id"),
        Index("ix_pool_request_pool", "pool_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change: Mapped[str] = mapped_column(String(20))
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pool.id"))
    other_pool_id: Mapped[int | None] = mapped_column(ForeignKey("pool.id"))
    amount: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON(none_as_null=True), default=dict)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    until: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    pool: Mapped[Pool | None] = relationship(lazy="raise", foreign_keys=[pool_id])
    other_pool: Mapped[Pool | None] = relationship(lazy="raise", foreign_keys=[other_pool_id])

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this request."""
        is_own = actor.person_id is not None and actor.person_id == self.asked_by_id
        return frozenset({Rel.ASKED} if is_own else ())

    def is_open(self, at: datetime) -> bool:
        """Say whether somebody may still answer; unanswered requests lapse by themselves."""
        return self.state == "waiting" and at < self.until
