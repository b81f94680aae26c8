"""A proposal with what it offers and asks, and the requests for what is missing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from portal.db import Base, Versioned
from portal.policy import Actor, Rel
from portal.proposals.models.calls import Call
from portal.words import home_language

# In these words in the index of the desk and in its statement, so that the databases see it is the same.
IS_OPEN = text("state IN ('submitted', 'supplement_asked', 'refusal_noticed')")
SENT_STATES = "'submitted', 'supplement_asked', 'refusal_noticed', 'accepted', 'refused'"


class Proposal(Versioned, Base):
    """What somebody would like to look after together with the city; every section may still be empty."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(
            f"state NOT IN ({SENT_STATES}) OR submitted_at IS NOT NULL", name="sent_has_an_instant"
        ),
        CheckConstraint(
            "state <> 'accepted' OR (decided_at IS NOT NULL AND reason <> '')", name="accepted_has_reason"
        ),
        CheckConstraint(
            "state <> 'refused' OR (decided_at IS NOT NULL AND reason <> '' AND noticed_at IS NOT NULL)",
            name="refused_after_notice",
        ),
        CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)"
            " AND (state <> 'merged' OR (decided_at IS NOT NULL AND reason <> ''))",
            name="merged_says_where_and_why",
        ),
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("replied_at IS NULL OR reply <> ''", name="replied_with_words"),
        CheckConstraint(
            "extended_at IS NULL OR (extension_days > 0 AND extension_reason <> '')",
            name="extended_with_days_and_reason",
        ),
        CheckConstraint("kind IN ('', 'place', 'software', 'data_set')", name="known_kind"),
        CheckConstraint("contact_way IN ('', 'letter', 'phone', 'office')", name="known_way"),
        CheckConstraint("entered_for = '' OR entered_by_id IS NOT NULL", name="entered_by_somebody"),
        Index("ix_proposal_entered_for", "entered_for"),
        Index("ix_proposal_state", "state", "submitted_at"),
        Index("ix_proposal_person", "person_id"),
        Index("ix_proposal_owner", "owner_id", "state"),
        Index("ix_proposal_merged_into", "merged_into_id"),
        Index("ix_proposal_call", "call_id", "submitted_at", "id"),
        Index("ix_proposal_point", "latitude_e6", "longitude_e6"),
        # One for each choice of filters in the public list, in its order.
        *(
            Index("_".join(("ix_proposal_list", *chosen)), *chosen, "submitted_at", "id")
            for chosen in ((), ("kind",), ("district",), ("kind", "district"))
        ),
        # The city's desk: the open cases only, the nearest last day first.
        Index("ix_proposal_open", "answer_due_on", "id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    language: Mapped[str] = mapped_column(String(5), default=home_language)
    # Who holds it: an account, or whoever has the secret link or the word; only hashes are kept.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    word_hash: Mapped[str] = mapped_column(Text)
    # What
    kind: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(150), default="")
    summary: Mapped[str] = mapped_column(String(400), default="")
    # Where
    address: Mapped[str] = mapped_column(String(200), default="")
    district: Mapped[str] = mapped_column(String(60), default="")
    latitude_e6: Mapped[int | None]
    longitude_e6: Mapped[int | None]
    repository: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    holds_personal_data: Mapped[bool | None]
    # A place that moves or is everywhere; the outline of one, as [longitude, latitude] in millionths of a
    # degree, closed; the listed thing that was picked; the answers that only this kind is asked for.
    has_no_place: Mapped[bool | None]
    outline: Mapped[list[list[int]] | None] = mapped_column(JSON(none_as_null=True))
    commons_slug: Mapped[str | None] = mapped_column(String(80))
    particulars: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    # Who
    group_kind: Mapped[str] = mapped_column(String(30), default="")
    group_name: Mapped[str] = mapped_column(String(160), default="")
    contact_name: Mapped[str] = mapped_column(
        String(120), default="", info={"personal": "whom the city answers; never public"}
    )
    contact_email: Mapped[str] = mapped_column(
        String(254), default="", info={"personal": "where the city answers; never public"}
    )
    contact_phone: Mapped[str] = mapped_column(
        String(40), default="", info={"personal": "where the city answers; never public"}
    )
    # Whoever has no mail is reached on paper, by phone or at the counter.
    contact_postal: Mapped[str] = mapped_column(
        String(400), default="", server_default="", info={"personal": "where letters go; never public"}
    )
    contact_way: Mapped[str] = mapped_column(String(10), default="", server_default="")
    is_adult: Mapped[bool | None]
    adult_name: Mapped[str] = mapped_column(
        String(120), default="", info={"personal": "the adult who signs for a minor; never public"}
    )
    # Who else is touched
    touched: Mapped[str] = mapped_column(Text, default="")
    # Dates of the pact that is proposed
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # Which sections were saved, although they may rightly be empty (asks, fences).
    saved_sections: Mapped[list[str]] = mapped_column(JSON, default=list)
    # The case
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Entered at the counter: who began it, everybody who wrote in it, and the pseudonym of whoever it is for.
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    entered_for: Mapped[str] = mapped_column(String(40), default="", server_default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Who stated a conflict of interest: from then on never on the city's side of this case.
    conflicted_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    # The public notice it answers, if it answers one.
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    # The proposal as a part of which this one goes on.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    profile_version: Mapped[str] = mapped_column(String(60), default="")
    completeness: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, info={"personal": "what staff noted beside the checklist; never public"}
    )
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    answer_due_on: Mapped[date | None]
    noticed_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(
        Text, default="", info={"personal": "what the holder replied to a notice; never public"}
    )
    replied_at: Mapped[datetime | None]
    # More days for the city's answer, given once.
    extended_at: Mapped[datetime | None]
    extension_days: Mapped[int] = mapped_column(default=0, server_default="0")
    extension_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    reason_source: Mapped[str] = mapped_column(String(200), default="")

    commitments: Mapped[list[OfferedCommitment]] = relationship(
        lazy="raise", order_by="OfferedCommitment.id", cascade="all, delete-orphan"
    )
    asks: Mapped[list[Ask]] = relationship(lazy="raise", order_by="Ask.id", cascade="all, delete-orphan")
    fences: Mapped[list[OfferedFence]] = relationship(
        lazy="raise", order_by="OfferedFence.id", cascade="all, delete-orphan"
    )
    supplements: Mapped[list[Supplement]] = relationship(
        lazy="raise", order_by="Supplement.id", cascade="all, delete-orphan"
    )
    call: Mapped[Call | None] = relationship(lazy="raise")
    merged_into: Mapped[Proposal | None] = relationship(
        lazy="raise", viewonly=True, remote_side="Proposal.id", foreign_keys="Proposal.merged_into_id"
    )
    joined: Mapped[list[Proposal]] = relationship(
        lazy="raise",
        viewonly=True,
        foreign_keys="Proposal.merged_into_id",
        order_by="Proposal.id",
    )

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"proposal:{self.code}"

    @property
    def case_key(self) -> str:
        """Return the subject key of what the city does with it by itself, which nobody else reads."""
        return f"case:{self.code}"

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this proposal."""
        found = self._hold(actor)
        if actor.person_id is not None and actor.person_id == self.owner_id:
            found.add(Rel.OWNER)
        if actor.person_id is not None and actor.person_id in {self.entered_by_id, *(self.entered_ids or ())}:
            found.add(Rel.ENTERED)
        if actor.person_id is not None and actor.person_id in (self.conflicted_ids or ()):
            found.add(Rel.CONFLICTED)
        if actor.person_id is not None and actor.person_id == self.assessor_id:
            found.add(Rel.ASSESSED)
        if self._is_own_group(actor):
            found.add(Rel.OWN_ORGANISATION)
        return frozenset(found)

    def _hold(self, actor: Actor) -> set[Rel]:
        found = set()
        # Whoever helps somebody holds nothing of their own meanwhile.
        is_own = not actor.helps and actor.person_id is not None and actor.person_id == self.person_id
        if self.organisation_id is not None:
            # A group's proposal is the group's: who left it holds it no longer, who speaks for it does.
            is_own = (is_own and self.organisation_id in actor.organisations) or (
                self.organisation_id in actor.speaks_for
            )
        if is_own or self.key in actor.keys:
            found.add(Rel.HOLDER)
        if self.key in actor.shares:
            found |= {Rel.CO_AUTHOR, Rel.CO_DECIDER} if self.key in actor.decides else {Rel.CO_AUTHOR}
        if self.key in actor.wrote:
            found.add(Rel.WROTE)
        return found

    def _is_own_group(self, actor: Actor) -> bool:
        is_proposer = actor.person_id is not None and actor.person_id == self.person_id
        is_member = self.organisation_id is not None and self.organisation_id in actor.organisations
        # An official who holds the secret link stands on the other side of the desk.
        return is_proposer or is_member or (actor.is_staff and self.key in actor.keys)


class OfferedCommitment(Base):
    """Something the group will do."""

    __tablename__ = "offered_commitment"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 100000", name="sensible_quantity"),
        Index("ix_offered_commitment_proposal", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    what: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int] = mapped_column(default=1)
    unit: Mapped[str] = mapped_column(String(40), default="times")
    per: Mapped[str] = mapped_column(String(10), default="once")
    evidence: Mapped[str] = mapped_column(String(200), default="")


class Ask(Base):
    """Something asked of the city: money in cents, legal hours, a server plan, or help in words."""

    __tablename__ = "ask"
    __table_args__ = (
        UniqueConstraint("proposal_id", "kind"),
        CheckConstraint("amount >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(300), default="")
    amount: Mapped[int] = mapped_column(default=0)
    unit: Mapped[str] = mapped_column(String(10), default="")
    months: Mapped[int] = mapped_column(default=0)
    plan: Mapped[str] = mapped_column(String(20), default="")


class OfferedFence(Base):
    """A fence the group offers, from the city's catalogue."""

    __tablename__ = "offered_fence"
    __table_args__ = (UniqueConstraint("proposal_id", "catalogue"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    catalogue: Mapped[str] = mapped_column(String(40))
    threshold: Mapped[int] = mapped_column(default=0)


class Supplement(Base):
    """A request for what is missing: while it is open, the city's clock stands still."""

    __tablename__ = "supplement"
    __table_args__ = (
        CheckConstraint("supplied_at IS NULL OR answer <> ''", name="supplied_has_answer"),
        Index("ix_supplement_proposal", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    request: Mapped[str] = mapped_column(Text, info={"personal": "what the city asked; never public"})
    answer_due_on: Mapped[date]
    supplied_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(
        Text, default="", info={"personal": "what the holder answered; never public"}
    )
