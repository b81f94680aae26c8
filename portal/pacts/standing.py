"""On which side of a pact somebody stands, and under which city's rules the pact stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from portal import city
from portal.policy import Actor, Rel

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.pacts.models import Pact
    from portal.pacts.room import Room

Side = Literal["community", "city"]


def side_of(pact: Pact | Room, actor: Actor) -> Side:
    """Return the side the actor speaks for; an officer who belongs to the group speaks for the group."""
    theirs = {Rel.PARTY, Rel.CO_AUTHOR} & pact.relations(actor)
    return "community" if theirs else "city"


def profile_of(pact: Pact | Room) -> Profile:
    """Return the version of the city's rules under which the pact was opened."""
    return profile_named(pact.profile_version)


def profile_named(version_key: str) -> Profile:
    """Return the rules of a stored key: city, regulation and version."""
    name, _, version = version_key.split("/")
    return city.profile(name, version)
