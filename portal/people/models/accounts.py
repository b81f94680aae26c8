"""A person with an account, the roles the city granted, and when the account was suspended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import crypto
from portal.db import Base, Versioned
from portal.people.standing import AnAccount, HeldRole
from portal.policy import Actor, Rel
from portal.words import home_language

IS_ERASED = text("erased_at IS NOT NULL")


class Person(AnAccount, Versioned, Base):
    """Somebody with an account; the record knows only the pseudonym."""

    __tablename__ = "person"
    # The job asks for these alone.
    __table_args__ = (Index("ix_person_erased", "id", sqlite_where=IS_ERASED, postgresql_where=IS_ERASED),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(
        String(40), unique=True, default=lambda: "p-" + crypto.new_code(16)
    )
    name: Mapped[str] = mapped_column(String(120), info={"personal": "shown beside what the person does"})
    email: Mapped[str] = mapped_column(String(254), unique=True, info={"personal": "sign-in and messages"})
    language: Mapped[str] = mapped_column(
        String(5), default=home_language, info={"personal": "language of messages"}
    )
    password_hash: Mapped[str] = mapped_column(Text, info={"personal": "signing in"})
    joined_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    # From here on nothing in this row says who it was.
    erased_at: Mapped[datetime | None]
    # Sessions and remembered browsers made under an older password are dead; see `password_stamp`.
    password_set_at: Mapped[datetime | None]
    grants: Mapped[list[Grant]] = relationship(lazy="raise", back_populates="person")

    # The four words that Flask-Login asks for.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return the id kept in the session."""
        return str(self.id)

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this account."""
        return frozenset({Rel.SELF}) if actor.person_id == self.id else frozenset()


class Grant(HeldRole, Base):
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


class Suspension(Base):
    """Why an account was closed for a while, by whom, and who opened it again."""

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_a_reason"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index("ix_suspension_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Free words may name people, so they stand here and not in the record.
    reason: Mapped[str] = mapped_column(Text, info={"personal": "why the account was suspended"})
    started_at: Mapped[datetime]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
