"""People helped at the counter, for how long, what they signed, and their way to an account."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import crypto
from portal.db import Base, Versioned
from portal.proposals.shapes import Contact
from portal.words import home_language

IS_OPEN = text("ended_at IS NULL")


class Helped(Versioned, Base):
    """Somebody without mail whom the counter helps; no account, and no more than is needed to reach them."""

    __tablename__ = "helped_person"
    __table_args__ = (
        CheckConstraint("way IN ('letter', 'phone', 'office')", name="known_way"),
        CheckConstraint("way <> 'letter' OR postal <> ''", name="letters_go_somewhere"),
        CheckConstraint("way <> 'phone' OR phone <> ''", name="calls_go_somewhere"),
        Index("ix_helped_person_name", "name_key"),
        Index("ix_helped_person_account", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(
        String(40), unique=True, default=lambda: "h-" + crypto.new_code(16)
    )
    name: Mapped[str] = mapped_column(String(120), info={"personal": "whom the clerk helps"})
    name_key: Mapped[str] = mapped_column(
        String(240), info={"personal": "the name without accents, by which a clerk finds the person"}
    )
    born_on: Mapped[date] = mapped_column(
        info={"personal": "with the code it opens the case at every counter"}
    )
    postal: Mapped[str] = mapped_column(String(400), default="", info={"personal": "where letters go"})
    phone: Mapped[str] = mapped_column(
        String(40), default="", info={"personal": "where the person is called"}
    )
    way: Mapped[str] = mapped_column(String(10), default="letter")
    language: Mapped[str] = mapped_column(
        String(5), default=home_language, info={"personal": "language of letters and papers"}
    )
    met_at: Mapped[datetime]
    met_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The account to which the cases were connected later.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"helped:{self.pseudonym}"

    @property
    def contact(self) -> Contact:
        """Return how the person is reached."""
        return Contact(self.name, self.postal, self.phone, self.way)


class Help(Base):
    """One clerk helps one person, for half an hour at most; each clerk one person at a time."""

    __tablename__ = "help"
    __table_args__ = (
        CheckConstraint("until > started_at", name="ends_after_start"),
        CheckConstraint("ended_how IN ('', 'finished', 'time', 'another')", name="known_ends"),
        CheckConstraint("(ended_at IS NULL) = (ended_how = '')", name="end_has_its_reason"),
        Index("ux_help_clerk_open", "clerk_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_help_helped", "helped_id"),
        Index("ix_help_started", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    helped_id: Mapped[int] = mapped_column(ForeignKey("helped_person.id"))
    # On the clock that nobody can move.
    started_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str] = mapped_column(String(10), default="")


class SignedScan(Base):
    """The summary a person signed on paper, as it was scanned; the bytes are kept sealed."""

    __tablename__ = "signed_scan"
    __table_args__ = (
        CheckConstraint("media IN ('application/pdf', 'image/jpeg', 'image/png')", name="known_media"),
        CheckConstraint("byte_size > 0", name="not_empty"),
        Index("ux_signed_scan_file", "proposal_id", "file_hash", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    file_hash: Mapped[str] = mapped_column(String(64))
    media: Mapped[str] = mapped_column(String(20))
    byte_size: Mapped[int]
    sealed_file: Mapped[bytes] = mapped_column(
        LargeBinary,
        deferred=True,
        deferred_raiseload=True,
        info={"personal": "a signature by hand; for the two sides of the case only"},
    )
    scanned_at: Mapped[datetime]
    scanned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Connection(Base):
    """A code in a letter with which a person brings their cases into an account; once, for some weeks."""

    __tablename__ = "connection"
    __table_args__ = (
        CheckConstraint("tries >= 0", name="counts_from_nought"),
        CheckConstraint("(used_at IS NULL) = (used_by_id IS NULL)", name="used_by_somebody"),
        Index("ix_connection_helped", "helped_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    helped_id: Mapped[int] = mapped_column(ForeignKey("helped_person.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
