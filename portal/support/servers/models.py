"""A server that the city gives, who runs it, what it used, and the messages to and from the automation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from portal.db import Base, Versioned, keep_append_only
from portal.policy import Actor, Rel
from portal.support.models import Allocation

_MACHINE = "'running', 'change_asked', 'winding_down', 'handed_over', 'deleted'"
_OVER = "'handed_over', 'deleted', 'called_off'"


class Server(Versioned, Base):
    """One server for one allocation; `ref` is what it is called in addresses and messages.

    `subject`, `title` and the two ids are the pact's and its group's, as in the allocation. Measures are
    whole: processors, gigabytes, gigabytes of traffic a month.
    """

    __tablename__ = "server"
    __table_args__ = (
        CheckConstraint("vcpu > 0 AND memory_gb > 0 AND storage_gb > 0 AND traffic_gb >= 0", name="measured"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(
            f"state NOT IN ({_MACHINE}) OR (running_since IS NOT NULL AND address <> '')",
            name="running_has_an_address",
        ),
        CheckConstraint("state <> 'failed' OR reason <> ''", name="failed_has_a_reason"),
        CheckConstraint("state <> 'winding_down' OR winding_since IS NOT NULL", name="winding_has_a_start"),
        CheckConstraint(
            f"state NOT IN ({_OVER}) OR (ended_at IS NOT NULL AND certificate <> '')",
            name="over_has_a_certificate",
        ),
        Index("ix_server_subject", "subject"),
        Index("ix_server_state", "state", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), unique=True)
    subject: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(150), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    party_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The proposal that the pact came of: its secret link opens the group's room too.
    case_key: Mapped[str] = mapped_column(String(60), default="", server_default="")
    state: Mapped[str] = mapped_column(String(14), default="to_prepare")
    plan: Mapped[str] = mapped_column(String(20), default="")
    vcpu: Mapped[int]
    memory_gb: Mapped[int]
    storage_gb: Mapped[int]
    traffic_gb: Mapped[int] = mapped_column(default=0)
    region: Mapped[str] = mapped_column(String(80), default="")
    domain: Mapped[str] = mapped_column(String(253), default="")
    backup_by: Mapped[str] = mapped_column(String(10), default="city")
    backup_every: Mapped[str] = mapped_column(String(10), default="day")
    restore_tested_on: Mapped[date | None]
    # What is handed over at the end, in which format, and after how many days the rest is deleted.
    exit_what: Mapped[str] = mapped_column(String(300), default="")
    exit_format: Mapped[str] = mapped_column(String(120), default="")
    exit_days: Mapped[int] = mapped_column(default=30)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    # Until when the city promised it.
    due_on: Mapped[date]
    address: Mapped[str] = mapped_column(String(253), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    opened_at: Mapped[datetime]
    requested_at: Mapped[datetime | None]
    running_since: Mapped[datetime | None]
    winding_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    certificate: Mapped[str] = mapped_column(String(1000), default="")
    # When the automation saw the newest state that it told of: what is older comes too late.
    stated_at: Mapped[datetime | None]

    allocation: Mapped[Allocation] = relationship(lazy="raise")
    administrators: Mapped[list[ServerAdmin]] = relationship(
        lazy="raise", order_by="ServerAdmin.id", cascade="all, delete-orphan"
    )
    steps: Mapped[list[ServerStep]] = relationship(lazy="raise", order_by="ServerStep.id")
    changes: Mapped[list[ServerChange]] = relationship(lazy="raise", order_by="ServerChange.id.desc()")

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"server:{self.ref}"

    @property
    def code(self) -> str:
        """Return the code of the pact, as it stands in addresses."""
        return self.subject.removeprefix("pact:")

    @property
    def measures(self) -> dict[str, int]:
        """Return what was promised, by measure."""
        names = ("vcpu", "memory_gb", "storage_gb", "traffic_gb")
        return {name: getattr(self, name) for name in names}

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this server: its group's people are never on the city's side."""
        is_party = actor.person_id is not None and actor.person_id == self.party_person_id
        if is_party or (self.organisation_id is not None and self.organisation_id in actor.organisations):
            return frozenset({Rel.PARTY, Rel.OWN_ORGANISATION})
        if self.case_key and self.case_key in actor.keys:
            # An official who holds the secret link stands on the group's side, and decides nothing about it.
            return frozenset({Rel.PARTY, Rel.OWN_ORGANISATION} if actor.is_staff else {Rel.PARTY})
        return frozenset()


class ServerAdmin(Base):
    """Somebody whom the group lets run the server; the key is what opens it, without its comment."""

    __tablename__ = "server_admin"
    __table_args__ = (UniqueConstraint("server_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("server.id"))
    name: Mapped[str] = mapped_column(String(120), info={"personal": "runs a server that the city gives"})
    email: Mapped[str] = mapped_column(String(254), info={"personal": "where the server's runner is reached"})
    public_key: Mapped[str] = mapped_column(
        Text, default="", info={"personal": "opens the server for one person"}
    )
    added_at: Mapped[datetime]


class ServerStep(Base):
    """A step of the checklists of beginning and end that somebody has done, with what shows it."""

    __tablename__ = "server_step"
    __table_args__ = (UniqueConstraint("server_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("server.id"))
    step: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(String(300))
    side: Mapped[str] = mapped_column(String(10))
    done_at: Mapped[datetime]


class ServerChange(Versioned, Base):
    """A wish of the group for another plan or a later end, and what was decided."""

    __tablename__ = "server_change"
    __table_args__ = (
        CheckConstraint("seconded_by_id IS NULL OR seconded_by_id <> decided_by_id", name="two_persons"),
        CheckConstraint("outcome = '' OR decided_at IS NOT NULL", name="decided_has_an_instant"),
        CheckConstraint("outcome <> 'granted' OR NOT grows OR seconded_by_id IS NOT NULL", name="seconded"),
        Index("ix_server_change_server", "server_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("server.id"))
    plan: Mapped[str] = mapped_column(String(20), default="")
    ends_on: Mapped[date]
    why: Mapped[str] = mapped_column(String(500))
    # More than was promised: then a second person decides too.
    grows: Mapped[bool]
    asked_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    # What it takes more, as an allocation of its own; a longer term alone takes none.
    allocation_id: Mapped[int | None] = mapped_column(ForeignKey("allocation.id"), unique=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seconded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this wish: whoever proposed it does not second it."""
        is_first = actor.person_id is not None and actor.person_id == self.decided_by_id
        return frozenset({Rel.PROPOSED}) if is_first else frozenset()


class ServerNote(Base):
    """What the two sides write to each other about a server."""

    __tablename__ = "server_note"
    __table_args__ = (Index("ix_server_note_server", "server_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("server.id"))
    side: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(
        Text, info={"personal": "what somebody wrote when they needed help with a server"}
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ServerUsage(Base):
    """What a server used on a day: the newest row of a day counts, and none is ever changed.

    Processor time in hours, memory and storage in megabytes at most, traffic in megabytes of the day.
    """

    __tablename__ = "server_usage"
    __table_args__ = (
        CheckConstraint(
            "cpu_hours >= 0 AND memory_mb >= 0 AND storage_mb >= 0 AND traffic_mb >= 0", name="not_negative"
        ),
        Index("ix_server_usage_day", "server_id", "day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("server.id"))
    day: Mapped[date]
    cpu_hours: Mapped[int]
    memory_mb: Mapped[int]
    storage_mb: Mapped[int]
    traffic_mb: Mapped[int]
    source: Mapped[str] = mapped_column(String(10))
    entered_at: Mapped[datetime]


class ServerMessage(Base):
    """A message to the automation, written in the transaction of the act, with the same id in every try.

    `tries` is the fence: whoever claimed a try with another number has lost it.
    """

    __tablename__ = "server_message"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'given_up')", name="known_state"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_an_instant"),
        Index("ix_server_message_state", "state", "next_at"),
        Index("ix_server_message_server", "server_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("server.id"))
    type: Mapped[str] = mapped_column(String(40))
    # Emptied once it has arrived: the keys of the administrators are in it.
    payload: Mapped[str] = mapped_column(Text, info={"personal": "holds keys that open a server, until sent"})
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    # Tries since somebody last asked to send it again.
    turn: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[list[ServerAttempt]] = relationship(lazy="raise", order_by="ServerAttempt.id.desc()")


class ServerAttempt(Base):
    """One try to send a message: what the other side answered, or why there was no answer."""

    __tablename__ = "server_attempt"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("server_message.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    took_ms: Mapped[int]
    status: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(20), default="")


class ServerCall(Base):
    """A message from the automation: its id is taken once, and the same one again gets the same answer."""

    __tablename__ = "server_call"
    __table_args__ = (Index("ix_server_call_server", "server_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    server_id: Mapped[int] = mapped_column(ForeignKey("server.id"))
    type: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(10))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)


class ServerHook(Base):
    """An address of an automation that said it is gone: nothing is sent there until somebody says so."""

    __tablename__ = "server_hook"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    closed_at: Mapped[datetime]


keep_append_only("server_usage", because="what was measured is never changed")
