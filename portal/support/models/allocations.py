"""Allocations of support, drawn from the pools, and the parts of them that arrived."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned
from portal.policy import Actor, Rel
from portal.support.ledger import share
from portal.support.models.pools import Pool
from portal.support.subjects import code_of, place_of

HOLDS_NOTHING = ("asked", "proposed", "refused", "released")
EVIDENT = "'approved', 'committed', 'delivered', 'closed'"
# What an official has to decide on: few among all that were ever decided.
IS_WAITING = text("allocation.state IN ('asked', 'proposed')")


class Allocation(Versioned, Base):
    """Support for one row of one agreed version of a pact text; known here only by its subject key.

    `title`, `language`, `district` and `starts_on` are the pact's, and `organisation_id` and
    `party_person_id` its group's: all repeated here because this floor cannot look upstairs.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("subject", "version", "row_key"),
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("delivered >= 0 AND delivered <= amount", name="delivered_within_amount"),
        CheckConstraint("returned >= 0 AND returned <= delivered", name="returned_within_delivered"),
        CheckConstraint("booked >= 0 AND booked + delivered <= amount", name="booked_within_amount"),
        CheckConstraint("booked = 0 OR state = 'committed'", name="booked_while_promised"),
        CheckConstraint(
            "state NOT IN ('refused', 'closed') OR (ended_at IS NOT NULL AND ended_reason <> '')",
            name="ended_has_a_reason",
        ),
        CheckConstraint(
            f"state NOT IN ({EVIDENT}) OR (approved_at IS NOT NULL AND approved_by_id IS NOT NULL)",
            name="approved_has_evidence",
        ),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="two_persons"),
        CheckConstraint(
            "state <> 'proposed' OR (pool_id IS NOT NULL AND reason <> '')", name="proposed_has_reason"
        ),
        CheckConstraint("state <> 'committed' OR committed_at IS NOT NULL", name="committed_has_an_instant"),
        Index("ix_allocation_pool", "pool_id"),
        Index("ix_allocation_state", "state"),
        Index(
            "ix_allocation_waiting", "asked_at", "id", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    row_key: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(150), default="")
    # In which language its title, and what is given, are written; empty where nobody said so.
    language: Mapped[str] = mapped_column(String(5), default="", server_default="")
    district: Mapped[str] = mapped_column(String(60), default="", server_default="")
    starts_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(300), default="")
    amount: Mapped[int]
    # What the first draft of the text had, from the proposal; 0 for what was added later.
    first_amount: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(10))
    months: Mapped[int] = mapped_column(default=0)
    plan: Mapped[str] = mapped_column(String(20), default="")
    # The rules of the pact's own day. A sum paid in parts by its plan is delivered by the bank's word.
    profile_version: Mapped[str] = mapped_column(String(60), default="")
    pact_class: Mapped[str] = mapped_column(String(20), default="")
    is_paid_by_plan: Mapped[bool] = mapped_column(default=False)
    # The further measures of a server plan; `amount` is its processors.
    memory_gb: Mapped[int] = mapped_column(default=0)
    storage_gb: Mapped[int] = mapped_column(default=0)
    traffic_gb: Mapped[int] = mapped_column(default=0)
    value_cents: Mapped[int] = mapped_column(default=0)
    # Kinds of cost by their ids, with spaces between; the day the city promised it for, where one was agreed.
    costs: Mapped[str] = mapped_column(String(200), default="", server_default="")
    due_on: Mapped[date | None]
    # Of the pact: its last day, its commons, the case whose link opens it.
    ends_on: Mapped[date | None]
    commons: Mapped[str] = mapped_column(String(80), default="", server_default="")
    case_key: Mapped[str] = mapped_column(String(60), default="", server_default="")
    advance_bp: Mapped[int] = mapped_column(default=0, server_default="0")
    # How its worth was found, and what the rules said, both as they were when it was approved.
    valued_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    weighed: Mapped[str] = mapped_column(Text, default="", server_default="")
    delivered: Mapped[int] = mapped_column(default=0)
    # Of what was delivered: what came back, or was written off.
    returned: Mapped[int] = mapped_column(default=0, server_default="0")
    # Of what is still to be given: what bookings keep for their day.
    booked: Mapped[int] = mapped_column(default=0, server_default="0")
    # Since when its pact is suspended, so that nothing is given; the days promised move on by so many days.
    suspended_on: Mapped[date | None]
    # Its pact is suspended or over, so nothing new is booked.
    is_stopped: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    state: Mapped[str] = mapped_column(String(12), default="asked")
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pool.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    sent_back_reason: Mapped[str] = mapped_column(Text, default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    party_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Of hours of a track that one group alone can still have: the people on its side, and the group it named.
    conflicted_ids: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    conflicted_group_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Refused, let go of before the signature, or settled: why, by whom, when.
    ended_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    committed_at: Mapped[datetime | None]
    pool: Mapped[Pool | None] = relationship(lazy="raise")
    deliveries: Mapped[list[Delivery]] = relationship(lazy="raise", order_by="Delivery.id")

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"allocation:{self.code}:{self.version}:{self.row_key}"

    @property
    def code(self) -> str:
        """Return how what it is for stands in addresses: a pact by its code, a call by its key."""
        return code_of(self.subject)

    @property
    def place(self) -> str:
        """Return the address of the public page of what it is for, without language."""
        return place_of(self.subject)

    @property
    def measures(self) -> dict[str, int]:
        """Return what is asked of each measure, by unit; most support has one."""
        further = {"memory_gb": self.memory_gb, "storage_gb": self.storage_gb, "traffic_gb": self.traffic_gb}
        return {self.unit: self.amount} | {unit: many for unit, many in further.items() if many}

    @property
    def is_growth(self) -> bool:
        """Say whether this is what a server took more than its text says: its row stands in no text."""
        return self.row_key.startswith("g")

    @property
    def held(self) -> dict[str, int]:
        """Return what a pool keeps for this, by unit: promised or given, and not come back."""
        if self.state in HOLDS_NOTHING:
            return {}
        whole = self.delivered if self.state == "closed" else self.amount
        return {unit: share(many, whole - self.returned, self.amount) for unit, many in self.measures.items()}

    @property
    def was_changed(self) -> bool:
        """Say whether the two sides agreed to something else than the group asked for at first."""
        return self.first_amount is not None and self.first_amount != self.amount

    @property
    def rest(self) -> int:
        """Return what is still to be given."""
        return self.amount - self.delivered

    @property
    def unbooked(self) -> int:
        """Return what is still to be given and not kept for a booking."""
        return self.rest - self.booked

    @property
    def kept(self) -> int:
        """Return what was given and did not come back."""
        return self.delivered - self.returned

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this allocation."""
        found = set()
        if actor.person_id is not None and actor.person_id == self.proposed_by_id:
            found.add(Rel.PROPOSED)
        if self._is_own_group(actor):
            found |= {Rel.OWN_ORGANISATION, Rel.PARTY}
        if self.case_key and self.case_key in actor.keys:
            # An official who holds the secret link stands on the group's side, and decides nothing about it.
            found |= {Rel.PARTY, Rel.OWN_ORGANISATION} if actor.is_staff else {Rel.PARTY}
        if actor.person_id in (self.conflicted_ids or ()) or self.conflicted_group_id in actor.organisations:
            found.add(Rel.CONFLICTED)
        return frozenset(found)

    def _is_own_group(self, actor: Actor) -> bool:
        # Whoever signs for the group decides on it as little as its members; a citizen alone has no members.
        is_party = actor.person_id is not None and actor.person_id == self.party_person_id
        return is_party or (self.organisation_id is not None and self.organisation_id in actor.organisations)


class Delivery(Base):
    """A part of the support that arrived."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        Index("ix_delivery_allocation", "allocation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    amount: Mapped[int]
    delivered_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(300), default="")
    entered_at: Mapped[datetime]
