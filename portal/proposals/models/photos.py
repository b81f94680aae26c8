"""A picture that goes with a proposal: drawn anew, described, under a licence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

MOST_PHOTOS = 6


class ProposalPhoto(Base):
    """A picture kept twice as WebP under the hashes of its bytes; sizes in points.

    `had_place` says that the camera had written down where it was taken, which is gone.
    """

    __tablename__ = "proposal_photo"
    __table_args__ = (
        UniqueConstraint("proposal_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_PHOTOS}", name="six_at_most"),
        CheckConstraint("alternative <> ''", name="described"),
        CheckConstraint("width > 0 AND height > 0", name="has_a_size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    position: Mapped[int]
    file_hash: Mapped[str] = mapped_column(String(64))
    small_hash: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    alternative: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(5))
    licence: Mapped[str] = mapped_column(String(40))
    credit: Mapped[str] = mapped_column(
        String(120), default="", info={"personal": "whose picture it is; public because they say so"}
    )
    had_place: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
