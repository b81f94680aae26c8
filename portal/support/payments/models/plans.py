"""Plans of payment and their parts, and statements of what was spent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned
from portal.policy import Actor, Rel
from portal.support.models import Allocation

_DRAFT = text("state = 'draft'")


class PaymentPlan(Versioned, Base):
    """How a promised sum is paid; one row decides every race, and its CHECKs say what never happens.

    Amounts are cents. `ordered` is on its way to the bank, `paid` is what the bank has paid; of that,
    `returned` came back unspent. Whose the money is stands here again, because a statement and an account
    are asked the same.
    """

    __tablename__ = "payment_plan"
    __table_args__ = (
        CheckConstraint("planned = amount", name="parts_add_up"),
        CheckConstraint("advance >= 0 AND advance <= amount", name="advance_within_amount"),
        CheckConstraint("approved >= 0 AND approved <= amount", name="approved_within_amount"),
        CheckConstraint(
            "ordered >= 0 AND paid >= 0 AND ordered + paid <= amount", name="never_beyond_amount"
        ),
        CheckConstraint("returned >= 0 AND returned <= paid", name="returned_within_paid"),
        CheckConstraint(
            "ordered + paid <= advance OR ordered + paid <= approved", name="never_beyond_what_is_settled"
        ),
        Index("ix_payment_plan_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), unique=True)
    subject: Mapped[str] = mapped_column(String(60))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    party_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    amount: Mapped[int]
    planned: Mapped[int]
    advance: Mapped[int] = mapped_column(default=0)
    approved: Mapped[int] = mapped_column(default=0)
    ordered: Mapped[int] = mapped_column(default=0)
    paid: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0, server_default="0")
    project_code: Mapped[str] = mapped_column(String(15), default="")
    tender_code: Mapped[str] = mapped_column(String(10), default="")
    planned_at: Mapped[datetime]
    allocation: Mapped[Allocation] = relationship(lazy="raise")
    tranches: Mapped[list[Tranche]] = relationship(
        lazy="raise", order_by="Tranche.number", cascade="all, delete-orphan"
    )

    @property
    def code(self) -> str:
        """Return the code of the pact, as it stands in addresses."""
        return self.subject.removeprefix("pact:")

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to the group that is paid."""
        return standing(actor, self.subject, self.organisation_id, self.party_person_id)


def standing(
    actor: Actor, subject: str, organisation_id: int | None, party_person_id: int | None
) -> frozenset[Rel]:
    """Return how an actor stands to whoever is paid: belongs to the group, or may bind it."""
    is_person = actor.person_id is not None and actor.person_id == party_person_id
    if organisation_id is None:
        return frozenset({Rel.PARTY, Rel.PARTY_PERSON, Rel.OWN_ORGANISATION} if is_person else ())
    if organisation_id not in actor.organisations:
        return frozenset({Rel.OWN_ORGANISATION} if is_person else ())
    found = {Rel.PARTY, Rel.OWN_ORGANISATION}
    speaks = organisation_id in actor.speaks_for or actor.may_bind(organisation_id, subject)
    return frozenset(found | {Rel.PARTY_PERSON} if speaks or is_person else found)


class Tranche(Base):
    """One part of the plan; without a day it is due on approved costs."""

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("paid >= 0 AND paid <= amount", name="paid_within_amount"),
        CheckConstraint("kind <> 'advance' OR due_on IS NOT NULL", name="advance_has_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    amount: Mapped[int]
    due_on: Mapped[date | None]
    paid: Mapped[int] = mapped_column(default=0)
    plan: Mapped[PaymentPlan] = relationship(lazy="raise", back_populates="tranches", viewonly=True)


class CostStatement(Versioned, Base):
    """What a group spent, with receipts; each line is accepted whole, in part or not, with the reason."""

    __tablename__ = "cost_statement"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("accepted >= 0 AND accepted <= claimed", name="accepted_within_claimed"),
        CheckConstraint("state = 'draft' OR sent_at IS NOT NULL", name="sent_has_an_instant"),
        CheckConstraint("state <> 'returned' OR return_reason <> ''", name="returned_has_a_reason"),
        CheckConstraint(
            "state <> 'decided' OR (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="decided_has_evidence",
        ),
        CheckConstraint(
            "state <> 'decided' OR NOT needs_two OR decided_by_id <> checked_by_id", name="two_persons"
        ),
        Index("ix_cost_statement_state", "state", "sent_at"),
        Index(
            "ix_cost_statement_draft", "plan_id", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    claimed: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    needs_two: Mapped[bool] = mapped_column(default=True)
    return_reason: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    plan: Mapped[PaymentPlan] = relationship(lazy="raise")
    lines: Mapped[list[CostLine]] = relationship(
        lazy="raise", order_by="CostLine.id", cascade="all, delete-orphan", back_populates="statement"
    )

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this statement; the plan must be loaded."""
        found = self.plan.relations(actor)
        checked = self.needs_two and actor.person_id is not None and actor.person_id == self.checked_by_id
        return found | {Rel.PROPOSED} if checked else found


class CostLine(Base):
    """One receipt; the same paper is never paid twice, whichever group, pact or year hands it in.

    `sent_hash` is of the bytes as they came, `file_hash` of what is kept; `mark` is the hash of who issued
    it, its number, day and amount.
    """

    __tablename__ = "cost_line"
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("accepted IS NULL OR (accepted >= 0 AND accepted <= amount)", name="within_amount"),
        CheckConstraint("accepted IS NULL OR accepted = amount OR reason <> ''", name="less_has_a_reason"),
        Index("ix_cost_line_statement", "statement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("cost_statement.id"))
    spent_on: Mapped[date]
    category: Mapped[str] = mapped_column(String(30))
    what: Mapped[str] = mapped_column(String(200), info={"personal": "words of the group about a purchase"})
    supplier: Mapped[str] = mapped_column(
        String(120), info={"personal": "a supplier may be a person; tells a receipt from another"}
    )
    receipt_number: Mapped[str] = mapped_column(
        String(60), info={"personal": "the number on somebody's receipt; tells it from another"}
    )
    amount: Mapped[int]
    file_hash: Mapped[str] = mapped_column(String(64))
    sent_hash: Mapped[str] = mapped_column(String(64), unique=True)
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(60))
    byte_size: Mapped[int]
    accepted: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    statement: Mapped[CostStatement] = relationship(lazy="raise", back_populates="lines")
