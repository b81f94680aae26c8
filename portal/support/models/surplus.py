"""What groups declare of a year's surplus, and what of it arrived in the commons fund."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, keep_append_only
from portal.policy import Rel

if TYPE_CHECKING:
    from portal.policy import Actor

COMMONS_FUND = "commons-fund"
"""How the fund into which surplus goes back is called in addresses, every year."""
# In these words in an index and in its statement, so that the databases see it is the same.
IS_CURRENT = text("is_current")


class Surplus(Base):
    """What a group says of one year: how much was left, and how much of it goes to the commons fund.

    A correction is a new row with the next number; the one before is current no more. `arrived_cents` moves
    only by one conditional UPDATE; the CHECK backs it.
    """

    __tablename__ = "surplus"
    __table_args__ = (
        CheckConstraint("surplus_cents > 0", name="positive"),
        CheckConstraint("transferred_cents BETWEEN 0 AND surplus_cents", name="a_part_of_it"),
        CheckConstraint("arrived_cents BETWEEN 0 AND transferred_cents", name="never_more_than_promised"),
        CheckConstraint("basis <> ''", name="says_on_what_basis"),
        CheckConstraint("number = 1 OR why <> ''", name="corrected_says_why"),
        UniqueConstraint("organisation_id", "year", "number"),
        Index(
            "ix_surplus_current",
            "organisation_id",
            "year",
            unique=True,
            sqlite_where=IS_CURRENT,
            postgresql_where=IS_CURRENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    number: Mapped[int]
    surplus_cents: Mapped[int]
    transferred_cents: Mapped[int]
    # The accounts it rests on, and the clause that binds the group to it: both public.
    basis: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(300), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    is_current: Mapped[bool] = mapped_column(default=True)
    arrived_cents: Mapped[int] = mapped_column(default=0)
    declared_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))

    @property
    def retained_cents(self) -> int:
        """Return what the group keeps for its own work."""
        return self.surplus_cents - self.transferred_cents

    @property
    def rest_cents(self) -> int:
        """Return what is still to arrive."""
        return self.transferred_cents - self.arrived_cents

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return whether the actor belongs to the group."""
        return frozenset({Rel.OWN_ORGANISATION} if self.organisation_id in actor.organisations else ())


class SurplusArrival(Base):
    """Money of a surplus that arrived: one row of the bank, one row of the fund's ledger. Never changed.

    A row of the bank that was entered for the wrong group is entered once more with the next number; what it
    replaces stands no more. The indexes decide of two who enter or replace the same one.
    """

    __tablename__ = "surplus_arrival"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="positive"),
        CheckConstraint("bank_reference <> ''", name="names_the_bank_row"),
        CheckConstraint("(number = 1) = (replaces_id IS NULL)", name="later_replaces_one"),
        CheckConstraint("(number = 1) = (first_entry_id IS NULL)", name="later_keeps_its_place"),
        UniqueConstraint("bank_reference", "number"),
        UniqueConstraint("replaces_id"),
        UniqueConstraint("entry_id"),
        Index("ix_surplus_arrival_surplus", "surplus_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    surplus_id: Mapped[int] = mapped_column(ForeignKey("surplus.id"))
    amount_cents: Mapped[int]
    arrived_on: Mapped[date]
    bank_reference: Mapped[str] = mapped_column(String(80))
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("surplus_arrival.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("pool_entry.id"))
    # Where the row of the bank was entered at first: there this money stands in the order of its use.
    first_entry_id: Mapped[int | None] = mapped_column(ForeignKey("pool_entry.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


keep_append_only("surplus_arrival", because="the ledger is append-only")
