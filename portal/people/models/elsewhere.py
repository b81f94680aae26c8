"""Who an account is at a provider of sign-ins: issuer and subject tell, and belong to one account only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class OutsideIdentity(Base):
    """An identity at an OpenID provider, connected with an account."""

    __tablename__ = "outside_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        Index("ix_outside_identity_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255), info={"personal": "sign-in through the provider"})
    # The level the provider vouched for last, as it names it (acr).
    assurance: Mapped[str] = mapped_column(String(120), default="")
    connected_at: Mapped[datetime]
    used_at: Mapped[datetime]
