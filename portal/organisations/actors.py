"""Build the frozen Actor from a person: the one loader for pages, jobs, the command line and the seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db
from portal.organisations import queries
from portal.policy import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.people.models import Person


def actor_for(
    person: Person, *, keys: Iterable[str] = (), is_proved: bool = False, is_fresh: bool = False
) -> Actor:
    """Return the actor of a person with grants loaded: the roles and organisations of this instant.

    A city role counts only where the session proved a second factor (`is_proved`); here and nowhere else.
    """
    at = clock.now()
    held = person.grants if is_proved else ()
    return Actor(
        kind="person",
        person_id=person.id,
        pseudonym=person.pseudonym,
        roles=frozenset(grant.as_role() for grant in held if grant.is_valid(at)),
        organisations=frozenset(db.session().scalars(queries.ids_of_person(person.id, at))),
        keys=frozenset(keys),
        is_fresh=is_fresh,
    )


def visitor(keys: Iterable[str] = ()) -> Actor:
    """Return the actor of somebody without an account."""
    return Actor(keys=frozenset(keys), pseudonym="visitor")
