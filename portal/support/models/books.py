"""The books of the pools: the append-only ledger, its sums by day, and what each allocation holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, keep_append_only
from portal.support.ledger import OF_ALLOCATIONS, OF_TWO_POOLS, Movement
from portal.support.models.pools import Pool

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.support.models.allocations import Allocation


def _listed(movements: Iterable[Movement]) -> str:
    return ", ".join(sorted(f"'{one.value}'" for one in movements))


class PoolEntry(Base):
    """One row of the ledger; the pool's figures equal the sums of its rows. Never changed.

    A correction is a new row of the same movement that names the row it corrects: its amount, above or below
    zero, is the difference to the right one. Money of a closed year is put right by rows of an open pool that
    name the closed one. Of the two rows of a transfer both name the other pool, and the
    second names the first.
    """

    __tablename__ = "pool_entry"
    __table_args__ = (
        CheckConstraint("amount > 0 OR (amount < 0 AND corrects_id IS NOT NULL)", name="positive"),
        CheckConstraint("corrects_id IS NULL OR reason <> ''", name="corrected_says_why"),
        CheckConstraint(
            f"movement NOT IN ({_listed(OF_ALLOCATIONS)}) OR allocation_id IS NOT NULL",
            name="movement_names_its_allocation",
        ),
        CheckConstraint(
            f"movement NOT IN ({_listed(OF_TWO_POOLS)}) OR other_pool_id IS NOT NULL",
            name="movement_names_the_other_pool",
        ),
        Index("ix_pool_entry_pool", "pool_id", "id"),
        Index("ix_pool_entry_at", "pool_id", "at", "id"),
        Index("ix_pool_entry_allocation", "allocation_id"),
        Index("ix_pool_entry_corrects", "corrects_id"),
        Index("ix_pool_entry_counterpart", "counterpart_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    allocation_id: Mapped[int | None] = mapped_column(ForeignKey("allocation.id"))
    movement: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int]
    value_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    other_pool_id: Mapped[int | None] = mapped_column(ForeignKey("pool.id"))
    counterpart_id: Mapped[int | None] = mapped_column(ForeignKey("pool_entry.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("pool_entry.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("pool_request.id"))
    allocation: Mapped[Allocation | None] = relationship(lazy="raise", viewonly=True)
    other_pool: Mapped[Pool | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[other_pool_id])

    @property
    def counts_in(self) -> int:
        """Return the pool of the year that it counts for, which only for money of a closed year is another.

        What arrived then and was entered again stands in an open pool, in a row that names the closed one.
        """
        is_named = self.movement == Movement.INCREASED and self.corrects_id is None
        return (self.other_pool_id if is_named else None) or self.pool_id


class PoolDay(Base):
    """What the rows of one pool, movement and day (the city's) add up to; written beside each row."""

    __tablename__ = "pool_day"

    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    movement: Mapped[str] = mapped_column(String(20), primary_key=True)
    amount: Mapped[int]
    entries: Mapped[int]


class Holding(Base):
    """What one allocation has of one pool; over all allocations they add up to the pool's figures.

    `begun_at` is the instant of its first row in the ledger, `district` the allocation's, and it `is_leading`
    where the pool measures what the allocation is counted in: repeated here so that lists of one day, fund or
    district read no row of another.
    """

    __tablename__ = "holding"
    __table_args__ = (
        UniqueConstraint("allocation_id", "pool_id"),
        CheckConstraint("reserved >= 0 AND committed >= 0", name="not_negative"),
        CheckConstraint("delivered >= 0 AND delivered <= committed", name="delivered_within_committed"),
        CheckConstraint("recovered >= 0 AND recovered <= delivered", name="recovered_within_delivered"),
        Index("ix_holding_pool", "pool_id", "is_leading", "district", "id"),
        Index("ix_holding_begun", "begun_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    reserved: Mapped[int] = mapped_column(default=0)
    committed: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    district: Mapped[str] = mapped_column(String(60), default="", server_default="")
    # What is older than this column is filled in as it comes: see migrations/fresh.py.
    begun_at: Mapped[datetime] = mapped_column(server_default="1970-01-01 00:00:00")
    # Of a server's measures one stands for all in lists, and its rows carry the worth.
    is_leading: Mapped[bool] = mapped_column(server_default=text("false"))
    # Of what a year gave that is closed by now: what came back and is counted in a later one.
    recovered: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def kept(self) -> int:
        """Return what was given and did not come back."""
        return self.delivered - self.recovered


keep_append_only("pool_entry", because="the ledger is append-only")
