"""What a group declares beside its request: a market, other state aid, other public money. Never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Declaration(Base):
    """One declaration for a pact; the newest counts. `other_aid_cents` is of the rule's own years."""

    __tablename__ = "support_declaration"
    __table_args__ = (
        CheckConstraint("other_aid_cents >= 0", name="not_negative"),
        Index("ix_support_declaration_subject", "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(60))
    is_undertaking: Mapped[bool]
    other_aid_cents: Mapped[int] = mapped_column(default=0)
    other_funding: Mapped[str] = mapped_column(String(300), default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
