"""A pact, the parties to it, their agreement to a text and their signatures."""

from __future__ import annotations

from datetime import date, datetime
from itertools import combinations
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned
from portal.pacts.ties import AParty, WithParties

if TYPE_CHECKING:
    from portal.pacts.models.reports import Promise, Report
    from portal.pacts.models.texts import PactVersion

# In these words in the index of the desk and in its statement, so that the databases see it is the same.
IS_OPEN = text("state NOT IN ('concluded', 'terminated')")
# The same for those that were signed and wait for their sealed agreement.
IS_UNSEALED = text("signed_at IS NOT NULL AND NOT is_sealed")
AGREED = "'agreed', 'signing', 'signed', 'suspended', 'concluded', 'terminated'"
SIGNED = "'signed', 'suspended', 'concluded', 'terminated'"


class Pact(WithParties, Versioned, Base):
    """The deal between a community and the city over a commons.

    `number` stands on the plaque and is never reused. `last_version` is the newest text;
    `agreed_version` and `agreed_hash` name the text both sides agreed to.
    """

    __tablename__ = "pact"
    __table_args__ = (
        CheckConstraint(
            f"state NOT IN ({AGREED}) "
            "OR (agreed_version IS NOT NULL AND agreed_hash <> '' AND agreed_at IS NOT NULL)",
            name="agreed_names_its_text",
        ),
        CheckConstraint(f"state NOT IN ({SIGNED}) OR signed_at IS NOT NULL", name="signed_has_an_instant"),
        CheckConstraint("state <> 'signing' OR signing_opened_at IS NOT NULL", name="signing_has_an_instant"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on", name="ends_after_start"
        ),
        Index("ix_pact_state", "state", "signed_at"),
        Index("ix_pact_owner", "owner_id", "state"),
        # The pacts that care for a shared thing, on its own page and in the list of commons.
        Index("ix_pact_commons", "commons_id", "id"),
        # One for each choice of filters in the public list, in its order.
        *(
            Index("_".join(("ix_pact_list", *chosen)), *chosen, "id")
            for count in (1, 2, 3)
            for chosen in combinations(("kind", "district", "state"), count)
        ),
        # What the calendar did to those that were signed: ended, by their last day, or not begun yet.
        *(
            Index("_".join(("ix_pact_ended", *chosen)), *chosen, "state", "ends_on", "id")
            for count in (0, 1, 2)
            for chosen in combinations(("kind", "district"), count)
        ),
        Index("ix_pact_begins", "starts_on", "id"),
        Index("ix_pact_unsealed", "id", sqlite_where=IS_UNSEALED, postgresql_where=IS_UNSEALED),
        # The city's desk: the open cases only.
        Index("ix_pact_open", "id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(12), default="co_design")
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), unique=True)
    proposal_code: Mapped[str] = mapped_column(String(12), unique=True)
    commons_id: Mapped[int] = mapped_column(ForeignKey("commons.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    pact_class: Mapped[str] = mapped_column(String(20))
    profile_version: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    title: Mapped[str] = mapped_column(String(150))
    summary: Mapped[str] = mapped_column(String(400))
    district: Mapped[str] = mapped_column(String(60), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    last_version: Mapped[int] = mapped_column(default=0)
    agreed_version: Mapped[int | None]
    # The version that the city last sent to the group, and when.
    sent_version: Mapped[int | None]
    sent_at: Mapped[datetime | None]
    agreed_hash: Mapped[str] = mapped_column(String(64), default="")
    proposed_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    signing_opened_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Written together with the paper: the sealed original is there. It only shortens the search for those
    # without one; whether a pact is in force is asked of the papers.
    is_sealed: Mapped[bool] = mapped_column(default=False)

    parties: Mapped[list[Party]] = relationship(lazy="raise", order_by="Party.id", back_populates="pact")
    # Void agreements and signatures are taken away; the record keeps that they were given.
    agreements: Mapped[list[Agreement]] = relationship(
        lazy="raise", order_by="Agreement.id", cascade="all, delete-orphan"
    )
    signatures: Mapped[list[Signature]] = relationship(
        lazy="raise", order_by="Signature.id", cascade="all, delete-orphan"
    )
    versions: Mapped[list[PactVersion]] = relationship(lazy="raise", order_by="PactVersion.number")
    promises: Mapped[list[Promise]] = relationship(lazy="raise", order_by="Promise.id")
    reports: Mapped[list[Report]] = relationship(lazy="raise", order_by="Report.number")


class Party(AParty, Base):
    """One side's party: the community's group by the person who speaks for it, or the city."""

    __tablename__ = "party"
    __table_args__ = (
        UniqueConstraint("pact_id", "row_key"),
        CheckConstraint("side IN ('community', 'city')", name="known_side"),
        Index("ix_party_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    row_key: Mapped[str] = mapped_column(String(20))
    side: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(160), default="")
    capacity: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    represented_by: Mapped[str] = mapped_column(
        String(120), default="", info={"personal": "signs the agreement; in the private original only"}
    )
    address: Mapped[str] = mapped_column(
        String(200), default="", info={"personal": "names the party in the private original only"}
    )
    tax_code: Mapped[str] = mapped_column(
        String(20), default="", info={"personal": "names the party in the private original only"}
    )
    pact: Mapped[Pact] = relationship(lazy="raise", back_populates="parties")


class Agreement(Base):
    """One side agrees to exactly one text, by its hash; any change of a word makes it void."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("pact_id", "side", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    side: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    agreed_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Signature(Base):
    """A party signed the text with this hash, freshly signed in with a password."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("pact_id", "party_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signer_name: Mapped[str] = mapped_column(String(120), info={"personal": "stands in the private original"})
    content_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(30), default="password")
