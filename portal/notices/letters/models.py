"""A letter to one person, and the batch in which it is printed; a posted letter keeps no secret."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.notices.letters.lifecycle import BatchState, State


class Way(StrEnum):
    """How words reach a person who has no mail."""

    LETTER = "letter"
    PHONE = "phone"
    OFFICE = "office"


class LetterBatch(Base):
    """Letters printed together as one PDF; the file is kept sealed, and destroyed when they are posted."""

    __tablename__ = "letter_batch"
    __table_args__ = (
        CheckConstraint("state IN ('due', 'drawn', 'posted', 'apart')", name="known_state"),
        CheckConstraint(
            "(state = 'drawn') = (sealed_pdf IS NOT NULL)", name="file_is_kept_until_it_is_posted"
        ),
        CheckConstraint(
            "state NOT IN ('drawn', 'posted') OR (drawn_at IS NOT NULL AND pages > 0)", name="drawn_has_pages"
        ),
        CheckConstraint(
            "state <> 'posted' OR (posted_on IS NOT NULL AND posted_by_id IS NOT NULL)",
            name="posted_has_a_day",
        ),
        Index("ix_letter_batch_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default=BatchState.DUE.value)
    size: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    fence: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    drawn_at: Mapped[datetime | None]
    pages: Mapped[int] = mapped_column(default=0)
    sealed_pdf: Mapped[bytes | None] = mapped_column(
        LargeBinary,
        deferred=True,
        deferred_raiseload=True,
        info={"personal": "letters to print; destroyed when they are posted"},
    )
    posted_on: Mapped[date | None]
    posted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Letter(Base):
    """What is said to somebody on paper; the unique key keeps it from being written twice."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'in_batch', 'posted', 'returned')", name="known_state"),
        CheckConstraint("way IN ('letter', 'phone', 'office')", name="known_way"),
        CheckConstraint("addressee <> ''", name="has_a_name"),
        CheckConstraint("way <> 'letter' OR postal <> ''", name="has_somewhere_to_go"),
        CheckConstraint("state <> 'waiting' OR batch_id IS NULL", name="waiting_is_in_no_batch"),
        CheckConstraint("state <> 'in_batch' OR batch_id IS NOT NULL", name="in_batch_has_one"),
        CheckConstraint("way = 'letter' OR batch_id IS NULL", name="only_paper_is_printed"),
        CheckConstraint(
            "state NOT IN ('posted', 'returned') OR (posted_on IS NOT NULL AND sealed_secret = '')",
            name="posted_keeps_no_secret",
        ),
        CheckConstraint("(state = 'returned') = (returned_on IS NOT NULL)", name="returned_has_a_day"),
        # The queue, and what came back and nobody has seen to.
        Index("ix_letter_state", "state", "id"),
        Index("ix_letter_batch", "batch_id"),
        Index("ix_letter_subject", "subject_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    event: Mapped[str] = mapped_column(String(4))
    subject_key: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(5))
    addressee: Mapped[str] = mapped_column(String(120), info={"personal": "whom the letter is to"})
    postal: Mapped[str] = mapped_column(
        String(400), default="", info={"personal": "where the letter goes, line by line"}
    )
    phone: Mapped[str] = mapped_column(
        String(40), default="", info={"personal": "where the person is called instead"}
    )
    way: Mapped[str] = mapped_column(String(10), default=Way.LETTER.value)
    title: Mapped[str] = mapped_column(String(200), info={"personal": "the letter may name a person"})
    body: Mapped[str] = mapped_column(Text, info={"personal": "the letter may name a person"})
    link: Mapped[str] = mapped_column(String(400), default="")
    # A code that opens something: sealed under the portal's secret key, and gone once the letter is posted.
    sealed_secret: Mapped[str] = mapped_column(
        Text, default="", info={"personal": "a code for this person alone; gone when it is posted"}
    )
    had_secret: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=State.WAITING.value)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"))
    posted_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    returned_why: Mapped[str] = mapped_column(
        String(200), default="", info={"personal": "why the letter came back"}
    )
    # The letter that was written again to another address after this one came back.
    followed_by_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), unique=True)

    @property
    def lines(self) -> list[str]:
        """Return the lines of the address below the name."""
        return self.postal.split("\n") if self.postal else []
