"""Two accounts that showed the same document: what the second one showed, and what was decided."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person
from portal.policy import Actor, Rel
from portal.residents.models.residencies import Resident


class Decision(StrEnum):
    """What staff may decide about a contested document."""

    KEPT = "kept"  # the first account keeps the status
    MOVED = "moved"  # the status goes to the account that came second
    REFUSED = "refused"  # neither has it: both come to the counter


IS_OPEN = text("decided_at IS NULL")


class Conflict(Base):
    """A claim on a document that another account has the status by; it waits for staff and is never lost."""

    __tablename__ = "residence_conflict"
    __table_args__ = (
        CheckConstraint("holder_id <> claimant_id", name="two_accounts"),
        CheckConstraint("way IN ('census', 'letter', 'in_person', 'elsewhere')", name="known_way"),
        CheckConstraint("decision IN ('', 'kept', 'moved', 'refused')", name="known_decision"),
        CheckConstraint(
            "(decision = '') = (decided_at IS NULL) AND (decision = '') = (decided_by_id IS NULL)",
            name="decided_has_evidence",
        ),
        CheckConstraint("decision = '' OR reason <> ''", name="decided_has_a_reason"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id NOT IN (holder_id, claimant_id)",
            name="nobody_decides_on_themselves",
        ),
        CheckConstraint(
            "decided_by_id IS NULL OR checked_by_id IS NULL OR decided_by_id <> checked_by_id",
            name="two_persons",
        ),
        Index(
            "uq_residence_conflict_open",
            "resident_id",
            "claimant_id",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_residence_conflict_claimant", "claimant_id", "id"),
        Index("ix_residence_conflict_holder", "holder_id", "id"),
        Index("ix_residence_conflict_decided", "decided_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    claimant_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    way: Mapped[str] = mapped_column(String(12))
    document_kind: Mapped[str] = mapped_column(String(30), default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str] = mapped_column(String(255), default="")
    assurance: Mapped[str] = mapped_column(String(120), default="")
    raised_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="", info={"personal": "why it was decided so"})
    resident: Mapped[Resident] = relationship(lazy="raise")
    holder: Mapped[Person] = relationship(lazy="raise", foreign_keys=[holder_id])
    claimant: Mapped[Person] = relationship(lazy="raise", foreign_keys=[claimant_id])

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to the two accounts, and to what was shown."""
        if actor.person_id is None:
            return frozenset()
        found = {Rel.SELF} if actor.person_id in {self.holder_id, self.claimant_id} else set()
        return frozenset(found | ({Rel.ENTERED} if actor.person_id == self.checked_by_id else set()))
