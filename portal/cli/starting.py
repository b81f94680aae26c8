"""What keeps a soundly configured production from starting: the demonstration's people in its database."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError

from portal import db
from portal.people.models import Person

# Addresses that nobody can own (RFC 2606): whoever has one here came with the demonstration.
INVENTED = ("%.example", "%@example.org", "%@example.com", "%@example.net")


def demonstration() -> str:
    """Return the fault of a database that holds the demonstration's people, or an empty text."""
    invented = select(Person.id).where(or_(*(Person.email.like(one) for one in INVENTED))).limit(1)
    try:
        with db.reading() as session:
            found = session.scalar(invented)
    except DBAPIError:
        return ""  # no tables yet, or out of reach: that is told by those who need them
    if found is None:
        return ""
    return (
        "PORTAL_DATABASE_URL: this database holds people of the demonstration, whose password is public: "
        "name an empty one."
    )
