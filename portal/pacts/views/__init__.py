"""The rooms of a pact: co-design, its clauses, versions, signature, reports, papers, history."""

from portal.pacts.views import (
    clauses,
    history,
    measuring,
    meetings,
    papers,
    reports,
    room,
    signature,
    versions,
)
from portal.pacts.views.blueprint import pacts

__all__ = [
    "clauses",
    "history",
    "measuring",
    "meetings",
    "pacts",
    "papers",
    "reports",
    "room",
    "signature",
    "versions",
]
