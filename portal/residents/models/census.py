"""The city's census as keyed hashes alone: which file is in use, and what a person must know to be found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

IS_CURRENT = text("state = 'current'")
HASH_BYTES = 32


class CensusFile(Base):
    """One census that was taken in; its entries go when the next one takes its place."""

    __tablename__ = "census_file"
    __table_args__ = (
        CheckConstraint("state IN ('loading', 'current', 'replaced')", name="known_state"),
        CheckConstraint("state = 'loading' OR (taken_in_at IS NOT NULL AND rows > 0)", name="used_is_whole"),
        # The database decides which of two that were taken in at once is in use.
        Index(
            "uq_census_file_current",
            "state",
            unique=True,
            sqlite_where=IS_CURRENT,
            postgresql_where=IS_CURRENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="loading")
    # Which key the entries are hashed under; the key itself is in the configuration alone.
    key_name: Mapped[str] = mapped_column(String(12))
    rows: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    taken_in_at: Mapped[datetime | None]


class CensusEntry(Base):
    """One person of the census: the hash of the document's number, and that of everything asked."""

    __tablename__ = "census_entry"
    # Looked up by its key alone: SQLite keeps it in one tree instead of two.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    file_id: Mapped[int] = mapped_column(ForeignKey("census_file.id"), primary_key=True, autoincrement=False)
    document_hash: Mapped[bytes] = mapped_column(
        LargeBinary(HASH_BYTES), primary_key=True, info={"personal": "finds whoever is in the census"}
    )
    answer_hash: Mapped[bytes] = mapped_column(
        LargeBinary(HASH_BYTES), info={"personal": "compared with what somebody says of themselves"}
    )
