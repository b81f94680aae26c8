"""What a browser and a stretch of tries leave behind until they are over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal import crypto
from portal.db import Base


class OpenSession(Base):
    """A browser's session: the cookie holds a secret, this row only its hash."""

    __tablename__ = "open_session"
    __table_args__ = (
        Index("ix_open_session_person", "person_id"),
        Index("ix_open_session_expires", "expires_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info={"personal": "what this browser is doing"})
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(
        String(60),
        default="",
        server_default="",
        info={"personal": "family of browser and system, so that people know their own sessions"},
    )

    @property
    def handle(self) -> str:
        """Return a name for this session that opens nothing, for the page that ends it."""
        return crypto.token_hash(f"handle:{self.token_hash}")[:16]


class KnownBrowser(Base):
    """A browser in which this person signed in before: its tries are counted apart from everybody else's."""

    __tablename__ = "known_browser"
    __table_args__ = (
        Index("ix_known_browser_person", "person_id"),
        Index("ix_known_browser_expires", "expires_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    expires_at: Mapped[datetime]


class Tally(Base):
    """How often something was tried in a stretch of time; holds hashes, not addresses."""

    __tablename__ = "tally"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    # The minute in which the stretch begins, counted from 1970.
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)
