"""The rooms of a pact: co-design, its clauses, versions, signature, reports, papers, history."""

from portal.pacts.views import (
    history,
    measuring,
    meetings,
    one_clause,
    papers,
    prescriptions,
    reports,
    room,
    signature,
    versions,
)
from portal.pacts.views.blueprint import pacts

__all__ = [
    "history",
    "measuring",
    "meetings",
    "one_clause",
    "pacts",
    "papers",
    "prescriptions",
    "reports",
    "room",
    "signature",
    "versions",
]
