"""Build the frozen Actor from a person: the one loader for pages, jobs, the command line and the seeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal import clock, db
from portal.organisations.queries.standing import HELD, MANDATE, MEMBERSHIP, OF_PERSON
from portal.policy import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.people.standing import AccountLike


@dataclass
class _Standing:
    """What a person belongs to, binds and writes along, at one instant."""

    organisations: set[int] = field(default_factory=set)
    speaks_for: dict[int, tuple[str, str]] = field(default_factory=dict)
    mandates: set[tuple[int, str]] = field(default_factory=set)
    shares: set[str] = field(default_factory=set)
    decides: set[str] = field(default_factory=set)
    wrote: set[str] = field(default_factory=set)


def actor_for(
    person: AccountLike,
    *,
    keys: Iterable[str] = (),
    is_proved: bool = False,
    is_fresh: bool = False,
    acting_for: int | None = None,
) -> Actor:
    """Return the actor of a person with grants loaded: the roles and organisations of this instant.

    A city role counts only where the session proved a second factor (`is_proved`); here and nowhere else.
    `acting_for` counts only while the person speaks for that organisation; otherwise it is as if not asked.
    """
    at = clock.now()
    held = person.grants if is_proved else ()
    standing = _standing(person.id, at)
    behalf, behalf_name = standing.speaks_for.get(acting_for or 0, ("", ""))
    return Actor(
        kind="person",
        person_id=person.id,
        pseudonym=person.pseudonym,
        behalf=behalf,
        behalf_name=behalf_name,
        acting_for=acting_for if behalf else None,
        roles=frozenset(grant.as_role() for grant in held if grant.is_valid(at)),
        organisations=frozenset(standing.organisations),
        speaks_for=frozenset(standing.speaks_for),
        mandates=frozenset(standing.mandates),
        shares=frozenset(standing.shares),
        decides=frozenset(standing.decides),
        wrote=frozenset(standing.wrote),
        keys=frozenset(keys),
        is_fresh=is_fresh,
    )


def _standing(person_id: int, at: datetime) -> _Standing:
    found = _Standing()
    bound = set()
    for row in db.rows(OF_PERSON, {"person_id": person_id, "at": at}):
        if row.sort == MEMBERSHIP:
            found.organisations.add(row.organisation_id)
            if row.decides:
                found.speaks_for[row.organisation_id] = f"organisation:{row.named}", row.name
        elif row.sort == MANDATE:
            bound.add((row.organisation_id, row.named))
        else:
            found.wrote.add(row.named)
            if row.sort == HELD:
                found.shares.add(row.named)
                found.decides |= {row.named} if row.decides else set()
    # A mandate is worth nothing to who no longer belongs to the organisation.
    found.mandates = {one for one in bound if one[0] in found.organisations}
    return found


def visitor(keys: Iterable[str] = ()) -> Actor:
    """Return the actor of somebody without an account."""
    return Actor(keys=frozenset(keys), pseudonym="visitor")
