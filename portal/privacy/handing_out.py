"""What is handed out of all that is kept about somebody: plain values, for people and machines."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.people.actions.keys import person_key
from portal.policy import Can
from portal.privacy import queries, registry
from portal.record import Did, record
from portal.record.reading import instant_text
from portal.words import SOURCE_LANGUAGE, say

if TYPE_CHECKING:
    from portal.people.models import Person
    from portal.policy import Actor
    from portal.privacy.keeping import Times
    from portal.privacy.queries import Found

FORMAT = "commons-portal-my-data-1"


def my_data(person: Person, *, times: Times, language: str, by: Actor) -> dict[str, Any]:
    """Return everything kept of a person (GDPR, articles 15 and 20), without secrets and other people's ids.

    That it was handed out is remembered: whoever had the account in hand knows it all from then on.
    """
    policy.check(by, Can.ACCOUNT_EXPORT, person)
    record(Did.PERSON_EXPORTED, person_key(person), by=by)
    found = queries.everything(person.id, person.email, times)
    acts = db.session().scalars(queries.acts_of(person.pseudonym))
    return {
        "format": FORMAT,
        "made_at": instant_text(clock.now()),
        "kept": [_part(one, language) for one in found if one.rows],
        "acts": [{"at": instant_text(act.at), "verb": act.verb, "subject": act.subject} for act in acts],
    }


def address_data(email: str, *, times: Times, by: Actor) -> dict[str, Any]:
    """Return everything kept of somebody without an account, found by their address; for the command line."""
    policy.check(by, Can.ACCOUNT_EXPORT)
    found = queries.everything(0, email.strip().lower(), times)
    kept = [_part(one, SOURCE_LANGUAGE) for one in found if one.rows]
    return {"format": FORMAT, "made_at": instant_text(clock.now()), "kept": kept, "acts": []}


def _part(found: Found, language: str) -> dict[str, Any]:
    return {
        "what": say(found.held.what, language),
        "table": found.held.table,
        "rows": [_row(found, row) for row in found.rows],
    }


def _row(found: Found, row: dict[str, Any]) -> dict[str, Any]:
    shown = [
        column.name
        for column in registry.table(found.held).columns
        if not column.foreign_keys and not _is_secret(found, column.name)
    ]
    return {name: _plain(row[name]) for name in shown}


def _is_secret(found: Found, name: str) -> bool:
    return name in found.held.secret or name.endswith("_hash")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value
