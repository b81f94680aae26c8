"""Who gets news and how often, what they follow, and addresses where no mail arrives."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.policy import Actor, Rel


class What(StrEnum):
    """What can be followed."""

    PACT = "pact"
    PROPOSAL = "proposal"
    COMMONS = "commons"
    DISTRICT = "district"
    POINT = "point"
    SEARCH = "search"


class Reader(Base):
    """Somebody who gets news, by an account or by an address alone.

    `handle` is one half of the secret link in every news mail; the other is made of it with the portal's
    secret key, so that the database alone opens nobody's page.
    """

    __tablename__ = "reader"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (address IS NULL)", name="account_or_address"),
        CheckConstraint("choice IN ('off', 'weekly', 'daily', 'at_once')", name="known_choice"),
        CheckConstraint("choice <> 'off' OR off_since IS NOT NULL", name="off_has_an_instant"),
        Index("ix_reader_active", "active_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    address: Mapped[str | None] = mapped_column(
        String(254), unique=True, info={"personal": "where news goes when there is no account"}
    )
    language: Mapped[str] = mapped_column(String(5), info={"personal": "language of messages"})
    choice: Mapped[str] = mapped_column(String(8), default="weekly", info={"personal": "how often news"})
    handle: Mapped[str] = mapped_column(
        String(43), unique=True, info={"personal": "half of the link to the reader's own page"}
    )
    made_at: Mapped[datetime]
    # When the reader last did something on the page; whether a page was merely opened is written nowhere.
    active_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    off_since: Mapped[datetime | None]
    follows: Mapped[list[Follow]] = relationship(
        lazy="raise", order_by="Follow.id.desc()", cascade="all, delete-orphan", passive_deletes=True
    )

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this reader."""
        is_own = actor.person_id is not None and actor.person_id == self.person_id
        return frozenset({Rel.SELF}) if is_own else frozenset()


class Follow(Base):
    """One thing that a reader follows; nothing is sent for it before it is confirmed.

    `target` is a code, a slug, a district's id, or the canonical words of a point or a search, whose parts
    stand in the columns after it.
    """

    __tablename__ = "follow"
    __table_args__ = (
        UniqueConstraint("reader_id", "what", "target"),
        CheckConstraint(
            "what IN ('pact', 'proposal', 'commons', 'district', 'point', 'search')", name="known_what"
        ),
        CheckConstraint(
            "(what = 'point') = (latitude_e6 IS NOT NULL AND longitude_e6 IS NOT NULL AND radius_m > 0)",
            name="point_has_a_circle",
        ),
        CheckConstraint("confirmed_at IS NOT NULL OR token_hash IS NOT NULL", name="waits_for_its_link"),
        Index("ix_follow_target", "what", "target"),
        Index("ix_follow_district", "what", "district"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(200), info={"personal": "what somebody wants to know of"})
    title: Mapped[str] = mapped_column(String(200), info={"personal": "what somebody wants to know of"})
    kind: Mapped[str] = mapped_column(String(20), default="")
    district: Mapped[str] = mapped_column(String(60), default="")
    latitude_e6: Mapped[int | None] = mapped_column(info={"personal": "the place somebody cares for"})
    longitude_e6: Mapped[int | None] = mapped_column(info={"personal": "the place somebody cares for"})
    radius_m: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)


class Bounce(Base):
    """An address where mail does not arrive, since when and why (RFC 3463, like 5.1.1)."""

    __tablename__ = "bounce"
    __table_args__ = (CheckConstraint("times > 0", name="happened"),)

    address: Mapped[str] = mapped_column(
        String(254), primary_key=True, info={"personal": "an address where no mail arrives"}
    )
    status: Mapped[str] = mapped_column(String(12), default="")
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
