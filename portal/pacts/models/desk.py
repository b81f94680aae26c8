"""The city's desk: one row an open case, what a person keeps of it, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base
from portal.policy import Actor, Rel

# Stands for "no last day", so that cases without one come after all others in the same index.
NO_DAY = date(9999, 12, 31)


class DeskCase(Base):
    """What an open case waits for, kept so that lists can sort and filter; derived by waiting.py alone.

    `sort_on` is the last day, or NO_DAY. `turns_at` is when the next action changes without anybody's act.
    `sequence` grows with every change of the action or its day, as calendars ask for it.
    """

    __tablename__ = "desk_case"
    __table_args__ = (
        *(
            Index(
                "_".join(("ix_desk_case", *(name.removesuffix("_id") for name in chosen))),
                *chosen,
                "sort_on",
                "proposal_id",
            )
            for chosen in ((), ("owner_id",), ("step",), ("district",), ("office",), ("kind",))
        ),
        Index("ix_desk_case_since", "since", "proposal_id"),
        Index("ix_desk_case_title", "words", "proposal_id"),
        Index("ix_desk_case_turns", "turns_at"),
    )

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(String(20), unique=True)
    thing: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(150))
    # Title and code in small letters, for the search box.
    words: Mapped[str] = mapped_column(String(180))
    state: Mapped[str] = mapped_column(String(20))
    step: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20))
    district: Mapped[str] = mapped_column(String(60))
    office: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(200))
    action_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    waits_on: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date | None]
    sort_on: Mapped[date]
    is_signature: Mapped[bool]
    has_paper: Mapped[bool]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    since: Mapped[datetime]
    turns_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    sequence: Mapped[int]


class DeskView(Base):
    """An address of the desk that a person keeps under a name; `query` is what stands behind the "?"."""

    __tablename__ = "desk_view"
    __table_args__ = (
        UniqueConstraint("person_id", "name"),
        CheckConstraint("name <> ''", name="has_a_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60), info={"personal": "how somebody calls a view of the desk"})
    query: Mapped[str] = mapped_column(
        String(500), info={"personal": "the filters somebody keeps, with the words they search for"}
    )


class Absence(Base):
    """An official is away from the first to the last day, both included; the deputy sees to the cases."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="ends_after_it_begins"),
        CheckConstraint("deputy_id <> person_id", name="deputy_is_another"),
        Index("ix_absence_person", "person_id", "until_on"),
        Index("ix_absence_deputy", "deputy_id", "until_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date] = mapped_column(info={"personal": "when somebody is away from work"})
    until_on: Mapped[date] = mapped_column(info={"personal": "when somebody is away from work"})
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this absence."""
        return frozenset({Rel.SELF} if actor.person_id == self.person_id else ())


class DeskCalendar(Base):
    """The secret address of a person's private calendar, as a hash; a new one ends the old one."""

    __tablename__ = "desk_calendar"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
