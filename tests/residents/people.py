"""What the tests of residents share: numbers of documents, and what the database holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal import clock, db
from portal.policy import Actor
from portal.residents import actions, queries
from portal.residents.models import Conflict, Residency, Way

# Invented tax codes whose check letter is right.
ROSA, TEO, NINA = "NRERSO80A41A944R", "GLLTEO75B12A944E", "CSTNNI68D55A944E"
MONTHS = 24
CENSUS = actions.Proof(Way.CENSUS)


def settle(person: Any, number: str, *, by: Actor, proof: actions.Proof = CENSUS) -> Residency | Conflict:
    """Show a document for an account, in a unit of work of its own."""
    with db.writing():
        return actions.settle(person, number, proof, months=MONTHS, by=by)


def verified(person: Any) -> bool:
    """Say whether the account has the status now."""
    with db.reading():
        return queries.is_verified(person.id, clock.now())


def rows(table: type) -> list[Any]:
    """Return all rows of a table, the oldest first."""
    with db.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))
