"""Who acts: a person with the roles and organisations of this instant, a visitor, or the system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """A city role, granted to a person with a start and an end."""

    CLERK = "clerk"
    OFFICER = "officer"
    ADVISER = "adviser"
    INFRASTRUCTURE = "infrastructure_officer"
    LEGAL = "legal_officer"
    TREASURER = "treasurer"
    SIGNATORY = "signatory"
    PROCUREMENT = "procurement_officer"
    COMMITTEE = "committee_member"
    KEY_HOLDER = "key_holder"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Rel(StrEnum):
    """How a person stands to a thing; each thing answers `relations(actor)` itself."""

    HOLDER = "holder"  # holds the draft or proposal, by account or by its secret link
    PARTY = "party"  # a party of the pact on the community's side, by account or by the secret link
    PARTY_PERSON = "party_person"  # the same, signed in with an account
    ASSESSED = "assessed"  # decided on the completeness and acceptance
    OWNER = "owner"  # the officer whose case it is
    PROPOSED = "proposed"  # proposed this allocation
    CONFIRMED = "confirmed"  # confirmed money that this concerns
    ASKED = "asked"  # asked for this change of a pool
    DRAFTED = "drafted"  # wrote this call
    ENTERED = "entered"  # entered it for somebody at the counter
    SELF = "self"  # is this account's own person
    OWN_ORGANISATION = "own_organisation"  # belongs to the organisation concerned
    AUTHOR = "author"  # wrote this observation, by account or by its secret link
    HID = "hid"  # took this observation out of sight
    MEMBER = "member"  # is a member of this organisation
    SPEAKER = "speaker"  # speaks for this organisation
    CO_AUTHOR = "co_author"  # writes this proposal with its holder
    CO_DECIDER = "co_decider"  # the same, and the holder lets them send it and take it back
    WROTE = "wrote"  # was a co-author at some time: never on the other side of the desk
    CONFLICTED = "conflicted"  # stated a conflict of interest in this case
    MANDATED = "mandated"  # the person to whom this mandate was given


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, a visitor or the system, with everything the rules ask about.

    `pseudonym` is what the record keeps; `keys` are the subject keys opened by a secret link. `behalf` is the
    subject key of the organisation the person acts for, `acting_for` its id, `behalf_name` its name.
    `organisations` are those the person belongs to, `speaks_for` those among them the person speaks for;
    `mandates` are (organisation, subject key) pairs, the key empty where the mandate is for everything.
    `shares` are the subject keys of what the person writes with others, `decides` those the person may also
    send, `wrote` all that ever were.
    """

    kind: str = "visitor"
    person_id: int | None = None
    pseudonym: str = ""
    behalf: str = ""
    # The pseudonym of whoever is helped at the counter just now; it stands in `behalf` too.
    helps: str = ""
    behalf_name: str = ""
    roles: frozenset[Role] = frozenset()
    organisations: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()
    acting_for: int | None = None
    speaks_for: frozenset[int] = frozenset()
    mandates: frozenset[tuple[int, str]] = frozenset()
    shares: frozenset[str] = frozenset()
    decides: frozenset[str] = frozenset()
    wrote: frozenset[str] = frozenset()
    fresh_at: datetime | None = None
    is_fresh: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Say whether this is a person with an account."""
        return self.person_id is not None

    @property
    def is_staff(self) -> bool:
        """Say whether this person holds a city role today."""
        return bool(self.roles)

    def may_bind(self, organisation_id: int, *subjects: str) -> bool:
        """Say whether a mandate of the organisation covers one of these subjects now."""
        return any((organisation_id, subject) in self.mandates for subject in ("", *subjects))

    def holds(self, *roles: Role) -> bool:
        """Say whether this person holds one of the roles today."""
        return bool(self.roles & set(roles))


SYSTEM = Actor(kind="system", pseudonym="system")
VISITOR = Actor()


class Thing(Protocol):
    """What a rule can be asked about: it knows how an actor stands to it."""

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this thing."""
