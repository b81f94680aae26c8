"""One issued paper: what it is about, which bytes it is, and who is working on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal import crypto
from portal.db import Base
from portal.documents.lifecycle import State


class Edition(StrEnum):
    """Whom an edition is for: the parties, or everybody (no addresses, tax codes, member lists)."""

    ORIGINAL = "original"
    PUBLIC = "public"


CODE_LENGTH = 10  # 50 bits: two papers with one code are not to be expected, and the database refuses them


@dataclass(frozen=True)
class Key:
    """Which paper: kind ("agreement"), subject ("pact:BO-2026-041"), version, language and edition."""

    kind: str
    subject: str
    version: int
    language: str
    edition: Edition

    @property
    def code(self) -> str:
        """Return the verification code, known before the paper is drawn so that it can stand on every page.

        It is public and follows from the key: drawing the paper again gives the same bytes.
        """
        digest = hashlib.sha256(crypto.canonical([*self._parts()])).digest()
        number = int.from_bytes(digest, "big")
        base = len(crypto.CODE_ALPHABET)
        return "".join(crypto.CODE_ALPHABET[number // base**place % base] for place in range(CODE_LENGTH))

    def _parts(self) -> tuple[str, str, int, str, str]:
        return self.kind, self.subject, self.version, self.language, self.edition.value


class Paper(Base):
    """A paper that is due, drawn, sealed or superseded; its bytes are in the store under its hashes."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "version", "language", "edition"),
        UniqueConstraint("code"),
        CheckConstraint("state IN ('due', 'rendered', 'sealed', 'superseded')", name="state_is_known"),
        CheckConstraint("edition IN ('original', 'public')", name="edition_is_known"),
        CheckConstraint(
            "state = 'due' OR (unsigned_hash <> '' AND json_hash <> '' AND content_hash <> ''"
            " AND pages > 0 AND rendered_at IS NOT NULL)",
            name="rendered_has_its_bytes",
        ),
        CheckConstraint(
            "state NOT IN ('sealed', 'superseded')"
            " OR (file_hash <> '' AND byte_size > 0 AND sealed_at IS NOT NULL AND leased_until IS NULL)",
            name="sealed_has_its_file",
        ),
        CheckConstraint("state <> 'superseded' OR superseded_at IS NOT NULL", name="superseded_has_instant"),
        Index("ix_paper_subject", "subject", "kind"),
        Index("ix_paper_file_hash", "file_hash"),
        Index("ix_paper_content_hash", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    edition: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(CODE_LENGTH))
    state: Mapped[str] = mapped_column(String(12), default=State.DUE.value)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    json_hash: Mapped[str] = mapped_column(String(64), default="")
    unsigned_hash: Mapped[str] = mapped_column(String(64), default="")
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    byte_size: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    rendered_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=1)
    leased_until: Mapped[datetime | None]

    @property
    def key(self) -> Key:
        """Return which paper this is."""
        return Key(self.kind, self.subject, self.version, self.language, Edition(self.edition))

    @property
    def is_issued(self) -> bool:
        """Say whether there is a sealed file, be it the newest or not."""
        return self.state in {State.SEALED, State.SUPERSEDED}

    @property
    def is_public(self) -> bool:
        """Say whether everybody may open it; the original is for the parties and the staff of the case."""
        return self.edition == Edition.PUBLIC


class ReleasedFile(Base):
    """A stored file that a row has let go: destroyed by the worker once no other row names it."""

    __tablename__ = "released_file"

    file_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    released_at: Mapped[datetime]
