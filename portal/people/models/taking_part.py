"""Who is invited to take part in a thing, and who takes part in it, by the thing's subject key.

Groups and proposals invite in the same way; what it means to take part is theirs to say.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

IS_OPEN = text("outcome = ''")
STILL_IN = text("until IS NULL")


class Invitation(Base):
    """Somebody is invited by mail: the mail holds a secret, this row only its hash; it opens once."""

    __tablename__ = "sent_invitation"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('', 'accepted', 'declined', 'taken_back', 'replaced')", name="known_outcome"
        ),
        CheckConstraint("(outcome = '') = (answered_at IS NULL)", name="outcome_has_an_instant"),
        CheckConstraint("outcome <> 'accepted' OR person_id IS NOT NULL", name="accepted_by_somebody"),
        Index("ix_sent_invitation_subject", "subject", "id"),
        Index("ix_sent_invitation_email", "email"),
        Index("ix_sent_invitation_person", "person_id"),
        # One open invitation to an address: whoever asks twice at once sends one mail.
        Index(
            "uq_sent_invitation_open",
            "subject",
            "email",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), info={"personal": "where the invitation was sent"})
    # May do more than take part: speak for the group, or send and take back the proposal.
    decides: Mapped[bool] = mapped_column(default=False)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(12), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Share(Base):
    """A person takes part in a thing that somebody else began, from an instant until another."""

    __tablename__ = "share"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > starts_at", name="ends_after_start"),
        Index("ix_share_person", "person_id"),
        Index("ix_share_subject", "subject", "id"),
        Index(
            "uq_share_once",
            "subject",
            "person_id",
            unique=True,
            sqlite_where=STILL_IN,
            postgresql_where=STILL_IN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decides: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    until: Mapped[datetime | None]
