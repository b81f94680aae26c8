"""What happened, as acts, and their fixed order, as leaves; neither is ever changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base, keep_append_only

# Acts that change no public page. One that is missing here only lets pages be sent again without need.
IS_SHOWN = text(
    "verb NOT IN ('person:joined', 'person:signed_in', 'denied', 'job:asked', 'proposal:started')"
)


class Act(Base):
    """One act: the canonical bytes are what is hashed; the columns repeat them for reading."""

    __tablename__ = "act"
    __table_args__ = (
        Index("ix_act_subject", "subject", "id"),
        Index("ix_act_verb", "verb", "id"),
        Index("ix_act_shown", "at", "id", sqlite_where=IS_SHOWN, postgresql_where=IS_SHOWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(40))
    behalf: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    canonical: Mapped[bytes] = mapped_column(LargeBinary)


class Leaf(Base):
    """The place of an act in the one order, given by the single sequencer."""

    __tablename__ = "leaf"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class TreeNode(Base):
    """The root over 2**level leaves from place * 2**level on; written with the leaf that completes it."""

    __tablename__ = "tree_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Checkpoint(Base):
    """The size and root of the tree, signed; `note` is the signed text as others keep it."""

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]


class Cursor(Base):
    """How far a subscriber has read the ordered record; moves in the transaction of its reaction."""

    __tablename__ = "record_cursor"

    subscriber: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column(default=-1)


APPEND_ONLY = ("act", "leaf", "tree_node", "checkpoint")
REFUSAL = "the record is append-only"
keep_append_only(*APPEND_ONLY, because=REFUSAL)
