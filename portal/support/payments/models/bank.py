"""Accounts, batches, payments, what came back, and the bank's files."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned
from portal.policy import Actor, Rel
from portal.support.payments.models.plans import Tranche, standing

_LIVE = text("state IN ('prepared', 'released')")
_CONFIRMED, _ASKED = text("state = 'confirmed'"), text("state = 'asked'")


class Payee(Versioned, Base):
    """The account to which a pact's money goes, sealed; entered by the group, confirmed by an official."""

    __tablename__ = "payee"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('confirmed', 'failed') "
            "OR (confirmed_at IS NOT NULL AND confirmed_by_id IS NOT NULL)",
            name="confirmed_has_evidence",
        ),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name="two_persons"),
        Index(
            "ix_payee_confirmed", "subject", unique=True, sqlite_where=_CONFIRMED, postgresql_where=_CONFIRMED
        ),
        Index("ix_payee_asked", "subject", unique=True, sqlite_where=_ASKED, postgresql_where=_ASKED),
        Index("ix_payee_subject", "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(60))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    party_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    holder: Mapped[str] = mapped_column(String(70), info={"personal": "names whoever is paid"})
    sealed_account: Mapped[str] = mapped_column(Text, info={"personal": "the account, sealed"})
    ending: Mapped[str] = mapped_column(String(4), info={"personal": "the last signs of the account"})
    state: Mapped[str] = mapped_column(String(10), default="asked")
    refused_reason: Mapped[str] = mapped_column(String(300), default="")
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this account."""
        found = standing(actor, self.subject, self.organisation_id, self.party_person_id)
        entered = actor.person_id is not None and actor.person_id == self.entered_by_id
        return found | {Rel.PROPOSED} if entered else found


class PaymentBatch(Versioned, Base):
    """Payments that go to the bank together; the file is sealed, in the row that says it was released.

    So there is no instant at which one is there without the other. `file_hash` is of the bytes the bank gets.
    """

    __tablename__ = "payment_batch"
    __table_args__ = (
        CheckConstraint(
            "state <> 'released' OR (file_hash <> '' AND sealed_file IS NOT NULL AND released_at IS NOT NULL "
            "AND released_by_id IS NOT NULL)",
            name="released_has_evidence",
        ),
        CheckConstraint("released_by_id IS NULL OR released_by_id <> prepared_by_id", name="two_persons"),
        CheckConstraint("total > 0 AND count > 0", name="not_empty"),
        Index("ix_payment_batch_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(35), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="prepared")
    means: Mapped[str] = mapped_column(String(5))
    currency: Mapped[str] = mapped_column(String(3))
    profile_version: Mapped[str] = mapped_column(String(60))
    execute_on: Mapped[date]
    total: Mapped[int]
    count: Mapped[int]
    prepared_at: Mapped[datetime]
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    sealed_file: Mapped[bytes | None] = mapped_column(
        LargeBinary, info={"personal": "names the accounts that are paid, sealed"}, deferred=True
    )
    payments: Mapped[list[Payment]] = relationship(
        lazy="raise", order_by="Payment.id", back_populates="batch"
    )

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"batch:{self.id}"

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to these payments; they, their parts and plans must be loaded."""
        found: set[Rel] = set()
        for one in self.payments:
            found |= {Rel.OWN_ORGANISATION} & one.tranche.plan.relations(actor)
        if actor.person_id is not None and actor.person_id == self.prepared_by_id:
            found.add(Rel.PROPOSED)
        return frozenset(found)


class Payment(Versioned, Base):
    """One attempt to pay a part: of any part there is one live attempt, the database sees to that."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("tranche_id", "attempt"),
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint(
            "state <> 'paid' OR (settled_on IS NOT NULL AND reference <> '')", name="paid_is_shown"
        ),
        CheckConstraint("state <> 'rejected' OR reason_code <> ''", name="rejected_has_a_reason"),
        Index("ix_payment_live", "tranche_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_payment_batch", "batch_id"),
        Index("ix_payment_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("payment_batch.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee.id"))
    attempt: Mapped[int]
    amount: Mapped[int]
    end_to_end: Mapped[str] = mapped_column(String(35), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="prepared")
    reason_code: Mapped[str] = mapped_column(String(10), default="")
    settled_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(60), default="")
    tranche: Mapped[Tranche] = relationship(lazy="raise")
    payee: Mapped[Payee] = relationship(lazy="raise")
    batch: Mapped[PaymentBatch] = relationship(lazy="raise", back_populates="payments")


class BankFile(Base):
    """A file of the bank that was read: the same bytes are read once."""

    __tablename__ = "bank_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    read_at: Mapped[datetime]
    read_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    paid: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)


class MoneyBack(Base):
    """Money that came back to the city: what nobody spent, or a payment that its bank sent back.

    Each row is one booking on the city's own account: its reference stands here once, whoever enters it.
    """

    __tablename__ = "money_back"
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("reference <> '' AND evidence <> ''", name="is_shown"),
        Index("ix_money_back_plan", "plan_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    amount: Mapped[int]
    came_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    evidence: Mapped[str] = mapped_column(String(300))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
