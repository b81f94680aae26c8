"""Who is helped in this request: what the browser remembers counts only while the database says so too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal import clock, db
from portal.counter import queries
from portal.policy import Actor, Can, Role, allows
from portal.proposals.queries import KEY_PREFIX
from portal.proposals.shapes import Contact

if TYPE_CHECKING:
    from flask.sessions import SessionMixin

    from portal.counter.models import Help, Helped

# What a clerk's browser remembers: which help it began, and for whom something was saved.
HELPING, SAVED = "helping", "helping_for"


# What a clerk belongs to, speaks for or writes with others is out of reach meanwhile.
NOBODYS: dict[str, Any] = {
    "acting_for": None,
    "behalf_name": "",
    "speaks_for": frozenset(),
    "mandates": frozenset(),
    "shares": frozenset(),
    "decides": frozenset(),
}


@dataclass(frozen=True)
class Helping:
    """The help that goes on: shown on every page, and asked by whoever fills in a form."""

    id: int
    person_id: int
    pseudonym: str
    name: str
    language: str
    contact: Contact
    started_at: datetime
    until: datetime
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Over:
    """A help that ended without the clerk: what was saved can be found again by this code."""

    code: str


def stand_in(actor: Actor, session: SessionMixin) -> tuple[Actor, Helping | Over | None]:
    """Return the actor as whoever is helped sees the portal, and the help; runs inside a reading unit.

    Meanwhile the clerk holds the helped person's cases and no others: no own ones, no other role.
    """
    help_id = session.get(HELPING)
    if help_id is None or actor.person_id is None:
        return actor, None
    found = None
    if allows(actor, Can.COUNTER_HELP):
        found = db.session().execute(queries.open_help(help_id, actor.person_id, clock.real())).one_or_none()
    if found is None:
        return actor, _over(session)
    going_on, helped = found
    codes = tuple(db.session().scalars(queries.codes_for(helped.pseudonym)))
    standing = replace(
        actor,
        helps=helped.pseudonym,
        behalf=helped.pseudonym,
        roles=actor.roles & {Role.CLERK},
        organisations=frozenset(),
        **NOBODYS,
        keys=frozenset(KEY_PREFIX + code for code in codes),
    )
    return standing, _told(going_on, helped, codes)


def _told(going_on: Help, helped: Helped, codes: tuple[str, ...]) -> Helping:
    return Helping(
        id=going_on.id,
        person_id=helped.id,
        pseudonym=helped.pseudonym,
        name=helped.name,
        language=helped.language,
        contact=helped.contact,
        started_at=going_on.started_at,
        until=going_on.until,
        codes=codes,
    )


def _over(session: Any) -> Over:
    pseudonym = session.get(SAVED, "")
    forget(session)
    code = db.session().scalars(queries.codes_for(pseudonym)).first() if pseudonym else None
    return Over(code or "")


def remember(session: Any, help_id: int, pseudonym: str) -> None:
    """Let this browser help from now on, under a new secret; pages open before send nothing more."""
    forget(session)
    session[HELPING], session[SAVED] = help_id, pseudonym
    session.needs_new_secret = True


def forget(session: Any) -> None:
    """Let this browser help nobody; forms that were open for somebody are worth nothing."""
    for name in (HELPING, SAVED, "csrf_token"):
        session.pop(name, None)
