"""How an actor stands to a pact, whether it was loaded whole or read as a row of its room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.policy import Rel

if TYPE_CHECKING:
    from portal.policy import Actor


class AParty:
    """What is asked of a party; whoever is one names its columns."""

    if TYPE_CHECKING:
        side: Any
        person_id: Any
        organisation_id: Any

    def is_person(self, actor: Actor) -> bool:
        """Say whether the actor is the person of this party, and still belongs to its organisation."""
        still_in = self.organisation_id is None or self.organisation_id in actor.organisations
        return self.person_id is not None and self.person_id == actor.person_id and still_in


class WithParties:
    """What is asked of a pact with its parties."""

    if TYPE_CHECKING:
        code: Any
        proposal_code: Any
        organisation_id: Any
        owner_id: Any
        assessor_id: Any
        parties: Any

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"pact:{self.code}"

    @property
    def proposal_key(self) -> str:
        """Return the subject key of the proposal it came of."""
        return f"proposal:{self.proposal_code}"

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this pact; the parties must be loaded."""
        found: set[Rel] = set()
        if self.proposal_key in actor.keys:
            # An official who holds the secret link stands on the group's side, and decides nothing about it.
            found |= {Rel.PARTY, Rel.OWN_ORGANISATION} if actor.is_staff else {Rel.PARTY}
        if any(party.side == "community" and party.is_person(actor) for party in self.parties):
            found |= {Rel.PARTY, Rel.PARTY_PERSON, Rel.OWN_ORGANISATION}
        found |= self._by_organisation(actor)
        if self._may_be_bound(actor):
            found |= {Rel.PARTY_PERSON, Rel.OWN_ORGANISATION}
        if actor.person_id is not None and actor.person_id == self.owner_id:
            found.add(Rel.OWNER)
        if actor.person_id is not None and actor.person_id == self.assessor_id:
            found.add(Rel.ASSESSED)
        return frozenset(found)

    def _by_organisation(self, actor: Actor) -> set[Rel]:
        found: set[Rel] = set()
        if self.organisation_id is not None and self.organisation_id in actor.organisations:
            found |= {Rel.PARTY, Rel.OWN_ORGANISATION}
            if actor.may_bind(self.organisation_id, self.key, self.proposal_key):
                found.add(Rel.PARTY_PERSON)
        if self.proposal_key in actor.shares:
            found.add(Rel.CO_AUTHOR)
        if self.proposal_key in actor.wrote:
            found.add(Rel.OWN_ORGANISATION)
        return found

    def _may_be_bound(self, actor: Actor) -> bool:
        # Whoever proposed by the secret link signs with an account: the first one becomes the party's.
        holds = actor.is_signed_in and self.proposal_key in actor.keys
        return holds and self.party_of("community").person_id is None

    def party_of(self, side: str) -> Any:
        """Return the party of a side; the parties must be loaded."""
        return next(party for party in self.parties if party.side == side)
