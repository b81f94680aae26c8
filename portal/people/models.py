"""A person with an account, the roles the city granted, and the sessions that are open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from portal import crypto
from portal.db import Base, Versioned
from portal.policy import Role


class Person(Versioned, Base):
    """Somebody with an account; the record knows only the pseudonym."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(
        String(40), unique=True, default=lambda: "p-" + crypto.new_code(16)
    )
    name: Mapped[str] = mapped_column(String(120), info={"personal": "shown beside what the person does"})
    email: Mapped[str] = mapped_column(String(254), unique=True, info={"personal": "sign-in and messages"})
    language: Mapped[str] = mapped_column(String(5), default="it", info={"personal": "language of messages"})
    password_hash: Mapped[str] = mapped_column(Text, info={"personal": "sign-in"})
    joined_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    grants: Mapped[list[Grant]] = relationship(lazy="raise", back_populates="person")

    # The four words that Flask-Login asks for.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Say whether the account may be used."""
        return self.suspended_at is None

    def get_id(self) -> str:
        """Return the id kept in the session."""
        return str(self.id)


class Grant(Base):
    """A city role of a person, for an office, from an instant until another."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > starts_at", name="ends_after_start"),
        Index("ix_role_grant_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(30))
    office: Mapped[str] = mapped_column(String(60), default="")
    starts_at: Mapped[datetime]
    until: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="raise", back_populates="grants")

    def is_valid(self, at: datetime) -> bool:
        """Say whether the role is held at this instant."""
        return self.starts_at <= at and (self.until is None or at < self.until)

    def as_role(self) -> Role:
        """Return the role."""
        return Role(self.role)


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
