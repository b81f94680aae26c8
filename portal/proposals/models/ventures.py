"""A call's track for new cooperatives: its stages, the ventures on it, what they did and what was decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Versioned
from portal.policy import Actor, Rel

# In these words in an index and in its statement, so that the databases see it is the same.
IS_WAITING = text("approved_by_id IS NULL")


class Stage(Base):
    """One stage of a track: training, mentoring, match. `taken` moves only by one conditional UPDATE."""

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("number > 0 AND places > 0", name="positive"),
        CheckConstraint("taken >= 0 AND taken <= places", name="within_the_places"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    name: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    conditions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class Venture(Versioned, Base):
    """A group that wants to found a cooperative; its name is public only where it agreed."""

    __tablename__ = "venture"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint(
            "state IN ('applied', 'on_track', 'not_chosen', 'withdrawn', 'founded')", name="known_state"
        ),
        CheckConstraint("state <> 'not_chosen' OR reason <> ''", name="not_chosen_says_why"),
        CheckConstraint("state <> 'founded' OR organisation_id IS NOT NULL", name="founded_is_somebody"),
        Index("ix_venture_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(400))
    is_named: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="applied")
    # The last stage it was let into; 0 before the first.
    stage: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The group of the register for which somebody applied, where one was named, and what it became.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    # Who stated an interest: from then on never on the city's side of this venture.
    conflicted_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    applied_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this venture."""
        found = set()
        if actor.person_id is not None and actor.person_id == self.person_id:
            found |= {Rel.SELF} if actor.helps else {Rel.SELF, Rel.HOLDER}
        if actor.organisations & {self.group_id, self.organisation_id}:
            found.add(Rel.OWN_ORGANISATION)
        if actor.person_id is not None and actor.person_id in (self.conflicted_ids or ()):
            found.add(Rel.CONFLICTED)
        return frozenset(found)


class VentureInterest(Base):
    """An official said that they have an interest in a venture; they decide nothing about it any more."""

    __tablename__ = "venture_interest"
    __table_args__ = (
        UniqueConstraint("venture_id", "person_id"),
        CheckConstraint("which <> ''", name="an_interest_is_named"),
        Index("ix_venture_interest_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    venture_id: Mapped[int] = mapped_column(ForeignKey("venture.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # As what they stated it: everybody reads this and no name.
    role: Mapped[str] = mapped_column(String(30))
    which: Mapped[str] = mapped_column(
        Text, info={"personal": "how an official is tied to a group of a track; never public"}
    )
    stated_at: Mapped[datetime]


class StageDecision(Versioned, Base):
    """Whether a venture goes on into a stage: proposed by one person, approved by another."""

    __tablename__ = "stage_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('goes_on', 'not_chosen')", name="known_outcome"),
        CheckConstraint("reason <> ''", name="says_why"),
        CheckConstraint("approved_by_id <> proposed_by_id", name="two_persons"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved_at_an_instant"),
        Index(
            "ix_stage_decision_waiting",
            "venture_id",
            unique=True,
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
        Index("ix_stage_decision_venture", "venture_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    venture_id: Mapped[int] = mapped_column(ForeignKey("venture.id"))
    stage: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return whether the actor proposed this decision."""
        is_own = actor.person_id is not None and actor.person_id == self.proposed_by_id
        return frozenset({Rel.PROPOSED} if is_own else ())


class VentureStep(Base):
    """Something a venture did, or was present at: a milestone with its evidence, or hours of help."""

    __tablename__ = "venture_step"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('training', 'mentoring', 'legal', 'statute', 'members', 'registered', 'other')",
            name="known_kind",
        ),
        CheckConstraint("hours >= 0", name="not_negative"),
        CheckConstraint("evidence <> ''", name="says_what_shows_it"),
        Index("ix_venture_step_venture", "venture_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    venture_id: Mapped[int] = mapped_column(ForeignKey("venture.id"))
    stage: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    on: Mapped[date]
    hours: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[str] = mapped_column(String(300))
    # Where the hours stand in the books of a pool; noted without one, they were nobody's promise.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    entered_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
