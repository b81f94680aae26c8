"""What a browser, a mailed link and a stretch of tries leave behind until they are over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

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


class Invitation(Base):
    """A link sent by mail that proves an address: it makes the account when it is opened."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), info={"personal": "becomes the account's name"})
    email: Mapped[str] = mapped_column(String(254), info={"personal": "becomes the account's address"})
    language: Mapped[str] = mapped_column(String(5), info={"personal": "language of messages"})
    password_hash: Mapped[str] = mapped_column(Text, info={"personal": "becomes the account's password"})
    next_path: Mapped[str] = mapped_column(String(300), default="")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Tally(Base):
    """How often something was tried in a stretch of time; holds hashes, not addresses."""

    __tablename__ = "tally"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    # The minute in which the stretch begins, counted from 1970.
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)
